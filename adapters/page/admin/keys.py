"""The health of every key as cards: what it may do, what it did today, and what an admin does about it."""

from functools import partial
from itertools import groupby

from nicegui.element import Element

from adapters.page.admin.floor import Floor
from adapters.page.elements import Tag, box, button, icon
from core.looks import Capability, KeyRow, KeysLook
from core.requests import Line

NUMBERS = ("submits", "kept", "failed")
SIGNS = {"ok": "check_circle", "waiting": "schedule", "bad": "error", "off": "o_do_not_disturb_on"}
"""A state is told by its sign and its word too, never by its colour alone."""


def _order(look: KeysLook) -> tuple[object, ...]:
    """What decides which cards there are, and where."""
    return (look.pool, *((key.id, key.pool, key.alias, key.tone == "off") for key in look.keys))


class KeysView:
    """The keys section."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._look = KeysLook("", ())
        self._shown: KeysLook | None = None
        self._drawn: dict[int, Element] = {}

    async def load(self) -> bool:
        """All keys as they stand."""
        look = await self._floor.look("keys")
        if isinstance(look, KeysLook):
            self._look = look
        return self._look != self._shown

    def build(self) -> None:
        """What can be added, and the cards' place."""
        floor = self._floor
        with box("pb-bar"):
            Tag("span", floor.line(Line("admin_keys.never_shown")), "pb-count")
            with box("pb-buttons small"):
                button(floor.line(Line("admin_keys.button_bind")), lambda: floor.act("admin.keys.bind"), "quiet").mark(
                    "bind"
                )
                button(floor.line(Line("admin_keys.button_add")), lambda: floor.act("admin.keys.add"), "primary").mark(
                    "add"
                )
        self._cards = box("pb-keys")

    def show(self) -> None:
        """The keys of the pool in use first, then the others."""
        before, self._shown = self._shown, self._look
        look, floor = self._look, self._floor
        if before is not None and _order(before) == _order(look):
            # numbers change all the time: the reader's place in the other cards is not lost for them
            for old, key in zip(before.keys, look.keys, strict=True):
                if old != key:
                    self._fill(key)
            return
        self._cards.clear()
        with self._cards:
            if not any(key.bound and key.tone != "off" for key in look.keys):
                Tag("p", floor.line(Line("admin_keys.pool_empty", {"pool": look.pool})), "pb-notice", role="alert")
            ordered = sorted(look.keys, key=lambda key: (not key.bound, key.pool))
            for pool, keys in groupby(ordered, lambda key: key.pool):
                self._pool_of(pool, list(keys))

    def _pool_of(self, pool: str, keys: list[KeyRow]) -> None:
        name = "admin_keys.pool_in_use" if keys[0].bound else "admin_keys.pool"
        on = sum(key.tone != "off" for key in keys)
        Tag("h2", self._floor.line(Line(name, {"pool": pool, "n": on, "all": len(keys)})), "pb-group")
        with box("pb-cards"):
            for key in keys:
                self._drawn[key.id] = box("", "article", aria_label=key.alias).mark(f"key-{key.id}")
                self._fill(key)

    def _fill(self, key: KeyRow) -> None:
        floor, card = self._floor, self._drawn[key.id]
        card.clear()
        card.classes(replace=f"pb-key {key.tone}")
        with card:
            with box("pb-key-head", "header"):
                Tag("h3", key.alias)
                Tag("code", key.access_key)
                self._state(key.tone, floor.line(key.state), "span")
            with box("pb-key-numbers", "dl"):
                for name in NUMBERS:
                    Tag("dt", floor.say(f"key_{name}"))
                    Tag("dd", floor.value(getattr(key, name)))
                Tag("dt", floor.say("key_in_flight"))
                Tag("dd", floor.say("of", n=key.in_flight, most=key.at_once))
            with box("pb-key-capabilities", "ul"):
                for one in key.capabilities if key.tone != "off" else ():
                    self._capability(one)
            self._buttons(key)

    def _state(self, tone: str, said: str, tag: str) -> None:
        with box(f"pb-state {tone}", tag):
            icon(SIGNS[tone])
            Tag("span", said)

    def _capability(self, one: Capability) -> None:
        with box("", "li"):
            self._state(one.tone, self._floor.line(one.line), "span")
            numbers = self._floor.say("capability_today", kept=one.kept, failed=one.failed)
            Tag("small", numbers)

    def _buttons(self, key: KeyRow) -> None:
        floor = self._floor
        with box("pb-buttons small", role="group"):
            if key.tone != "off":
                self._button(Line("admin_keys.button_test"), key, "test", "plain")
            if key.tone == "bad":
                self._button(Line("admin_keys.button_reset"), key, "reset", "plain")
            switch = "enable" if key.tone == "off" else "disable"
            self._button(Line(f"admin.button_{switch}"), key, switch, "plain" if switch == "enable" else "quiet")
            press = partial(floor.open, "admin.keys.one", str(key.id))
            button(floor.line(Line("admin.button_open")), press, "quiet").mark(f"open-{key.id}")

    def _button(self, label: Line, key: KeyRow, verb: str, style: str) -> None:
        press = partial(self._floor.act, f"admin.keys.{verb}", str(key.id))
        button(self._floor.line(label), press, style).mark(f"{verb}-{key.id}")
