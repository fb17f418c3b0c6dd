"""Every way Jimeng can say no, made into one error that tells the engine what to do and the member what happened."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from core.errors import Cause, PaintbotError
from core.requests import Line, Value

Call = Literal["submit", "poll", "download"]


UNREADABLE = "unreadable answer"
"""Our own message where Jimeng's cannot be read."""


class Kind(StrEnum):
    """What the engine does about it."""

    FINAL = "final"
    """No retry: the request itself cannot be painted."""
    RESUBMIT_ONCE = "resubmit_once"
    """The picture did not pass review: one resubmit (with another seed where there is one)."""
    RATE = "rate"
    """Too many requests a second: a short cool-down, then again. On a poll: poll later."""
    CONCURRENCY = "concurrency"
    """Too many unfinished tasks on this credential: lower its limit, take another."""
    CREDENTIAL = "credential"
    """The key is wrong, has no right, or the capability is not activated: quarantine (credential, req_key) and
    alert."""
    BUSY_MODEL = "busy_model"
    """Jimeng's own trouble: a bounded retry, other key. On a poll: poll the same task again first (`repoll`)."""
    GONE = "gone"
    """The remote task or its picture is no more: never ask for it again; a new submit is possible."""
    NETWORK_UNKNOWN = "network_unknown"
    """A submit was sent and its answer was lost: a paid task may exist. Resubmit at most once."""
    NETWORK = "network"
    """Nothing was accepted, or a poll or download failed on the way: safe to try again."""


class Fate(NamedTuple):
    """What a code means: the member's cause, the engine's kind, and which sentence of `texts/*/jimeng` says it."""

    cause: Cause
    kind: Kind
    said: str


WORDS = Fate(Cause.UNSUPPORTED, Kind.FINAL, "words_refused")
PICTURE = Fate(Cause.UNSUPPORTED, Kind.FINAL, "picture_refused")
INPUT = Fate(Cause.UNSUPPORTED, Kind.FINAL, "input_invalid")
OUTPUT = Fate(Cause.REFUSED, Kind.RESUBMIT_ONCE, "output_refused")
RATE = Fate(Cause.QUEUE, Kind.RATE, "busy")
CONCURRENT = Fate(Cause.QUEUE, Kind.CONCURRENCY, "busy")
CREDENTIAL = Fate(Cause.CONFIGURATION, Kind.CREDENTIAL, "misconfigured")
BUSY = Fate(Cause.MODEL, Kind.BUSY_MODEL, "unavailable")
GONE = Fate(Cause.MODEL, Kind.GONE, "gone")
UNKNOWN = Fate(Cause.NETWORK, Kind.NETWORK_UNKNOWN, "unsteady")
NETWORK = Fate(Cause.NETWORK, Kind.NETWORK, "unsteady")

BUSINESS: Mapping[int, Fate] = {
    50204: CREDENTIAL,
    50215: INPUT,
    50218: PICTURE,
    50400: CREDENTIAL,
    50411: PICTURE,
    50412: WORDS,
    50413: WORDS._replace(said="words_protected"),
    50429: RATE,
    50430: CONCURRENT,
    50500: BUSY,
    50501: BUSY,
    50511: OUTPUT,
    50512: WORDS,
    50513: PICTURE,
    50514: PICTURE,
    50516: OUTPUT,
    50517: OUTPUT,
    50518: PICTURE._replace(said="picture_protected"),
    50519: OUTPUT._replace(said="output_protected"),
    50520: BUSY,
    50521: BUSY,
    50522: BUSY,
}
"""Codes of the Jimeng pages, the same on submit and poll but for ON_POLL."""

ON_POLL: Mapping[int, Fate] = {50215: GONE}
"""On a poll "input invalid" speaks of an old or foreign task id."""

GATEWAY: Mapping[int, Fate] = {
    **dict.fromkeys((100002, 100003, 100004, 100005, 100006, 100007, 100008, 100009, 100010), CREDENTIAL),
    **dict.fromkeys((100012, 100013, 100024, 100025, 100026), CREDENTIAL),
    100014: BUSY,
    100015: BUSY,
    100016: BUSY,
    100018: RATE,
    100019: BUSY,
}
"""`CodeN` of errors given before the CV service; 100018 and 100019 are not confirmed, their names (GATEWAY_NAMES)
are."""

