"""Event graphs: what a protocol can do at given bounds, before anything is ordered."""
