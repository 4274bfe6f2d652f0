"""Holds letters against PDF/A-2u and PDF/UA-1: standards.py LETTER..."""

import sys
from pathlib import Path

from check import tagged_archival

for letter in sys.argv[1:]:
    tagged_archival(Path(letter))
