"""How long smtmodel takes, and how long its peers take: `python -m benchmarks.run`.

Not part of the package: nothing here is imported by it or shipped with it.
"""
