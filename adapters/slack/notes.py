"""What a form must remember between two presses: references, the painting replied to, files already given; as small JSON notes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.replies import PlatformStore
from core.requests import Account, FieldValue, Offered, Painted, Place, Reference, Request

A_DAY = 86_400.0
A_WEEK = 7 * A_DAY


@dataclass(frozen=True, slots=True)
class Remembered:
    """References and files that came before the submission, by field for files."""

    references: tuple[Reference, ...] = ()
    reply_to: str = ""
    files: Mapping[str, tuple[Offered, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.references or self.reply_to or self.files)


def short(key: str) -> str:
    """A short name for an event key, for notes and buttons."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


class Notes:
    """The notes of forms under way."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store

    async def remember(self, request: Request, before: Remembered) -> str:
        """Keep what a form's next submission will need; gives its key, "" when there is nothing."""
        given = {
            name: value
            for name, value in request.values.items()
            if value and isinstance(value, tuple) and isinstance(value[0], Offered)
        }
        files = {
            **before.files,
            **{name: tuple(one for one in value if isinstance(one, Offered)) for name, value in given.items()},
        }
        kept = Remembered(request.references or before.references, request.reply_to or before.reply_to, files)
        if not kept:
            return ""
        key = short(request.event_key)
        note = {
            "references": [_dumped(one) for one in kept.references],
            "reply_to": kept.reply_to,
            "files": {name: [_dumped(one) for one in value] for name, value in files.items()},
        }
        await self._store.keep("form", key, note, A_DAY)
        return key

    async def recall(self, key: str) -> Remembered:
        """What was kept; nothing when it is too old."""
        note = await self._store.recall("form", key) if key else None
        if note is None:
            return Remembered()
        files = {
            name: tuple(one for one in _loaded(value) if isinstance(one, Offered))
            for name, value in note["files"].items()
        }
        return Remembered(_loaded(note["references"]), str(note["reply_to"]), files)

    async def keep_request(self, request: Request) -> str:
        """Keep a whole request whose form could not be opened, for the button that opens it; gives its key."""
        key = short(request.event_key)
        note = {
            "account": str(request.account),
            "place": asdict(request.place),
            "verb": request.verb,
            "text": request.text,
            "subject": request.subject,
            "reply_to": request.reply_to,
            "references": [_dumped(one) for one in request.references],
            "values": {name: value for name, value in request.values.items() if isinstance(value, str | int)},
        }
        await self._store.keep("asked", key, note, A_WEEK)
        return key

    async def kept_request(self, key: str, pressed: Request) -> Request | None:
        """The request behind such a button, as if asked by this press; None when it is too old or another member's."""
        note = await self._store.recall("asked", key)
        if note is None or Account.parse(str(note["account"])) != pressed.account:
            return None
        return replace(
            pressed,
            place=replace(Place(**note["place"]), hook=pressed.place.hook),
            verb=str(note["verb"]),
            text=str(note["text"]),
            subject=str(note["subject"]),
            reply_to=str(note["reply_to"]),
            references=_loaded(note["references"]),
            values=note["values"],
        )

    async def forget_request(self, key: str) -> None:
        """The form behind such a button is open."""
        await self._store.drop("asked", key)


def with_remembered(request: Request, before: Remembered) -> Request:
    """The submission, completed by what came before it."""
    values: dict[str, FieldValue] = dict(request.values)
    for name, files in before.files.items():
        if not values.get(name):
            values[name] = files
    return replace(
        request,
        values=values,
        references=request.references or before.references,
        reply_to=request.reply_to or before.reply_to,
    )


def _dumped(one: Reference) -> dict[str, Any]:
    return asdict(one)


def _loaded(found: Sequence[Mapping[str, Any]]) -> tuple[Reference, ...]:
    return tuple(Painted(**one) if "generation" in one else Offered(**one) for one in found)
