"""What Slack's Web API does when it is asked, with its limits and its errors; `stand_in` puts it on a port."""

import itertools
import json
from collections import defaultdict
from typing import Any

from tests.slack.limits import check_message, check_view

BOT, TEAM = "U0BOT0001", "T0PAINT01"
MAKES_BLOCKS = {"chat.postMessage": 40_000, "chat.update": 4_000, "chat.postEphemeral": 40_000}

Body = dict[str, Any]


class No(Exception):
    """An API error to answer: code and messages."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(code)
        self.code, self.messages = code, list(messages)


class Methods:
    """Channels, messages, modals and files as they stand; one `do_` for each method the bot may call."""

    url = ""

    def __init__(self) -> None:
        self.messages: dict[str, list[Body]] = defaultdict(list)
        self.whispers: list[Body] = []
        self.views: dict[str, Body] = {}
        self.homes: dict[str, Body] = {}
        self.files: dict[str, Body] = {}
        self.members = {"C0ART00001"}
        self.refused: dict[str, str] = {}
        self.roots: set[str] = set()
        self.replied: set[str] = set()
        self.invalid_triggers: set[str] = set()
        self.looks_needed = 1
        self.too_early = 0
        self.locale = "en-US"
        self.opened = 0
        self._count = itertools.count(1)

    def do_auth_test(self, args: Body) -> Body:
        return {"user_id": BOT, "bot_id": "B0BOT00001", "team_id": TEAM, "user": "paintbot", "url": self.url}

    def do_bots_info(self, args: Body) -> Body:
        assert args["bot"] == "B0BOT00001"
        return {"bot": {"id": args["bot"], "app_id": "A0PAINT001"}}

    def do_apps_connections_open(self, args: Body) -> Body:
        self.opened += 1
        return {"url": f"{self.url.replace('http', 'ws')}/socket?ticket={self.opened}"}

    def do_users_info(self, args: Body) -> Body:
        assert args["include_locale"] == "true"
        return {"user": {"id": args["user"], "name": "ann", "locale": self.locale, "profile": {"display_name": "Ann"}}}

    def do_conversations_open(self, args: Body) -> Body:
        return {"channel": {"id": f"D0{args['users'][2:]}"}}

    def do_conversations_replies(self, args: Body) -> Body:
        self._reachable(args["channel"])
        found = [m for m in self.messages[args["channel"]] if args["ts"] in (m["ts"], m.get("thread_ts"))]
        return {"messages": [_told(one) for one in found]}

    def do_conversations_history(self, args: Body) -> Body:
        self._reachable(args["channel"])
        found = [m for m in reversed(self.messages[args["channel"]]) if not m.get("thread_ts")]
        return {"messages": [_told(one) for one in found]}

    def do_chat_postMessage(self, args: Body) -> Body:
        self._reachable(args["channel"])
        self._blocks("chat.postMessage", args)
        ts = f"1764500000.{next(self._count):06d}"
        self.messages[args["channel"]].append({**args, "ts": ts, "user": BOT})
        return {"channel": args["channel"], "ts": ts}

    def do_chat_postEphemeral(self, args: Body) -> Body:
        self._reachable(args["channel"])
        self._blocks("chat.postEphemeral", args)
        assert not self.childless(args.get("thread_ts", "")), "a whisper under a message without replies is never shown"
        self.whispers.append(args)
        return {"message_ts": f"1764500000.{next(self._count):06d}"}

    def do_chat_update(self, args: Body) -> Body:
        self._reachable(args["channel"])
        self._blocks("chat.update", args)
        message = self._find(args["channel"], args["ts"])
        message |= {"text": args["text"], "blocks": args["blocks"]}
        return {"channel": args["channel"], "ts": args["ts"]}

    def do_chat_delete(self, args: Body) -> Body:
        self.messages[args["channel"]].remove(self._find(args["channel"], args["ts"]))
        return {}

    def do_views_open(self, args: Body) -> Body:
        return self._view(args, f"V0{next(self._count):08d}")

    do_views_push = do_views_open

    def do_views_update(self, args: Body) -> Body:
        if args["view_id"] not in self.views:
            raise No("not_found")
        return self._view({"view": args["view"]}, args["view_id"])

    def do_views_publish(self, args: Body) -> Body:
        check_view(args["view"])
        self._pictures(args["view"]["blocks"])
        self.homes[args["user_id"]] = args["view"]
        return {}

    def do_files_getUploadURLExternal(self, args: Body) -> Body:
        assert args["filename"] and int(args["length"]) > 0 and len(args.get("alt_txt", "")) <= 1000
        file = f"F0{next(self._count):08d}"
        self.files[file] = {
            "id": file,
            "name": args["filename"],
            "length": int(args["length"]),
            "looks": 0,
            "mimetype": "",
        }
        return {"upload_url": f"{self.url}/upload/{file}", "file_id": file}

    def do_files_completeUploadExternal(self, args: Body) -> Body:
        sent = json.loads(args["files"])
        for one in sent:
            assert len(self.files[one["id"]]["content"]) == self.files[one["id"]]["length"]
            self.files[one["id"]] |= {
                "complete": True,
                "channel": args.get("channel_id"),
                "thread": args.get("thread_ts"),
            }
        return {"files": [{"id": one["id"]} for one in sent]}

    def do_files_info(self, args: Body) -> Body:
        file = self.files.get(args["file"])
        if file is None:
            raise No("file_not_found")
        file["looks"] = file.get("looks", 0) + 1
        if file.get("complete") and file["looks"] >= self.looks_needed:
            file["mimetype"] = "image/jpeg"
        return {"file": {name: value for name, value in file.items() if name != "content"}}

    def do_files_delete(self, args: Body) -> Body:
        if self.files.pop(args["file"], None) is None:
            raise No("file_not_found")
        return {}

    def childless(self, ts: str) -> bool:
        """Whether a message known here has no replies."""
        every = [one for channel in self.messages.values() for one in channel]
        known = ts in self.roots or any(one["ts"] == ts for one in every)
        return bool(ts) and known and ts not in self.replied and not any(one.get("thread_ts") == ts for one in every)

    def _reachable(self, channel: str) -> None:
        if channel not in self.members and not channel.startswith("D"):
            raise No("not_in_channel")
        if channel in self.refused:
            raise No(self.refused[channel])

    def _blocks(self, method: str, args: Body) -> None:
        check_message(args, MAKES_BLOCKS[method])
        self._pictures(args["blocks"])

    def _pictures(self, blocks: list[Body]) -> None:
        for number, block in enumerate(blocks):
            picture = block.get("slack_file") or block.get("accessory", {}).get("slack_file")
            if picture and (self.too_early > 0 or not self.files.get(picture["id"], {}).get("mimetype")):
                self.too_early -= 1
                raise No("invalid_blocks", f"invalid slack file [json-pointer:/blocks/{number}/slack_file]")

    def _view(self, args: Body, view_id: str) -> Body:
        if "trigger_id" in args:
            if args["trigger_id"] in self.invalid_triggers:
                raise No("expired_trigger_id")
            self.invalid_triggers.add(args["trigger_id"])
        check_view(args["view"])
        self._pictures(args["view"]["blocks"])
        blocks = [{"block_id": f"auto{number}", **block} for number, block in enumerate(args["view"]["blocks"])]
        self.views[view_id] = args["view"] | {"blocks": blocks}
        return {"view": {"id": view_id, "hash": f"{next(self._count)}.h"}}

    def _find(self, channel: str, ts: str) -> Body:
        found = [one for one in self.messages[channel] if one["ts"] == ts]
        if not found:
            raise No("message_not_found")
        return found[0]


def _told(value: Any) -> Any:
    """A message as it is told: with each picture more than may be sent."""
    if isinstance(value, list):
        return [_told(one) for one in value]
    if not isinstance(value, dict):
        return value
    more = {"image_width": 512, "fallback": "512x512px image"} if "slack_file" in value else {}
    return {name: _told(one) for name, one in value.items()} | more
