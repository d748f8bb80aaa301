"""E0xx: inputs that cannot be read at all."""

from smtmodel.source.diagnostic import Code

UNREADABLE = Code("E001", "cannot be read")
NOT_UTF8 = Code("E002", "not UTF-8")
BINARY = Code("E003", "not a text")
EMPTY = Code("E004", "empty")
TOO_LONG = Code("E005", "too long")
