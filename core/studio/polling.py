"""When to ask Jimeng again: few polls and little lag, from how long this capability took before."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from core.jimeng.errors import JimengError, Kind
from core.studio.pace import Pace
from core.studio.work import Work

FIRST = 0.75
"""The first poll comes after this part of the usual time."""
STEP = 0.15
"""Then every such part of the usual time."""
LEARN = 0.3
CREDENTIAL_TRIES = 6
MOST_USUAL = 120.0


@dataclass(slots=True)
class Beat:
    """The polls of one task. `wait` is what to sleep before the next; `trouble` the last error, None once a poll worked."""

    pace: Pace
    wait: float
    step: float
    trouble: JimengError | None = None
    busy: int = 0
    refused: int = 0
    back: float = field(init=False)

    def __post_init__(self) -> None:
        self.back = self.pace.poll_least

    def went_on(self) -> None:
        """The task is not finished: the usual step, slowly longer."""
        self.trouble, self.busy, self.refused, self.back = None, 0, 0, self.pace.poll_least
        self.wait = self.step * random.uniform(0.9, 1.1)
        self.step = min(self.step * 1.2, max(self.pace.poll_most, self.step))

    def failed(self, error: JimengError) -> bool:
        """True when asking again is right: the network, a 429, a few failures of Jimeng, a key an admin may mend."""
        self.trouble = error
        self.busy += error.kind is Kind.BUSY_MODEL
        self.refused += error.kind is Kind.CREDENTIAL
        again = error.repoll or (error.kind is Kind.CREDENTIAL and self.refused < CREDENTIAL_TRIES)
        self.back = min(self.back * 2, self.pace.poll_back)
        self.wait = self.back * random.uniform(0.75, 1.25)
        return again and self.busy < self.pace.poll_tries


class Rhythm:
    """Learns how long each capability takes; one for a process, in memory only."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._usual: dict[str, float] = {}

    def begin(self, work: Work, now: datetime) -> Beat:
        """The beat of a task just submitted, or taken up from another process (asked at once when it should be done)."""
        pace = self._pace
        usual = self._usual.get(work.req_key)
        first = pace.poll_first if usual is None else max(pace.poll_least, usual * FIRST)
        step = pace.poll_least if usual is None else min(pace.poll_most, max(pace.poll_least, usual * STEP))
        gone = (now - work.submitted).total_seconds() if work.submitted else 0.0
        return Beat(pace, min(first, max(0.0, first - gone)), step)  # a clock may have been set back

    def ended(self, work: Work, now: datetime) -> None:
        """A task of this capability is done."""
        if work.submitted is None:
            return
        took = min(MOST_USUAL, (now - work.submitted).total_seconds())
        usual = self._usual.get(work.req_key, took)
        self._usual[work.req_key] = usual + LEARN * (took - usual)
