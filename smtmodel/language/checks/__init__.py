"""Mistakes that would change a verdict in silence: one file per kind of mistake."""
