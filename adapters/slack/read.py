"""Slack's payloads read into what is asked: pure, no call, no clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.slack.payload import Me, Meta, Payload, Thread, files_of, mapped, offered, values_of
from adapters.slack.words import command_of, in_passing, unmarked
from core.requests import Account, Place, Reference, Request

COMMANDS = {
    "/paint": "paint",
    "/random": "random",
    "/paint-works": "works",
    "/paint-show": "show",
    "/paint-cancel": "cancel",
    "/paint-points": "points",
    "/paint-gallery": "gallery",
    "/paint-templates": "templates",
    "/paint-admin": "admin",
}
SHORTCUT = "paint_with"
REOPEN = "slack.form"
"""The verb of our own button that opens a form whose trigger had run out."""

MEANT = "slack.meant"
"""The verb of our own button under words that may not have been meant for us."""

SPOKEN_TO = re.compile(r"\s*<(?:@(\w+)|!)")
"""A mention (of a member, of @here) as the first word."""

EMOJI = re.compile(r":[\w+'-]+:")

SPOKEN = {None, "file_share", "thread_broadcast"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A payload as understood: the request (name and language still to come), how it came, and what an answer needs.

    `how` is "command", "message", "overheard" (words between people, perhaps for us), "named" (the same, with our name in them), "press",
    "shortcut", "submission", "preview" or "home".
    `view` is the modal (or Home) it came from.
    `ephemeral` says that the message pressed is seen by one member only.
    """

    request: Request
    how: str
    user: str
    trigger: str = ""
    view: Mapping[str, Any] | None = None
    meta: Meta = field(default_factory=Meta)
    ephemeral: bool = False


def key_of(body: Payload, me: Me) -> str | None:
    """The inbox key of a payload, or None for what is not for us (our own messages, edits, talk of others): such a payload is only acked."""
    if body.get("type") == "event_callback":
        return _event_key(body, me)
    if body.get("command"):
        return f"slash:{body.get('trigger_id', '')}"
    kind = body.get("type")
    if kind == "block_actions":
        return f"press:{body.get('trigger_id', '')}" if _action(body) or _view(body) else None
    if kind == "view_submission":
        return f"view:{_view(body).get('id', '')}:{_view(body).get('hash', '')}"
    if kind == "message_action" and body.get("callback_id") == SHORTCUT:
        return f"shortcut:{body.get('trigger_id', '')}"
    return None


def _event_key(body: Payload, me: Me) -> str | None:
    event = mapped(body.get("event"))
    match event.get("type"):
        case "message" | "app_mention":
            mine = (
                event.get("user") in (me.user, "USLACKBOT") or event.get("bot_id") or event.get("subtype") not in SPOKEN
            )
            if mine or not event.get("user"):
                return None
            heard = event.get("type") == "app_mention" or event.get("channel_type") == "im" or names(event, me)
            return f"{event.get('channel')}:{event.get('ts')}" if heard or event.get("thread_ts") else None
        case "app_home_opened":
            return f"event:{body.get('event_id', '')}" if event.get("tab") == "home" else None
        case "app_uninstalled" | "tokens_revoked":
            return f"event:{body.get('event_id', '')}" if revoked_by(body) else None
        case _:
            return None


def revoked_by(body: Payload) -> str:
    """The event that took our token, "" for every other payload (also for a token of a member, which is none of ours)."""
    event = mapped(body.get("event"))
    kind = str(event.get("type", ""))
    ours = kind == "app_uninstalled" or (kind == "tokens_revoked" and mapped(event.get("tokens")).get("bot"))
    return kind if ours else ""


def names(event: Payload, me: Me) -> bool:
    """Whether a message mentions the bot."""
    return f"<@{me.user}>" in str(event.get("text", "")) or f"<@{me.user}|" in str(event.get("text", ""))


