"""The words after `/paint`: parsed into an `Ordered`, and written back."""

from core.commands.line.flags import DRAFT_PICTURES, FLAGS, LONGEST, MOST_PICTURES, MOST_SEED, FlagInfo
from core.commands.line.gaps import around_gaps, fill, gaps_in
from core.commands.line.ordered import Format, Ordered, SizeClass, Tier
from core.commands.line.reading import check_length, parse
from core.commands.line.words import drawable
from core.commands.line.writing import write

__all__ = [
    "DRAFT_PICTURES",
    "FLAGS",
    "LONGEST",
    "MOST_PICTURES",
    "MOST_SEED",
    "FlagInfo",
    "Format",
    "Ordered",
    "SizeClass",
    "Tier",
    "around_gaps",
    "check_length",
    "drawable",
    "fill",
    "gaps_in",
    "parse",
    "write",
]
