"""One raw update -> Heard, or None when it is not meant for us."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.telegram.read.attachment import attachment
from adapters.telegram.read.command import command
from adapters.telegram.read.heard import Heard, Me, Press, Replied
from core.requests import Account, Line, Place, Request
from core.texts import language_of

Raw = Mapping[str, Any]
ANONYMOUS = (1087968824, 136817688)
"""GroupAnonymousBot, an admin of a group who hides behind it; Channel Bot, a person who speaks there as a channel."""
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of what stands around a name."""
TELEGRAM = 777000
"""Posts of a channel that Telegram itself carries into its group: nobody's words to us."""
EDITED = "edited:"
"""Before the key of the message that was edited."""
PRESS = "1~"
"""The version before every button's `verb:subject`."""


def event_key(raw: Raw) -> str:
    """What makes an update the same update again: `chat:message`, a callback's id. Raises KeyError, TypeError on an unknown shape."""
    if "message" in raw:
        return f"{raw['message']['chat']['id']}:{raw['message']['message_id']}"
    if "edited_message" in raw:  # said once a message, however often it is edited
        return f"{EDITED}{raw['edited_message']['chat']['id']}:{raw['edited_message']['message_id']}"
    if "callback_query" in raw:
        return f"press:{raw['callback_query']['id']}"
    return f"update:{raw['update_id']}"


def read(raw: Raw, me: Me, default: str = "zh") -> Heard | None:
    """What an update says. Raises KeyError, TypeError, ValueError, AttributeError on a shape that cannot be read."""
    if "callback_query" in raw:
        return _press(raw["callback_query"], event_key(raw), default)
    if "my_chat_member" in raw:
        return _joined(raw["my_chat_member"], event_key(raw), default)
    if "message" in raw:
        return _message(raw["message"], event_key(raw), me, default)
    if "edited_message" in raw:
        return _edited(_message(raw["edited_message"], event_key(raw), me, default))
    return None


def language_in(raw: Raw, default: str) -> str:
    """The language of the person in a `from`, "zh" or "en"."""
    return language_of(raw.get("language_code"), default)


def _message(message: Raw, key: str, me: Me, default: str) -> Heard | None:
    if "migrate_to_chat_id" in message:
        return Heard("moved", key, _request(message, {}, key, default), moved=int(message["migrate_to_chat_id"]))
    person = message.get("from")
    if not person or person["id"] == TELEGRAM or (person.get("is_bot") and person["id"] not in ANONYMOUS):
        return None
    request = _request(message, person, key, default)
    words = clean(message.get("text") or message.get("caption") or "")
    pictures, problem, file = attachment(message)
    asked = command(words, me.username)
    private = request.place.private
    if asked and asked[0] in ("stray", "other") and not private:
        return None
    heard = Heard(
        "words", key, request, str(message.get("media_group_id", "")), _replied(message, me), problem=problem, file=file
    )
    heard = heard.with_references(pictures)
    if asked and asked[0] == "paint" and asked[1] and "forward_origin" in message:
        return replace(heard.asking("", asked[1]), kind="forwarded")
    if asked:
        return _hidden(person, heard.asking(*asked))
    heard = heard.asking("", words.strip())
    if private or (heard.replied and heard.replied.ours):
        return replace(heard, kind="words") if words.strip() or pictures or problem or file else None
    return replace(heard, kind="part") if heard.album else None


def _edited(heard: Heard | None) -> Heard | None:
    """Of edited messages only a `/paint` matters, whose author waits for it now."""
    asks = heard and heard.kind == "command" and heard.request.verb in ("paint", "glued") and heard.request.text
    return replace(heard, kind="edited", album="") if heard and asks else None


def _hidden(person: Raw, heard: Heard) -> Heard:
    """An anonymous admin, or a channel, has no account; say how to show one's face."""
    if person["id"] not in ANONYMOUS:
        return heard
    return Heard("command", heard.key, heard.request, replied=None, problem=Line("telegram.anonymous"))


def _replied(message: Raw, me: Me) -> Replied | None:
    """A topic's root is no reply: every ordinary message of a topic carries it."""
    reply = message.get("reply_to_message")
    if not reply:
        outside = message.get("external_reply")
        if not outside:
            return None
        pictures, problem, _ = attachment(outside)
        quoted = _words_in(message.get("quote"))
        return Replied("", files=pictures, problem=problem, words=quoted) if pictures or problem or quoted else None
    if "forum_topic_created" in reply:
        return None
    if message.get("is_topic_message") and reply["message_id"] == message.get("message_thread_id"):
        return None
    pictures, problem, _ = attachment(reply)
    ours = reply.get("from", {}).get("id") == me.id
    # every comment under a channel's post carries the post, as every message of a topic its root
    silent = ours or reply.get("is_automatic_forward")
    words = "" if silent else _words_in(message.get("quote")) or _words_in(reply)
    return Replied(str(reply["message_id"]), ours, str(reply.get("media_group_id", "")), pictures, problem, words)


def _words_in(said: Raw | None) -> str:
    return clean(str(said.get("text", ""))).strip() if said else ""


def _press(callback: Raw, key: str, default: str) -> Heard:
    message = callback.get("message")
    person = callback["from"]
    if not message:
        request = _request({"chat": {"id": person["id"], "type": "private"}, "message_id": 0}, person, key, default)
        return Heard("press", key, request, press=Press(callback["id"], "", "gone"))
    request = _request(message, person, key, default)
    under = "gone" if not message.get("date") else "text" if "text" in message else "caption"
    data = str(callback.get("data", ""))
    if data.startswith(PRESS):
        verb, colon, subject = data[len(PRESS) :].partition(":")
        if verb and colon:
            request = replace(request, verb=verb, subject=subject)
    return Heard("press", key, request, press=Press(callback["id"], data, under))


def _joined(change: Raw, key: str, default: str) -> Heard | None:
    """The bot was taken into a group; in every other change of its membership there is nothing to say."""
    came = change["new_chat_member"]["status"] in ("member", "administrator")
    was = change["old_chat_member"]["status"] in ("left", "kicked")
    if change["chat"]["type"] not in ("group", "supergroup") or not (came and was):
        return None
    return Heard("joined", key, _request(change, change["from"], key, default))


def _request(message: Raw, person: Raw, key: str, default: str) -> Request:
    chat = message["chat"]
    private = chat["type"] == "private"
    thread = (
        str(message["message_thread_id"]) if message.get("is_topic_message") and "message_thread_id" in message else ""
    )
    said = message.get("message_id")
    place = Place("telegram", "", str(int(chat["id"])), thread, str(int(said)) if said else "", private)
    name = clean(" ".join(part for part in (person.get("first_name", ""), person.get("last_name", "")) if part))
    name = TURNING.sub("", name)
    account = Account("telegram", "", str(int(person.get("id", 0))))
    return Request(account, place, "", event_key=key, language=language_in(person, default), name=name)


def clean(text: str) -> str:
    """Words that can be stored and sent: halves of surrogate pairs and NUL become a visible sign."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "�")
