"""Chats and messages of the stand-in: what the Bot API does with them, and what it refuses to do."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.telegram import strict
from tests.telegram.strict import Refuse, bad

BOT = {"id": 42, "is_bot": True, "first_name": "Paintbot", "username": "paint_bot"}


@dataclass
class Chat:
    """A chat: its messages by id, and what is wrong with it."""

    id: int
    kind: str = "private"
    forum: bool = False
    topics: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    refuses: str = ""
    photos: bool = True
    moved: int = 0
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    deleted: list[int] = field(default_factory=list)
    old: set[int] = field(default_factory=set)
    keeps: bool = False
    reactions: list[tuple[int, list[Any]]] = field(default_factory=list)
    sent: deque[float] = field(default_factory=deque)

    @property
    def texts(self) -> list[str]:
        """The words of the bot's messages, oldest first."""
        return [
            str(one.get("text") or one.get("caption") or "")
            for one in self.messages.values()
            if one["from"]["id"] == BOT["id"]
        ]

    @property
    def ours(self) -> list[dict[str, Any]]:
        """The bot's messages, oldest first."""
        return [one for one in self.messages.values() if one["from"]["id"] == BOT["id"]]


class Messages:
    """The methods that send, edit and delete.

    `a_minute`: what a group takes in a minute (the real server: 20), 0 for any number; `floods` are the groups that got more.
    """

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.break_item = 0
        self.a_minute = 0
        self.floods: list[int] = []
        self._next = 1000

    def chat(self, number: int, kind: str = "", **more: Any) -> Chat:
        """A chat; it is there from now on."""
        if number not in self.chats:
            self.chats[number] = Chat(number, kind or ("private" if number > 0 else "supergroup"), **more)
        return self.chats[number]

    def do_sendMessage(self, params: dict[str, Any]) -> Any:
        return self._post(params, strict.text(params))

    def do_sendPhoto(self, params: dict[str, Any]) -> Any:
        words = strict.text(params, "caption")
        self._where(params, photo=True)
        return self._post(params, {**self._photo(params["photo"]), **words})

    def do_sendDocument(self, params: dict[str, Any]) -> Any:
        words = strict.text(params, "caption")
        return self._post(params, {**self._document(params["document"]), **words})

    def do_sendMediaGroup(self, params: dict[str, Any]) -> Any:
        media = params["media"]
        if not 2 <= len(media) <= 10:
            raise bad("Too many messages to send as an album" if len(media) > 10 else "there must be 2 items at least")
        if "reply_markup" in params:
            raise bad("an album has no keyboard")
        if len({one["type"] for one in media}) > 1:
            raise bad("Document can't be mixed with other media types")
        self._where(params, photo=True)
        content = [{**self._photo(_attached(one["media"], params)), **strict.text(one, "caption")} for one in media]
        broken, self.break_item = self.break_item, 0
        group = str(self._next)
        posted = [
            self._post(params, {**one, "media_group_id": group})
            for place, one in enumerate(content, 1)
            if place != broken
        ]
        if broken:
            raise bad(f'failed to send message #{broken} with the error message "PHOTO_INVALID_DIMENSIONS"')
        return posted

    def do_editMessageText(self, params: dict[str, Any]) -> Any:
        words = strict.text(params, editing=True)
        message = self._mine(params)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return self._change(message, words | {"reply_markup": params.get("reply_markup")})

    def do_editMessageCaption(self, params: dict[str, Any]) -> Any:
        words = strict.text(params, "caption", editing=True)
        message = self._mine(params)
        if "text" in message:
            raise bad("there is no caption in the message to edit")
        bare = {"caption": "", "caption_entities": []}
        return self._change(message, bare | words | {"reply_markup": params.get("reply_markup")})

    def do_deleteMessage(self, params: dict[str, Any]) -> Any:
        chat = self._chat(params)
        number = int(params["message_id"])
        if number not in chat.messages:
            raise bad("message to delete not found")
        if (
            chat.keeps
            or number in chat.old
            or (chat.kind != "private" and chat.messages[number]["from"]["id"] != BOT["id"])
        ):
            raise bad("message can't be deleted for everyone" if chat.kind == "private" else "message can't be deleted")
        del chat.messages[number]
        chat.deleted.append(number)
        return True

    def do_setMessageReaction(self, params: dict[str, Any]) -> Any:
        chat = self._chat(params)
        if int(params["message_id"]) not in chat.messages:
            raise bad("message to react not found")
        emoji = [one["emoji"] for one in params.get("reaction", [])]
        if len(emoji) > 1 or not set(emoji) <= strict.REACTIONS:
            raise bad("REACTION_INVALID")
        chat.reactions.append((int(params["message_id"]), emoji))
        return True

    def do_sendChatAction(self, params: dict[str, Any]) -> Any:
        if params["action"] not in strict.ACTIONS:
            raise bad("wrong parameter action in request")
        self._where(params)
        return True

    def _chat(self, params: dict[str, Any]) -> Chat:
        """The chat of a call, where we may at least look."""
        number = int(params["chat_id"])
        chat = self.chats.get(number)
        if chat is None:
            raise (
                Refuse(403, "Forbidden: bot can't initiate conversation with a user")
                if number > 0
                else bad("chat not found")
            )
        if chat.moved:
            raise Refuse(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved
            )
        if "kicked" in chat.refuses or "not a member" in chat.refuses:
            raise Refuse(403, f"Forbidden: {chat.refuses}")
        return chat

    def _where(self, params: dict[str, Any], *, photo: bool = False) -> Chat:
        """The chat of a call, where we may write."""
        chat = self._chat(params)
        if chat.refuses.startswith(("bot", "user")):
            raise Refuse(403, f"Forbidden: {chat.refuses}")
        if chat.refuses:
            raise bad(chat.refuses)
        if photo and not chat.photos:
            raise bad("not enough rights to send photos to the chat")
        thread = int(params.get("message_thread_id", 0))
        if thread and (chat.forum or chat.kind == "private") and thread not in chat.topics:
            raise bad("message thread not found")
        if thread in chat.closed:
            raise bad("TOPIC_CLOSED")
        if "allow_sending_without_reply" in params:
            raise bad("allow_sending_without_reply stands inside reply_parameters, or nobody reads it")
        reply = params.get("reply_parameters")
        if reply and reply["message_id"] not in chat.messages and not reply.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        return chat

    def _post(self, params: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        chat = self._where(params)
        if markup := params.get("reply_markup"):
            strict.keyboard(markup)
        self._pace(chat)
        self._next += 1
        message = {
            "message_id": self._next,
            "date": 1796000000,
            "chat": {"id": chat.id, "type": chat.kind},
            "from": BOT,
            **content,
        }
        thread = int(params.get("message_thread_id", 0))
        if thread and chat.forum:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        reply = params.get("reply_parameters")
        if reply and reply["message_id"] in chat.messages:
            message["reply_to_message"] = {"message_id": reply["message_id"]}
        if markup:
            message["reply_markup"] = markup
        chat.messages[self._next] = message
        return message

    def _pace(self, chat: Chat) -> None:
        now = time.monotonic()
        while chat.sent and chat.sent[0] < now - 60:
            chat.sent.popleft()
        if chat.id < 0 and self.a_minute and len(chat.sent) >= self.a_minute:
            self.floods.append(chat.id)
            raise Refuse(429, "Too Many Requests: retry after 30", retry_after=30)
        chat.sent.append(now)

    def _mine(self, params: dict[str, Any]) -> dict[str, Any]:
        message = self._chat(params).messages.get(int(params["message_id"]))
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != BOT["id"]:
            raise bad("message can't be edited")
        return message

    def _change(self, message: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
        if changed.get("reply_markup"):
            strict.keyboard(changed["reply_markup"])
        if all((message.get(key) or None) == (value or None) for key, value in changed.items()):
            raise bad("message is not modified: specified new message content and reply markup are exactly the same")
        message.update(changed)
        if not changed.get("reply_markup"):
            message.pop("reply_markup", None)
        return message

    def _photo(self, media: Any) -> dict[str, Any]:
        if isinstance(media, str):
            return {"photo": [{"file_id": self._known(media, "document")}]}
        width, height = strict.photo(media)
        found = f"photo{len(self.files)}"
        self.files[found] = media
        return {
            "photo": [
                {"file_id": f"s-{found}", "width": 90, "height": 90},
                {"file_id": found, "width": width, "height": height},
            ]
        }

    def _document(self, media: Any) -> dict[str, Any]:
        if isinstance(media, str):
            return {"document": {"file_id": self._known(media, "photo")}}
        if len(media) > strict.FILE_MOST:
            raise Refuse(413, "Request Entity Too Large")
        found = f"document{len(self.files)}"
        self.files[found] = media
        return {"document": {"file_id": found, "file_size": len(media)}}

    def _known(self, found: str, other: str) -> str:
        """A file we have already, of the right kind: what was sent as the `other` kind stays that."""
        if found not in self.files:
            raise bad("wrong file identifier/HTTP URL specified")
        if found.startswith(other):
            raise bad("type of file mismatch")
        return found


def _attached(media: str, params: dict[str, Any]) -> Any:
    return params[media.removeprefix("attach://")] if media.startswith("attach://") else media