GATEWAY_NAMES: Mapping[str, Fate] = {
    "FlowLimitExceeded": RATE,
    "ServiceUnavailableTemp": BUSY,
    "InternalError": BUSY,
    "FailToConnect": BUSY,
    "InternalServiceTimeout": BUSY,
}


class JimengError(PaintbotError):
    """Jimeng did not do what was asked.

    `cause` is the member's, `kind` the engine's; `code` is Jimeng's number (0 when none came), `message` its original
    text, `request_id` its id ("" when none came), `http` the HTTP status (0 when no answer came), `call` the call
    that failed. Holds no secret, no link and no prompt: safe for logs and the record.
    """

    def __init__(
        self,
        cause: Cause,
        kind: Kind,
        *,
        code: int = 0,
        message: str = "",
        request_id: str = "",
        http: int = 0,
        call: Call,
        said: str = "",
    ) -> None:
        super().__init__(f"{call}: {kind} code={code} http={http} {message} ({request_id or 'no request id'})")
        self.cause = cause
        self.kind = kind
        self.code = code
        self.message = message
        self.request_id = request_id
        self.http = http
        self.call: Call = call
        self.said = said or "unavailable"

    @property
    def line(self) -> Line:
        """The sentence for the member: what happened and what to change."""
        return Line(f"jimeng.{self.said}")

    @property
    def told(self) -> Value:
        """Jimeng's own words for admins; a sentence of ours where what came back was no answer of Jimeng."""
        return Line("jimeng.unreadable") if self.message == UNREADABLE else self.message

    @property
    def repoll(self) -> bool:
        """True when this is about one poll rather than the task: asking again with the same id is free and safe (a
        few times)."""
        return self.call == "poll" and self.kind in (Kind.RATE, Kind.CONCURRENCY, Kind.BUSY_MODEL, Kind.NETWORK)


def made(
    fate: Fate, call: Call, *, code: int = 0, message: str = "", request_id: str = "", http: int = 0
) -> JimengError:
    """The error of a fate."""
    return JimengError(
        fate.cause, fate.kind, code=code, message=message, request_id=request_id, http=http, call=call, said=fate.said
    )


def business_error(call: Call, http: int, code: int, message: str, request_id: str) -> JimengError:
    """An answer of the CV service whose `code` is not 10000. Unknown codes: 429 and 5xx are retryable, every other is
    final."""
    fate = ON_POLL.get(code) if call == "poll" else None
    fate = fate or BUSINESS.get(code) or _by_status(http)
    return made(fate, call, code=code, message=message, request_id=request_id, http=http)


def gateway_error(call: Call, http: int, code: int, name: str, message: str, request_id: str) -> JimengError:
    """An answer of the gateway before the CV service, `{"ResponseMetadata": {"Error": …}}`; `name` is its `Code`,
    `code` its `CodeN` (0 when omitted).

    A gateway's timeout (504) on a submit does not say whether the task was made: its kind is NETWORK_UNKNOWN.
    """
    if call == "submit" and (http == 504 or code == 100016 or name == "InternalServiceTimeout"):
        fate = UNKNOWN
    else:
        fate = GATEWAY_NAMES.get(name) or GATEWAY.get(code) or (CREDENTIAL if http in (401, 403) else _by_status(http))
    return made(fate, call, code=code, message=f"{name}: {message}", request_id=request_id, http=http)


def unreadable(call: Call, http: int) -> JimengError:
    """An answer that is no JSON object (an HTML page of a proxy, a cut body): after a submit that may have worked,
    its fate is unknown."""
    if call == "submit" and (http < 400 or http == 504):
        return made(UNKNOWN, call, message=UNREADABLE, http=http)
    if http == 429:
        return made(RATE, call, message=UNREADABLE, http=http)
    if http in (401, 403):
        return made(CREDENTIAL, call, message=UNREADABLE, http=http)
    return made(NETWORK, call, message=UNREADABLE, http=http)


def _by_status(http: int) -> Fate:
    if http == 429:
        return RATE
    return BUSY if http >= 500 else INPUT