def is_prompt(event: Payload, me: Me) -> bool:
    """Whether words under a painting can be meant for us: ":+1:" and "@ben what do you think?" are not, and shall cost nothing."""
    return not _to_another(event, me) and has_words(event, me)


def has_words(event: Payload, me: Me) -> bool:
    """Whether a message says anything beyond emoji and signs."""
    return any(sign.isalnum() for sign in EMOJI.sub("", unmarked(str(event.get("text") or ""), me.user)))


def _to_another(event: Payload, me: Me) -> bool:
    first = SPOKEN_TO.match(str(event.get("text") or ""))
    return first is not None and first[1] != me.user


def thread_of(body: Payload) -> tuple[str, str] | None:
    """(channel, thread) of a message said in a thread, whose painting the reader must be told; None otherwise."""
    event = mapped(body.get("event"))
    if event.get("type") in ("message", "app_mention") and event.get("thread_ts"):
        return str(event.get("channel")), str(event["thread_ts"])
    return None


def understand(body: Payload, key: str, me: Me, thread: Thread | None = None) -> Asked | None:
    """The payload as something asked; None when it turns out to be no word to us (a thread in which nobody asked the bot)."""
    if body.get("type") == "event_callback":
        event = mapped(body.get("event"))
        if event.get("type") == "app_home_opened":
            account = Account("slack", me.team, str(event.get("user")))
            return Asked(
                Request(account, Place("slack", me.team, "", private=True), "home", event_key=key), "home", account.id
            )
        return _message(body, event, key, me, thread)
    if body.get("command"):
        return _command(body, key, me)
    match body.get("type"):
        case "block_actions":
            return _press(body, key, me)
        case "view_submission":
            return _submission(body, key, me)
        case "message_action":
            return _shortcut(body, key, me)
        case _:
            return None


def _command(body: Payload, key: str, me: Me) -> Asked:
    user = str(body.get("user_id", ""))
    place = Place(
        "slack",
        me.team,
        str(body.get("channel_id", "")),
        private=body.get("channel_name") == "directmessage",
        hook=str(body.get("response_url", "")),
    )
    verb = COMMANDS.get(str(body.get("command")), "help")
    text = unmarked(str(body.get("text", "")))
    first, _, rest = text.partition(" ")
    if verb == "paint" and first.lower() in ("help", "帮助"):
        verb, text = "help", rest.strip()
    elif verb == "paint" and text.startswith(("/", "／")):  # an example copied with its command, a command typed twice
        verb, text = command_of(text)
    account = Account("slack", _team(me, body.get("team_id")), user)
    request = Request(account, place, verb, text, event_key=key, name=str(body.get("user_name", "")))
    return Asked(request, "command", user, str(body.get("trigger_id", "")))


def _message(body: Payload, event: Payload, key: str, me: Me, thread: Thread | None) -> Asked | None:
    user = str(event.get("user", ""))
    account = Account(
        "slack",
        _team(me, event.get("user_team"), event.get("source_team"), event.get("team"), body.get("team_id")),
        user,
    )
    # an app_mention does not tell the kind of its channel; a direct one we hear of is ours
    direct = event.get("channel_type", "im") == "im" and str(event.get("channel")).startswith("D")
    addressed = direct or event.get("type") == "app_mention" or names(event, me)
    references = offered(files_of(event))
    how = "message"
    if not addressed:
        if thread is None or _to_another(event, me):
            return None
        mine = str(account) in thread.by and thread.talk != "told"
        if not ((mine and is_prompt(event, me)) or (references and (mine or not thread.theirs))):
            return None
        how = "overheard" if thread.talk and (thread.theirs or not references) else "message"
    place = Place(
        "slack",
        me.team,
        str(event.get("channel")),
        str(event.get("thread_ts") or ""),
        str(event.get("ts")),
        private=direct,
    )
    verb, text = command_of(unmarked(str(event.get("text") or ""), me.user))
    if verb == "paint" and not direct and in_passing(str(event.get("text") or ""), me.user):
        how = "named"
    reply_to = (thread.by.get(str(account), thread.latest) if thread else "") if verb == "paint" else ""
    return Asked(Request(account, place, verb, text, "", references, event_key=key, reply_to=reply_to), how, user)


