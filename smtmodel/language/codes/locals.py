"""E4xx: locals and ghosts."""

from smtmodel.source import Code

UNASSIGNED = Code("E401", "local may be unassigned", "")
NEVER_READ = Code("E402", "local never read", "")
SHADOWS = Code("E403", "local takes the name of something shared", "")
GHOST = Code("E404", "ghost value used by the protocol", "")
