"""The look of the page: palette, type, spacing, and every class the rooms use, as one stylesheet."""

import hashlib
from functools import cache
from pathlib import Path

SHEETS = ("palette.css", "columns.css", "talk.css", "things.css", "sheets.css", "admin.css")


@cache
def stylesheet() -> str:
    """All sheets in order."""
    here = Path(__file__).parent
    return "\n".join((here / name).read_text("utf-8") for name in SHEETS)


@cache
def version() -> str:
    """Changes when the look does: browsers keep the stylesheet until then."""
    return hashlib.sha256(stylesheet().encode()).hexdigest()[:12]
