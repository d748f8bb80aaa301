"""Litmus tests in C as herd7 reads them for the Linux kernel: their text and what it says."""
