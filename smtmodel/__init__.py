"""Bounded proofs and refutations of concurrent protocols."""

__version__ = "0.1.0"
