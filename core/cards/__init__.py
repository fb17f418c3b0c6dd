"""What a painting and a refusal look like: one state in, one Reply out, for every platform alike."""

from core.cards.announcing import Announcement, Waiting, announce
from core.cards.details import details, redacted
from core.cards.evidence import as_json as details_json
from core.cards.evidence import at_a_glance
from core.cards.facts import for_others
from core.cards.refusals import refusal, unexpected, why
from core.cards.results import result

__all__ = [
    "Announcement",
    "Waiting",
    "announce",
    "at_a_glance",
    "details",
    "details_json",
    "for_others",
    "redacted",
    "refusal",
    "result",
    "unexpected",
    "why",
]
