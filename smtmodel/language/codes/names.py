"""E2xx: names that are not declared, declared twice, or not to be had."""

from smtmodel.source import Code

UNKNOWN_NAME = Code("E201", "unknown name", "")
TWICE = Code("E202", "declared twice", "")
UNKNOWN_FIELD = Code("E203", "unknown field", "")
FIELD_TWICE = Code("E204", "field named twice", "")
UNKNOWN_STRUCT = Code("E205", "unknown struct", "")
UNKNOWN_CALL = Code("E206", "unknown primitive", "")
UNKNOWN_BLOCK = Code("E207", "unknown block", "")
UNKNOWN_LABEL = Code("E208", "unknown label", "")
LABEL_TWICE = Code("E209", "label used twice", "")
RESERVED_NAME = Code("E210", "reserved name", "")
PROPERTY_TWICE = Code("E211", "two properties of one name", "")
