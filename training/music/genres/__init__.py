"""The genres: who plays what, in which metres and tempos, over which chords. A new one is one entry."""

from .acoustic import ACOUSTIC
from .electronic import ELECTRONIC
from .popular import POPULAR

GENRES = POPULAR | ELECTRONIC | ACOUSTIC
# Kinds that are no genre: another genre whose tempo or metre does not stay.
CHANGING = {"ramp": "ramp", "change": "change", "metre change": "human"}
