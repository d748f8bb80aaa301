"""Protocols at their bounds, written as litmus tests: what each lane does, and what is asked."""
