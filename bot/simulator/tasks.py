"""The life of a simulated task: accepted or refused at submit, waiting, painted, found again or not at poll."""

import base64
import json
import secrets
from collections import deque
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from bot.simulator import faults, references, rules
from bot.simulator.answers import Business
from bot.simulator.config import Key
from bot.simulator.faults import Wish
from bot.simulator.rules import Order
from bot.simulator.state import Simulator
from bot.simulator.store import Task

NO_WISH = Wish(())


async def submit(simulator: Simulator, key: Key, told: Mapping[str, Any]) -> tuple[str, str]:
    """The id of a new task, and a fault its prompt wished for ("" none). Raises Business with the code of the
    refusal."""
    req_key = told.get("req_key")
    rule = rules.RULES.get(req_key) if isinstance(req_key, str) else None
    if rule is None or req_key in key.not_activated:
        raise Business(50400)
    _check_rate(simulator, f"{key.access_key_id} {req_key}")
    order = rules.read(rule, told)
    wish = await _wish(simulator, order)
    if wish.submit:
        raise Business(wish.submit)
    if wish.fault.startswith("html"):
        return "", wish.fault
    files = await references.collect(simulator.http, rule, order)
    task = _task(simulator, key, str(req_key), order, _size(order, files), wish)
    limit = simulator.config.in_flight if key.in_flight is None else key.in_flight
    if not await simulator.store.accept(task, files, limit):
        raise Business(50430)
    return task.id, wish.fault


async def poll(simulator: Simulator, key: Key, told: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The `data` of a poll's answer. Raises Business: 50215 bad parameters or (when set) an unknown id, else the
    task's own end."""
    wishes = _req_json(told)
    task_id, req_key = told.get("task_id"), told.get("req_key")
    if not isinstance(task_id, str) or not task_id or not isinstance(req_key, str):
        raise Business(50215)
    if req_key not in rules.RULES or req_key in key.not_activated:
        raise Business(50400)
    config, now = simulator.config, simulator.config.now()
    task = await simulator.store.find(task_id)
    own = task is not None and task.key == key.access_key_id and task.req_key == req_key
    if task is None or not own or now - task.at > config.life_seconds or task.fate == "not_found":
        if config.unknown_task == "50215":
            raise Business(50215)
        return _state("not_found")
    status = task.status(now)
    if status != "done":
        return _state(status)
    if task.fate == "expired":
        return _state("expired")
    if task.outcome != 10000:
        raise Business(task.outcome)
    if wishes.get("return_url") is True:
        until = int(now + config.link_seconds)
        return _state(
            "done", urls=[simulator.pictures.link(base, task, number, until, wishes) for number in range(task.count)]
        )
    made = [await simulator.pictures.make(task, number, wishes) for number in range(task.count)]
    return _state("done", encoded=[base64.b64encode(picture).decode() for picture in made])


def _check_rate(simulator: Simulator, who: str) -> None:
    """At most `qps` submits in any second per key and req_key; else 50429."""
    now = simulator.config.now()
    recent = simulator.recent.setdefault(who, deque())
    while recent and now - recent[0] >= 1:
        recent.popleft()
    if len(recent) >= simulator.config.qps:
        raise Business(50429)
    recent.append(now)


async def _wish(simulator: Simulator, order: Order) -> Wish:
    wish = faults.wish_of(order.prompt)
    if wish is None:
        return NO_WISH
    if wish.once and not await simulator.store.trick(f"{wish.words[0]} {order.prompt}", simulator.config.now()):
        return NO_WISH
    return wish


def _size(order: Order, files: list[bytes]) -> tuple[int, int]:
    """An upscaler keeps its reference's shape; everything else is what the order says."""
    if not order.long_side:
        return order.size
    with Image.open(BytesIO(files[0])) as picture:
        width, height = picture.size
    grown = order.long_side / max(width, height)
    return round(width * grown), round(height * grown)


def _task(simulator: Simulator, key: Key, req_key: str, order: Order, size: tuple[int, int], wish: Wish) -> Task:
    config = simulator.config
    now = config.now()
    painting_at = now + config.queue_seconds
    return Task(
        id=str(7 * 10**18 + secrets.randbelow(10**18)),
        key=key.access_key_id,
        req_key=req_key,
        prompt=order.prompt,
        seed=order.seed if order.seed >= 0 else secrets.randbelow(2**31),
        width=size[0],
        height=size[1],
        scale=order.scale,
        count=order.count,
        long_side=order.long_side,
        at=now,
        painting_at=painting_at,
        done_at=painting_at + config.paint_seconds * wish.slower,
        outcome=wish.outcome or 10000,
        fate=wish.fate,
    )


def _req_json(told: Mapping[str, Any]) -> dict[str, Any]:
    """A string holding a JSON object; an object in its place is the usual client's mistake, told 50215."""
    given = told.get("req_json", "{}")
    try:
        wishes = json.loads(given) if isinstance(given, str) else None
    except ValueError as error:
        raise Business(50215) from error
    if not isinstance(wishes, dict) or not isinstance(wishes.get("logo_info", {}), dict):
        raise Business(50215)
    return wishes


def _state(status: str, urls: list[str] | None = None, encoded: list[str] | None = None) -> dict[str, Any]:
    return {"binary_data_base64": encoded, "image_urls": urls, "status": status}
