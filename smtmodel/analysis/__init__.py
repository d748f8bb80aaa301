"""Questions about a whole protocol, each asked with the verdicts of `solving`.

What is needed, which cases there are, which orders are safe, what a second version changes.
"""
