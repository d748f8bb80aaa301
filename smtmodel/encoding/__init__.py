"""Event graphs as constraints: clauses over Booleans and order atoms. Knows nothing of z3."""
