"""Everything an admin can reach on Slack, with the longest words a member may write, over the wire: the stand-in checks each payload."""

from collections import Counter, deque
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from core import examples, gallery, templates
from core.records import Records
from core.records.tables import members
from tests.adapters.slack_site import SlackPerson
from tests.adapters.town import ADMIN, MEMBER, Town, opened
from tests.conftest import Clock
from tests.slack.limits import units
from tests.slack.stand_in import payload

NASTY = '🐈‍⬛ *bold* _it_ <!channel> <@U1> `x` & "q" 夜晚霓虹灯\n'
LONGEST = (NASTY * 40)[:799].strip() + "🐈"
NAME = "👩🏽‍🚀" * 10
EACH, MOST = 1, 400
"""Buttons of one verb that are pressed, and buttons in all."""

ADMINS = [
    "status",
    "prices",
    "keys",
    "points",
    "budgets",
    "records",
    "inspirations",
    "examples",
    "templates",
    "access",
    "audit",
    "pause",
    "link",
]
COMMANDS = (
    *(f"/admin {section}".strip() for section in ("", *ADMINS)),
    *("/help", "/help params", "/help prompt", "/help terms", "/paint defaults", "/paint language", "/paint link"),
    *("/random 3", "/works", "/works status:failed", "/points", "/gallery", "/templates", "/paint", "/paint 猫 --nope"),
    f"/show {NAME}",
    f"/works {LONGEST}",
    f"/paint {LONGEST}{LONGEST}",
    f"/paint --tpl {NAME}",
    f"/paint cat --ar {NAME}",
)


@pytest.fixture(params=["zh", "en"])
async def town(request: pytest.FixtureRequest, sqlite_records: Records, clock: Clock) -> AsyncIterator[Town]:
    """A team on Slack whose works, templates, entries and names are as long as they may be."""
    async with opened(sqlite_records, clock, "slack", request.param) as made:
        yield made


async def furnished(town: Town) -> SlackPerson:
    """One of everything, at its longest; the admin whose it is."""
    admin, stage = await town.person(ADMIN), town.stage
    await stage.rule(confirm_above=300)
    member = await stage.member(town.account(ADMIN))
    async with stage.records.write() as tx:
        await tx.change(sa.update(members).where(members.c.id == member.id).values(points=100_000))
        await examples.seed_examples(tx)
        await examples.add(tx, "story", town.language, LONGEST)
        for at in range(12):
            await templates.add(tx, f"{NAME[:36]}{at}", f"{LONGEST[:700]}{{gap}}", owner=None if at % 2 else member.id)
            await gallery.add(tx, f"{NAME[:36]}{at}", LONGEST[:700])
    label = " ".join([NAME] * 3)[:40]
    for text in (
        f"{LONGEST} --for {label}\n--src {NASTY.strip() * 3}\n--n 2",
        f"{LONGEST} --private",
        f"{LONGEST} --hd --seed 7",
    ):
        await town.painted(ADMIN, text)
    await town.painted(ADMIN, f"{LONGEST} --n 3", failing=1)
    await town.painted(ADMIN, LONGEST, failing=1)
    await town.painted(MEMBER, LONGEST)
    assert isinstance(admin, SlackPerson)
    return admin


class Walk:
    """One person who presses whatever can be pressed, and submits each form as it stands and filled to the brim."""

    def __init__(self, town: Town, person: SlackPerson) -> None:
        self.town, self.person, self.slack = town, person, person.slack
        self.pressed: Counter[str] = Counter()
        self.known: set[str] = set()
        self.forms: set[str] = set()
        self.waiting: deque[tuple[dict[str, Any], dict[str, Any], str]] = deque()

    def gather(self) -> None:
        """Every button on screen that was not there before."""
        for message in self.person._messages():
            self._take(message, message["blocks"], "")
        for view_id, view in self.slack.views.items():
            self._take(view, view["blocks"], view_id)
        for view in self.slack.homes.values():
            self._take(view, view["blocks"], "home")

    def _take(self, where: dict[str, Any], blocks: list[dict[str, Any]], view_id: str) -> None:
        for block in blocks:
            for button in block["elements"] if block["type"] == "actions" else ():
                value = str(button.get("value", ""))
                verb = value.partition(":")[0]
                if value and value not in self.known and self.pressed[verb] < EACH:
                    self.known.add(value)
                    self.pressed[verb] += 1
                    self.waiting.append((where, button, view_id))

    async def go(self) -> int:
        """Press until nothing is new; how many buttons there were."""
        count = 0
        self.gather()
        while self.waiting and count < MOST:
            where, button, view_id = self.waiting.popleft()
            count += 1
            before = set(self.slack.views)
            self.person.began()
            if view_id == "home":
                await self._press_home(where, button)
            elif view_id:
                self.slack.views.setdefault(view_id, where)
                self.slack.stacks[self.person.user] = [view_id]
                await self.person._press_in_view(view_id, where, button)
            else:
                await self.person._press_in_message(where, button)
            for opened_id in [one for one in self.slack.views if one not in before or one == view_id]:
                await self.fill(opened_id)
            self.gather()
        return count

    async def _press_home(self, view: dict[str, Any], button: dict[str, Any]) -> None:
        body = payload("press_in_view", actions=[{name: button[name] for name in ("type", "action_id", "value")}])
        body |= self.person._who()
        body["view"] |= view | {"id": "V0HOME", "state": {"values": {}}}
        await self.person._send(body)

    async def fill(self, view_id: str) -> None:
        """Submit this form, as it stands and with the longest words its fields take."""
        view = self.slack.views[view_id]
        verb = str(view["private_metadata"])[:40]
        if "submit" not in view or verb in self.forms:
            return
        self.forms.add(verb)
        for fill in (_brim(view), {}):
            self.slack.views[view_id] = view
            self.slack.stacks[self.person.user] = [view_id]
            try:
                await self.person.submit(fill)
            except AssertionError as error:
                assert "does not submit" in str(error), error


def _brim(view: dict[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input":
            most = block["element"]["max_length"]
            words = (NASTY * 60)[:most] if block["element"]["multiline"] else (NAME * 60)[:most]
            while units(words) > most:
                words = words[:-1]
            filled[block["block_id"]] = words
    return filled


async def test_whatever_is_pressed_or_filled_in_fits_into_what_slack_takes(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    admin = await furnished(town)
    walk = Walk(town, admin)
    with capture_logs() as logs:
        await admin._send(payload("home_opened", user=admin.user))
        for command in COMMANDS:
            await admin.type(command)
            walk.gather()
            for view_id in list(admin.slack.views):
                await walk.fill(view_id)
        pressed = await walk.go()
        await town.announce()
        await admin._send(payload("home_opened", user=admin.user, event_id="Ev2"))
    assert pressed > 80 and len(walk.forms) > 25
    assert not admin.slack.broken
    assert not [one for one in logs if one["log_level"] in ("warning", "error")], "what could not be shown"
    assert not [one for one in caplog.records if one.levelname in ("ERROR", "CRITICAL")], "what went wrong"
