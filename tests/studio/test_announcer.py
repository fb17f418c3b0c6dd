"""The thread is a view of the record: shown once for every change, whatever the platform does."""

import asyncio
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from core import rules
from core.alerts import alert
from core.errors import DeliveryTrouble, Undeliverable
from core.generations import touch
from core.painting import delete
from core.records.tables import credentials, generations, members
from core.replies import Button, Facts, Reply
from core.requests import Line
from core.studio.announcer import DUE
from core.studio.queue_news import step_of
from tests.studio.scene import Scene, Screen, painting
from tests.studio.wire import GENERATING


async def stands(scene: Scene, generation: str, **values: Any) -> None:
    """Until the painting's row has these values."""
    where = [generations.c[name] == value for name, value in values.items()]

    async def ready() -> Any:
        return await scene.rows(sa.select(generations.c.id).where(generations.c.id == generation, *where))

    await scene.until(ready)


def keys_of(reply: Reply) -> set[str]:
    return {part.key for part in reply.parts if isinstance(part, Line)}


def shown(scene: Scene, generation: str, slot: str = "receipt") -> list[Reply]:
    return scene.screen.shown.get(f"{generation}/{slot}", [])


async def test_a_receipt_stands_before_anything_is_painted(scene: Scene) -> None:
    generation = await scene.paint()
    async with painting(scene):
        await stands(scene, generation, shown=1)
    (receipt,) = shown(scene, generation)
    assert "card.accepted" in keys_of(receipt)


async def test_the_button_for_a_final_says_what_one_costs(scene: Scene) -> None:
    """It said no price, which the member learned a press later."""
    await scene.key()
    async with scene.records.write() as tx:
        await rules.change(tx, "final", 350)
    generation = await scene.paint()
    async with painting(scene):
        await stands(scene, generation, delivery="delivered")
    (result,) = shown(scene, generation, "result")
    assert [one.label.values for one in result.buttons if isinstance(one, Button) and one.verb == "final"] == [
        {"points": 350}
    ]


async def test_a_failure_is_told_privately_once(scene: Scene) -> None:
    await scene.key()
    scene.wire.then("submit", 50412)
    generation = await scene.paint()
    async with painting(scene):
        await stands(scene, generation, delivery="delivered")
    ((account, reply, once),) = scene.screen.told
    assert (account, once, reply.private) == ("page:mei", f"{generation}/why", True)
    assert "jimeng.words_refused" in keys_of(reply)
    assert "card.failed_public" in keys_of(shown(scene, generation)[-1])


async def test_a_platform_in_trouble_is_asked_again_later_and_draws_nothing_twice(scene: Scene) -> None:
    await scene.key()
    generation = await scene.paint()
    scene.screen.trouble = DeliveryTrouble("slow down", retry_after=30)
    async with painting(scene):
        view = await scene.settled(generation)
        await scene.until(lambda: scene.rows(sa.select(generations.c.id).where(generations.c.delivery_tries > 0)))
        scene.screen.trouble = None
        assert view.delivery == "pending"
        scene.forward(seconds=31)
        await stands(scene, generation, delivery="delivered", delivery_tries=0)
    assert scene.wire.submits == 1
    assert len(shown(scene, generation, "result")) == 1


async def test_a_platform_that_says_when_to_come_again_is_asked_as_often_as_it_says(sqlite_scene: Scene) -> None:
    """In a busy channel such tries used up the forty, and a painted picture counted as undeliverable."""
    scene = sqlite_scene
    await scene.key()
    generation = await scene.paint()
    scene.screen.trouble = DeliveryTrouble("paced", retry_after=1)

    async def asked_often() -> bool:
        scene.forward(seconds=1)
        return scene.screen.asked > 10

    async def arrived() -> Any:
        scene.forward(seconds=1)  # a refusal on its way may write its second down after we moved the clock
        there = (generations.c.id == generation, generations.c.delivery == "delivered")
        return await scene.rows(sa.select(generations.c.id).where(*there))

    async with painting(scene, tell_tries=3):
        await scene.until(asked_often)
        scene.screen.trouble = None
        await scene.until(arrived)


