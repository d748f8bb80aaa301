"""E9xx: files of memory models that are not read."""

from smtmodel.source.diagnostic import Code

SYNTAX = Code("E901", "not in the language of models")
COMMENT = Code("E902", "comment of a model not closed")
DEPTH = Code("E903", "model nested too deeply")
UNKNOWN = Code("E904", "unknown name in a model")
KIND = Code("E905", "set and relation confused")
ARGUMENTS = Code("E906", "function of a model misused")
UNSUPPORTED = Code("E907", "construct of models that is not supported")
NEGATED = Code("E908", "recursion under a negation")
INCLUDE = Code("E909", "file of a model not included")
