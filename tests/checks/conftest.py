"""Lets these tests import what the tests one folder up share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
