"""Slack's payloads as they are: who we are, what a modal remembers, fields and files; pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.requests import FieldValue, Offered

Payload = Mapping[str, Any]

SECRET = "secret"
HIDDEN = "(hidden)"
NO_ADDRESS = ("file_access", "tombstone", "hidden_by_limit")
"""Modes of a file object without a usable address: a Slack Connect stub, and files that are gone."""


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is, as auth.test told: its user id, its bot id, the workspace."""

    user: str
    bot: str
    team: str
    name: str = ""


def misfit(told: Payload) -> str:
    """Why auth.test's answer is not that of a bot in one workspace: "organization", "person", "app" (an app-level token); "" where it is."""
    team = str(told.get("team_id") or "")
    if told.get("is_enterprise_install") or team.startswith("E"):
        return "organization"
    if not told.get("bot_id"):
        return "person" if told.get("user_id") else "app"
    return "" if team.startswith("T") else "organization"


def foreign(body: Payload, me: Me) -> bool:
    """Whether an event came through the installation of the same app in another workspace, where our token is of no use.

    What a guest of Slack Connect says comes through ours; commands and presses do not tell theirs.
    """
    told = [mapped(one).get("team_id") for one in body.get("authorizations") or ()]
    return bool(told) and all(isinstance(one, str) and one.startswith("T") and one != me.team for one in told)


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread with a painting in it: the latest one, and the latest of each asker (account -> generation).

    `talk`: "heard" once people have talked to each other in it, "told" once its asker was told that we stay out of that.
    `theirs`: it was people's own, and we were called into it: a picture in it is no word to us.
    """

    latest: str
    by: Mapping[str, str] = field(default_factory=dict)
    talk: str = ""
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class Meta:
    """What a modal must not forget, kept in its private_metadata: what its submission asks, and where it came from."""

    verb: str = ""
    subject: str = ""
    preview: str = ""
    key: str = ""
    channel: str = ""
    thread: str = ""
    message: str = ""
    private: bool = False
    hook: str = ""
    language: str = ""

    def dumps(self) -> str:
        """The JSON text Slack keeps for us."""
        return json.dumps(
            {name: value for name, value in asdict(self).items() if value}, ensure_ascii=False, separators=(",", ":")
        )

    @classmethod
    def loads(cls, text: str) -> "Meta":
        """Read back; an empty Meta for a foreign or broken text."""
        try:
            found = json.loads(text or "{}")
        except ValueError:
            return cls()
        return (
            cls(**{name: value for name, value in found.items() if name in cls.__slots__})
            if isinstance(found, dict)
            else cls()
        )


def values_of(view: Payload) -> dict[str, FieldValue]:
    """A modal's values by field name, as `views` named its blocks."""
    found: dict[str, FieldValue] = {}
    for name, actions in mapped(mapped(view.get("state")).get("values")).items():
        for action, state in mapped(actions).items():
            found[name] = _value(str(action), mapped(state))
    return found


def _value(action: str, state: Payload) -> FieldValue:
    match action:
        case "number":
            text = str(state.get("value") or "").strip()
            return (int(text) if text.lstrip("-").isdecimal() else text) if text else None
        case "choice":
            return str(mapped(state.get("selected_option")).get("value", "="))[1:]
        case "choices":
            return tuple(str(one.get("value", "="))[1:] for one in state.get("selected_options") or ())
        case "files":
            return offered(state.get("files") or ())
        case _:
            return str(state.get("value") or "")


def files_of(message: Payload) -> Sequence[Payload]:
    """Slack's file objects of a message, and those of a message it passes on."""
    passed_on = [
        file for one in message.get("attachments") or () if one.get("is_share") for file in one.get("files") or ()
    ]
    return [*(message.get("files") or ()), *passed_on]


def offered(files: Sequence[Payload]) -> tuple[Offered, ...]:
    """Slack's file objects, in their order."""
    return tuple(
        Offered(handle_of(one), str(one.get("name") or ""), str(one.get("mimetype") or ""), int(one.get("size") or 0))
        for one in files
    )


def handle_of(file: Payload) -> str:
    """The handle of a file: its id and, where Slack gave one (not for Slack Connect stubs), its address."""
    url = "" if file.get("mode") in NO_ADDRESS else file.get("url_private_download") or file.get("url_private")
    return f"{file.get('id', '')} {url or ''}".strip()


def split_handle(handle: str) -> tuple[str, str]:
    """(file id, address or "") of a handle."""
    file, _, url = handle.partition(" ")
    return file, url


def without_secrets(body: Payload) -> Mapping[str, Any]:
    """The payload as it may be stored: what was typed into a secret field, and Slack's old verification token, are left out."""
    kept = {name: value for name, value in body.items() if name != "token"}
    values = mapped(mapped(mapped(body.get("view")).get("state")).get("values"))
    if not any(SECRET in mapped(actions) for actions in values.values()):
        return kept
    hidden = {
        name: {a: {**s, "value": HIDDEN} if a == SECRET else s for a, s in actions.items()}
        for name, actions in values.items()
    }
    return {**kept, "view": {**mapped(body.get("view")), "state": {"values": hidden}}}


def secrets_lost(body: Payload) -> bool:
    """Whether a stored payload had a secret that is gone."""
    values = mapped(mapped(mapped(body.get("view")).get("state")).get("values"))
    return any(mapped(actions.get(SECRET)).get("value") == HIDDEN for actions in values.values())


def mapped(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
