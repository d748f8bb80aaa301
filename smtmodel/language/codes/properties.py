"""E7xx: properties and expectations."""

from smtmodel.source import Code

NOT_SNAPSHOT = Code("E701", "not a snapshot expression", "")
TWO_OWNERS = Code("E702", "caches of two kinds of lanes", "")
LANE_LOCAL = Code("E703", "lane's local outside a final state", "")
LANE_INDEX = Code("E704", "no such lane", "")
UNKNOWN_PROPERTY = Code("E705", "unknown property", "")
UNKNOWN_VERDICT = Code("E706", "unknown verdict", "")
UNKNOWN_MODEL = Code("E707", "unknown memory model", "")
EXPECT_TWICE = Code("E708", "two expectations of one property", "")
REACH_SETTLED = Code("E709", "goal with a wrong instant", "")
NO_PROPERTY = Code("E710", "nothing to decide", "")
