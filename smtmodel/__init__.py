"""Bounded proofs and refutations of concurrent protocols."""
