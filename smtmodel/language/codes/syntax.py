"""E1xx: texts that are not protocols."""

from smtmodel.source import Code

UNEXPECTED = Code("E101", "syntax error", "")
CHARACTER = Code("E102", "unexpected character", "")
OPEN_COMMENT = Code("E103", "comment not closed", "")
OPEN_STRING = Code("E104", "title not closed", "")
TOO_DEEP = Code("E105", "nested too deeply", "")
TOO_LARGE = Code("E106", "number too large", "")
MALFORMED = Code("E107", "malformed number", "")
UNCLOSED = Code("E108", "bracket not closed", "")
