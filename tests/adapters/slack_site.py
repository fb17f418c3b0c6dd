"""Slack for people of flesh and blood: the stand-in over the wire, modals stacked as Slack stacks them, whispers, direct messages."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from adapters.slack.app import SlackApp
from core.replies import Door, ImageSource, PlatformStore
from core.requests import Account
from tests.adapters.drivers import Person, Typed, Upload
from tests.slack.conftest import make
from tests.slack.methods import Body, No
from tests.slack.stand_in import StandIn, payload

CHANNEL = "C0ART00001"
DEEPEST = 3
"""Modals Slack lets stand on one another."""
OWN = ("/paint", "/random")


class Slack(StandIn):
    """The stand-in, which also knows whose modal is whose, and what became of a whisper."""

    def __init__(self) -> None:
        super().__init__()
        self.stacks: dict[str, list[str]] = {}
        self.people: dict[str, str] = {}

    def do_users_info(self, args: Body) -> Body:
        name = self.people.get(args["user"], "Ann")
        return {"user": {"id": args["user"], "name": name, "locale": self.locale, "profile": {"display_name": name}}}

    def do_chat_postEphemeral(self, args: Body) -> Body:
        answer = super().do_chat_postEphemeral(args)
        self.whispers[-1] = {**args, "ts": answer["message_ts"]}
        return answer

    def do_views_open(self, args: Body) -> Body:
        answer = super().do_views_open(args)
        self.stacks[owner(args)] = [answer["view"]["id"]]
        return answer

    def do_views_push(self, args: Body) -> Body:
        stack = self.stacks[owner(args)]
        assert stack, "a push needs a modal below it"
        if len(stack) >= DEEPEST:
            raise No("push_limit_reached")
        answer = super().do_views_open(args)
        stack.append(answer["view"]["id"])
        return answer


def owner(args: Body) -> str:
    """Whose trigger this is."""
    return str(args["trigger_id"]).partition("|")[0]


class SlackPerson(Person):
    """Somebody in the channel. A modal on screen hides nothing: its words are read first."""

    def __init__(self, slack: Slack, app: SlackApp, account: str) -> None:
        super().__init__(account)
        self.slack, self.app = slack, app
        self.user, self.team = Account.parse(account).id, Account.parse(account).workspace
        self._count = itertools.count(1)
        self._hooked = 0
        self.direct = False
        """Types to the bot alone, where its answers are messages; in the channel, answers to one person are whispers."""

    # -- acts -----------------------------------------------------------------------------------------------------

    def _who(self, **more: Any) -> Body:
        return {"user": {"id": self.user, "team_id": self.team}, "trigger_id": self._trigger(), **more}

    def _trigger(self) -> str:
        return f"{self.user}|{next(self._count)}"

    async def _send(self, body: Body) -> Body:
        ack = await self.slack.send(body)
        if view := ack.get("view"):
            self.slack.views[body["view"]["id"]] = view
        await self.look()
        return ack

    async def look(self) -> None:
        await self.app.inbox.idle()
        for name, body in self.slack.hooked[self._hooked :]:
            whisper = next((one for one in self.slack.whispers if one["ts"] == name), None)
            if whisper is not None and body["replace_original"]:
                whisper |= {"text": body["text"], "blocks": body["blocks"]}
        self._hooked = len(self.slack.hooked)

    async def type(self, text: str) -> None:
        self.slack.stacks[self.user] = []
        self.began()
        word, _, rest = text.partition(" ")
        if word == "/help":
            word, rest = "/paint", f"help {rest}".strip()
        elif word not in OWN:
            word = f"/paint-{word.removeprefix('/')}"
        hook = self.slack.hook(f"command {self.user} {next(self._count)}")
        await self._send(
            payload("command", command=word, text=rest, user_id=self.user, user_name=self.user, response_url=hook)
            | {"trigger_id": self._trigger(), "team_id": self.team}
            | ({"channel_id": f"D0{self.user[2:]}", "channel_name": "directmessage"} if self.direct else {})
        )

    async def home(self) -> None:
        """Open the Home tab."""
        body = payload("home_opened", event_id=f"Ev{self._trigger()}")
        await self._send(body | {"team_id": self.team, "event": body["event"] | {"user": self.user}})

    def home_seen(self) -> str:
        """What stands on the Home tab."""
        return "\n".join(_words(self.slack.homes[self.user]["blocks"]))

    async def press(self, verb: str, subject: str | None = None) -> None:
        self.began()
        wanted = f"{verb}:" if subject is None else f"{verb}:{subject}"
        stack = self.slack.stacks.setdefault(self.user, [])
        if stack:
            view = self.slack.views[stack[-1]]
            found = _buttons(view["blocks"], wanted, exact=subject is not None)
            if found:
                return await self._press_in_view(stack[-1], view, found[0])
            stack.clear()  # closed, to reach what is below
        for message in reversed(self._messages()):
            found = _buttons(message["blocks"], wanted, exact=subject is not None)
            if found:
                return await self._press_in_message(message, found[0])
        raise AssertionError(f"no button {wanted} in {self.buttons_seen()}")

    async def _press_in_view(self, view_id: str, view: Body, button: Body) -> None:
        body = payload("press_in_view", actions=[_action(button)]) | self._who()
        body["view"] |= view | {"id": view_id, "state": {"values": _first(view)}}
        await self._send(body)

    async def _press_in_message(self, message: Body, button: Body) -> None:
        whisper = message in self.slack.whispers
        at = {"message_ts": message["ts"], "channel_id": message["channel"], "is_ephemeral": whisper}
        at |= {"thread_ts": message["thread_ts"]} if message.get("thread_ts") else {}
        direct = message["channel"].startswith("D")
        body = payload("press", container=at, actions=[_action(button)]) | self._who()
        body |= {"channel": {"id": message["channel"], "name": "directmessage" if direct else "art"}}
        body |= {"message": message, "response_url": self.slack.hook(message["ts"])}
        await self._send(body)

    async def submit(self, values: Typed) -> None:
        self.began()
        view_id = self.slack.stacks[self.user][-1]
        view = self.slack.views[view_id]
        state = _first(view)
        inputs = {one["block_id"]: one for one in view["blocks"] if one["type"] == "input"}
        assert set(values) <= set(inputs), (set(values) - set(inputs), set(inputs))
        for name, value in values.items():
            element = inputs[name]["element"]
            state[name] = {element["action_id"]: self._state(element, value)}
        for name, block in inputs.items():
            filled = _filled(next(iter(state[name].values())))
            assert filled or block["optional"], f"Slack does not submit without {name}"
        body = payload("submission") | self._who()
        body["view"] = {**view, "id": view_id, "hash": f"h{next(self._count)}", "state": {"values": state}}
        await self._send(body)

    def _state(self, element: Body, value: Any) -> Body:
        match element["type"]:
            case "plain_text_input":
                assert len(str(value)) <= element["max_length"], "Slack stops at the longest"
                return {"value": str(value) or None}
            case "number_input":
                assert int(element["min_value"]) <= int(value) <= int(element["max_value"]), (
                    "Slack does not submit this"
                )
                return {"value": str(value)}
            case "static_select":
                return {"selected_option": next(one for one in element["options"] if one["value"] == f"={value}")}
            case "multi_static_select":
                return {"selected_options": [one for one in element["options"] if one["value"][1:] in value]}
            case "file_input":
                return {"files": [self._file(one) for one in value]}
            case other:
                raise AssertionError(other)

    def _file(self, upload: Upload) -> Body:
        url = self.slack.offer(upload.name, upload.content, upload.mime)
        size = len(upload.content)
        return {"id": f"F0{next(self._count):08d}", "name": upload.name, "mimetype": upload.mime, "size": size} | {
            "url_private": url,
            "url_private_download": url,
            "mode": "hosted",
        }

    # -- what is seen ---------------------------------------------------------------------------------------------

    def _messages(self) -> list[Body]:
        """Messages this person reads, oldest first."""
        whispers = [one for one in self.slack.whispers if one["user"] == self.user]
        found = [*self.slack.all(CHANNEL), *self.slack.all(f"D0{self.user[2:]}"), *whispers]
        return sorted(found, key=lambda one: one["ts"])

    def lines(self) -> list[str]:
        found = [words for message in self._messages() for words in _words(message["blocks"])]
        mine = f"D0{self.user[2:]}"
        found += [f"📎 {one['name']}" for one in self.slack.files.values() if one.get("channel") in (mine, CHANNEL)]
        for view_id in self.slack.stacks.get(self.user, ()):
            view = self.slack.views[view_id]
            found += [view["title"]["text"], *_words(view["blocks"]), view.get("submit", {}).get("text", "")]
        return [line for one in found for line in one.splitlines() if line]

    def buttons_seen(self) -> Sequence[str]:
        blocks = [block for message in self._messages() for block in message["blocks"]]
        stack = self.slack.stacks.get(self.user, [])
        blocks += self.slack.views[stack[-1]]["blocks"] if stack else []
        return [str(one["value"]) for one in _buttons(blocks, "")]

    async def files(self) -> Sequence[bytes]:
        mine = f"D0{self.user[2:]}"
        return [one["content"] for one in self.slack.files.values() if one.get("channel") in (mine, CHANNEL)]


def _buttons(blocks: Sequence[Body], wanted: str, *, exact: bool = False) -> list[Body]:
    every = [one for block in blocks if block["type"] == "actions" for one in block["elements"] if "value" in one]
    return [one for one in every if (one["value"] == wanted if exact else one["value"].startswith(wanted))]


def _action(button: Body) -> Body:
    return {name: button[name] for name in ("type", "action_id", "value")} | {"action_ts": "1.1"}


def _first(view: Body) -> dict[str, Body]:
    """The state of a form nobody touched."""
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            kept = {"value": element.get("initial_value"), "selected_option": element.get("initial_option")}
            kept |= {"selected_options": element.get("initial_options", []), "files": []}
            names = {
                "static_select": "selected_option",
                "multi_static_select": "selected_options",
                "file_input": "files",
            }
            name = names.get(element["type"], "value")
            found[block["block_id"]] = {element["action_id"]: {"type": element["type"], name: kept[name]}}
    return found


def _filled(state: Body) -> bool:
    return any(value for name, value in state.items() if name != "type")


def _words(value: Any) -> list[str]:
    """Every text in blocks; what stands in a rich text is one."""
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    if not isinstance(value, dict):
        return []
    if value.get("type") == "rich_text":
        return ["".join(one["text"] for part in value["elements"] for one in part["elements"])]
    found = [f"picture {value['alt_text']}"] if "slack_file" in value else []
    found += [str(value[name]) for name in ("text", "initial_value") if isinstance(value.get(name), str)]
    return found + [word for one in value.values() for word in _words(one)]


class SlackSite:
    """Slack with the real adapter."""

    def __init__(self, slack: Slack, app: SlackApp) -> None:
        self.slack, self.app = slack, app
        self.messenger = app.messenger

    async def person(self, account: str) -> SlackPerson:
        self.slack.people[Account.parse(account).id] = account.rpartition("/")[2]
        return SlackPerson(self.slack, self.app, account)


@asynccontextmanager
async def slack_site(
    door: Door, store: PlatformStore, images: ImageSource, clock: Any, language: str
) -> AsyncIterator[SlackSite]:
    """Slack, running."""
    slack = Slack()
    slack.locale = {"zh": "zh-CN", "en": "en-US"}[language]
    await slack.start()
    app = make(slack, store, door, images=images, clock=clock)
    await app.start()
    try:
        yield SlackSite(slack, app)
    finally:
        await app.stop()
        await slack.stop()
    assert not slack.broken, slack.broken
