"""How fast the engine does everything, in seconds; tests turn the same knobs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Times in seconds. Life uses the defaults; `retry` bounds the retries over keys by its length."""

    beat: float = 5.0
    ttl: float = 15.0
    margin: float = 3.0
    """Submits stop so long before our lease could lapse."""
    net: float = 2.0
    """The engine looks at the database at least so often, whatever notifications are lost."""
    sweep: float = 30.0
    poll_first: float = 2.0
    poll_least: float = 1.0
    poll_most: float = 5.0
    poll_back: float = 30.0
    """Polls that fail back off up to this."""
    poll_tries: int = 4
    """Failures of Jimeng in a row, on polls, before they are taken for the task's own."""
    retry: tuple[float, ...] = (3.0, 10.0, 30.0)
    fetch_first: float = 1.0
    fetch_tries: int = 4
    sealed: float = 60.0
    """A task Jimeng has waits so long for the secret of its key to be opened, then we look again."""
    ghost: float = 120.0
    """How long a lost answer keeps a slot: a task that was made is painted by then."""
    remote: float = 12 * 3600.0
    """Jimeng knows a task for so long after its submit."""
    patience: float = 24 * 3600.0
    """A painting waits at most so long."""
    edit: float = 3.0
    """Between two edits of one receipt while it is under way."""
    tell_first: float = 2.0
    tell_most: float = 300.0
    tell_tries: int = 40
    grace: float = 35.0
    """A stop waits so long for submits whose answer is on its way."""
    running: int = 256
    """Tasks of one process under way, those that fetch included."""
    fetching: int = 8
    """Pictures in hand at once: more would only wait for each other, each with all its bytes, and the first would be shown last."""
    telling: int = 16
    """Paintings announced at once on one platform."""
