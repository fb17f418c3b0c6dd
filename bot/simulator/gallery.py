"""The finished pictures of tasks: made when first looked at, kept for a while, reached through signed links that
die."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from bot.simulator import painter, rules
from bot.simulator.store import Store, Task

KEPT = 12
AT_ONCE = 2


class Gallery:
    """Draws off the event loop, two at once at most, and keeps the last few."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, int, str], bytes] = OrderedDict()
        self._hands = asyncio.Semaphore(AT_ONCE)

    def link(self, base: str, task: Task, number: int, until: int, wishes: Mapping[str, Any]) -> str:
        """An address that lives until `until` (seconds since 1970); its path has no real extension, as the real
        ones."""
        name = f"{task.id}-{number}~tplv-simulator-image.image"
        marks = _marks(wishes)
        told = {"rk3s": "51a1a702", "x-expires": str(until), "x-marks": marks}
        return f"{base}/picture/{name}?{urlencode({**told, 'x-signature': self._sign(name, told)})}"

    def is_open(self, name: str, asked: Mapping[str, str], now: float) -> bool:
        """True for a link of ours whose time is not over."""
        told = {part: asked.get(part, "") for part in ("rk3s", "x-expires", "x-marks")}
        genuine = hmac.compare_digest(self._sign(name, told), asked.get("x-signature", ""))
        return genuine and now < float(told["x-expires"])

    async def fetch(self, name: str, asked: Mapping[str, str]) -> bytes | None:
        """The picture of a genuine link; None when its task is gone."""
        task_id, _, number = name.partition("~")[0].partition("-")
        task = await self._store.find(task_id)
        return None if task is None else await self.make(task, int(number), _wishes(asked["x-marks"]))

    async def make(self, task: Task, number: int, wishes: Mapping[str, Any]) -> bytes:
        """The encoded picture, labelled as the poll wished."""
        place = (task.id, number, _marks(wishes))
        async with self._hands:
            if place not in self._kept:
                rule = rules.RULES[task.req_key]
                wanted = painter.Wanted(
                    prompt=task.prompt,
                    seed=task.seed + number,
                    size=(task.width, task.height),
                    scale=task.scale,
                    png=rule.png,
                    enlarge=rule.upscale,
                    references=tuple(await self._store.references(task.id)),
                    logo=wishes.get("logo_info") or {},
                    meta=wishes.get("aigc_meta") or {},
                )
                self._kept[place] = await asyncio.to_thread(painter.paint, wanted)
            self._kept.move_to_end(place)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[place]

    def _sign(self, name: str, told: Mapping[str, str]) -> str:
        text = "\n".join((name, *told.values()))
        return base64.b64encode(hmac.new(self._store.secret, text.encode(), hashlib.sha256).digest()).decode()


def _marks(wishes: Mapping[str, Any]) -> str:
    """The label a poll asked for, as text that fits a link."""
    chosen = {name: wishes[name] for name in ("logo_info", "aigc_meta") if wishes.get(name)}
    return base64.urlsafe_b64encode(json.dumps(chosen, sort_keys=True).encode()).decode() if chosen else ""


def _wishes(marks: str) -> dict[str, Any]:
    if not marks:
        return {}
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(marks))
    return told