def _press(body: Payload, key: str, me: Me) -> Asked | None:
    action, view, message = _action(body), _view(body), mapped(body.get("message"))
    container = mapped(body.get("container"))
    account = _account(body, me)
    meta = Meta.loads(str(view.get("private_metadata", "")))
    ephemeral = bool(container.get("is_ephemeral"))
    if view:
        place = _place(meta, me)
    else:
        channel = str(mapped(body.get("channel")).get("id") or container.get("channel_id") or "")
        place = Place(
            "slack",
            me.team,
            channel,
            str(container.get("thread_ts") or message.get("thread_ts") or ""),
            "" if ephemeral else str(container.get("message_ts") or message.get("ts") or ""),
            private=mapped(body.get("channel")).get("name") == "directmessage",
            hook=str(body.get("response_url", "")),
        )
    trigger = str(body.get("trigger_id", ""))
    if action:
        verb, _, subject = str(action.get("value", "")).partition(":")
        request = Request(account, place, verb, subject=subject, event_key=key)
        return Asked(request, "press", account.id, trigger, view or None, meta, ephemeral)
    if meta.preview:
        request = Request(account, place, meta.preview, subject=meta.subject, values=values_of(view), event_key=key)
        return Asked(request, "preview", account.id, trigger, view, meta)
    return None


def _submission(body: Payload, key: str, me: Me) -> Asked:
    view = _view(body)
    account, meta = _account(body, me), Meta.loads(str(view.get("private_metadata", "")))
    request = Request(account, _place(meta, me), meta.verb, subject=meta.subject, values=values_of(view), event_key=key)
    return Asked(request, "submission", account.id, str(body.get("trigger_id", "")), view, meta)


def _shortcut(body: Payload, key: str, me: Me) -> Asked:
    message, account = mapped(body.get("message")), _account(body, me)
    channel = mapped(body.get("channel"))
    ts = str(message.get("ts") or body.get("message_ts") or "")
    place = Place(
        "slack",
        me.team,
        str(channel.get("id", "")),
        str(message.get("thread_ts") or ""),
        ts,
        private=channel.get("name") == "directmessage",
        hook=str(body.get("response_url", "")),
    )
    request = Request(account, place, "paint", references=offered(files_of(message)), event_key=key)
    return Asked(request, "shortcut", account.id, str(body.get("trigger_id", "")))


def with_person(
    asked: Asked, name: str, language: str, references: tuple[Reference, ...] = (), reply_to: str = ""
) -> Asked:
    """The same, with what Slack and our own notes know about who asked and what they meant."""
    request = asked.request
    return replace(
        asked,
        request=replace(
            request,
            name=name or request.name,
            language=language,
            references=request.references or references,
            reply_to=request.reply_to or reply_to,
        ),
    )


def _account(body: Payload, me: Me) -> Account:
    user = mapped(body.get("user"))
    return Account("slack", _team(me, user.get("team_id"), mapped(body.get("team")).get("id")), str(user.get("id", "")))


def _team(me: Me, *told: object) -> str:
    """A member's own workspace: the first workspace id told (an Enterprise id is none), else ours."""
    return next((one for one in told if isinstance(one, str) and one.startswith("T")), me.team)


def _place(meta: Meta, me: Me) -> Place:
    return Place("slack", me.team, meta.channel, meta.thread, meta.message, private=meta.private, hook=meta.hook)


def _action(body: Payload) -> Payload:
    """The button pressed, if it was one of ours (links and inputs are not)."""
    for action in body.get("actions") or ():
        if action.get("type") == "button" and str(action.get("action_id", "")).startswith("press"):
            return mapped(action)
    return {}


def _view(body: Payload) -> Payload:
    return mapped(body.get("view"))