async def test_what_can_never_be_delivered_is_painted_and_kept_and_sent_again_when_asked(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    generation = await scene.paint()
    scene.screen.trouble = Undeliverable("channel_gone")
    async with painting(scene):
        await stands(scene, generation, delivery="undeliverable", delivery_note="channel_gone")
        scene.screen.trouble = None
        async with scene.records.write() as tx:
            await touch(tx, generation, delivery="pending", delivery_tries=0)
        await stands(scene, generation, delivery="delivered")
    assert scene.wire.submits == 1
    assert len(shown(scene, generation, "result")) == 1


async def test_a_receipt_that_cannot_arrive_does_not_give_up_the_pictures(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    generation = await scene.paint()
    scene.screen.trouble = Undeliverable("not_in_channel")
    async with painting(scene):
        await stands(scene, generation, shown=1, delivery="pending", delivery_note="not_in_channel")
        scene.screen.trouble = None
        await scene.key()
        await stands(scene, generation, delivery="delivered")


async def test_a_slow_platform_holds_up_no_other(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    slow, quick = Screen("slow"), scene.screen
    slow.held = asyncio.Event()
    first, second = await scene.paint(), await scene.paint("wei")
    async with scene.records.write() as tx:
        await tx.change(sa.update(generations).where(generations.c.id == first).values(platform="slow"))
    async with painting(scene, messengers={"slow": slow, "page": quick}):
        await stands(scene, second, shown=1)
        assert (await scene.view(first)).delivery == "pending"
        assert not slow.shown
        slow.held.set()
        await stands(scene, first, shown=1)


async def test_edits_of_a_receipt_keep_their_distance_but_an_ending_comes_at_once(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    key = await scene.key()
    scene.wire.always["poll"] = GENERATING
    generation = await scene.paint()
    async with painting(scene, edit=3.0):
        await scene.reaches(generation, "submitted")
        await stands(scene, generation, shown=1)
        for _ in range(5):
            async with scene.records.write() as tx:
                await touch(tx, generation)
        assert len(shown(scene, generation)) == 1
        scene.forward(seconds=4)
        await stands(scene, generation, shown=generations.c.revision)
        assert len(shown(scene, generation)) == 2
        del scene.wire.always["poll"]
        await stands(scene, generation, delivery="delivered")
    assert key
    assert len(shown(scene, generation)) == 3


async def test_a_deleted_painting_is_not_shown(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    await scene.key()
    generation = await scene.paint()
    async with painting(scene):
        await stands(scene, generation, delivery="delivered")
    before = len(shown(scene, generation))
    await delete(scene.house, generation)
    other = await scene.paint("wei")
    async with painting(scene):
        await stands(scene, other, delivery="delivered")
    assert len(shown(scene, generation)) == before


async def test_another_process_takes_over_what_a_dead_one_was_showing(scene: Scene) -> None:
    generation = await scene.paint()
    async with scene.records.write() as tx:
        await tx.change(sa.update(generations).values(teller="a dead lease"))
    async with painting(scene):
        await stands(scene, generation, shown=1)


def test_positions_are_told_at_ten_five_three_two_and_one() -> None:
    assert [step_of(ahead) for ahead in (40, 11, 10, 7, 6, 5, 4, 3, 2, 1, 0)] == [11, 11, 10, 10, 10, 5, 5, 3, 2, 1, 1]


async def test_a_waiting_receipt_moves_when_a_step_is_reached(scene: Scene) -> None:
    key = await scene.key(at_once=1)
    scene.wire.always["poll"] = GENERATING
    async with painting(scene):
        running = [await scene.paint("m0")]
        await scene.reaches(running[0], "submitted")
        for n in range(1, 4):
            scene.forward(seconds=1)
            running.append(await scene.paint(f"m{n}"))
        await stands(scene, running[-1], shown=1)
        (receipt,) = shown(scene, running[-1])
        assert Line("card.ahead", {"n": 3}, tone="fact") in receipt.parts
        async with scene.records.write() as tx:
            await tx.change(sa.update(credentials).where(credentials.c.id == key).values(at_once=2))
        await scene.reaches(running[1], "submitted")
        await stands(scene, running[-1], shown=2)
        moved = shown(scene, running[-1])[-1]
        assert Line("card.ahead", {"n": 2}, tone="fact") in moved.parts


async def test_every_admin_hears_an_alert_once_in_their_language_with_its_button(sqlite_scene: Scene) -> None:
    scene = sqlite_scene
    for name in ("boss", "chef"):
        await scene.member(name, role="admin")
    there = Button(Line("admin.button_open"), "admin.keys.one", "1")
    facts = Facts(((Line("details.asked"), scene.records.clock()), (Line("details.state"), Line("details.none"))))
    async with scene.records.write() as tx:
        await tx.change(sa.update(members).where(members.c.name == "chef").values(language="zh"))
        for _ in range(2):
            line = Line("keys.alert_spent", {"alias": "a", "req_key": "b", "code": "c", "message": "d"})
            await alert(tx, "key:1", line, facts=facts, button=there)
    async with painting(scene):

        async def heard() -> bool:
            return len(scene.screen.told) == 2

        await scene.until(heard)
    assert [(account, once) for account, _, once in scene.screen.told] == [
        ("page:boss", "alert:1:boss"),
        ("page:chef", "alert:1:chef"),
    ]
    assert scene.screen.languages == ["en", "zh"]
    for _, reply, _ in scene.screen.told:
        assert keys_of(reply) == {"keys.alert_spent"} and reply.parts[1] == facts and reply.buttons == (there,)


async def test_looking_for_work_reads_an_index_however_many_paintings_there_are(sqlite_scene: Scene) -> None:
    query = DUE[False].params(the_platform="page", now=sqlite_scene.records.clock(), most=1)
    said = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    async with sqlite_scene.records.read() as tx:
        plan = " ".join(str(row["detail"]) for row in await tx.all(sa.text(f"EXPLAIN QUERY PLAN {said}")))
    assert "ix_generations_to_show" in plan
