"""Telegram away for a while: answers go out by themselves once it is back, never more often than is honest, and none after a day."""

import asyncio

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import GetMe
from aiohttp import ConnectionTimeoutError

from adapters.telegram.gate.troubles import never_sent
from core.errors import DeliveryTrouble
from core.requests import Offered
from tests.telegram.scene import ANA, Scene, eventually, payload, place, result

PATIENCE, INBOX = "adapters.telegram.gate.patience", "adapters.telegram.app.inbox"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{PATIENCE}.PAUSES", (0.01, 0.01))
    monkeypatch.setattr(f"{PATIENCE}.BETWEEN_PROBES", 0.05)


async def test_an_answer_goes_out_by_itself_when_telegram_is_back(scene: Scene) -> None:
    app = await scene.open()
    scene.server.fail("sendMessage", "500")
    scene.server.fail("getMe", *["html", "before", "500"] * 3)
    scene.hear("private_command")
    await scene.said(ANA, "heard paint")
    await scene.settled()
    assert not scene.server.faults["getMe"] and scene.server.chat(ANA).texts == ["heard paint"]
    assert len(scene.desk.asked) == 1 and app.healthy()


async def test_what_is_not_taken_though_telegram_answers_is_asked_again_later(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.telegram.gate.limits.PATIENCE", 0.5)
    monkeypatch.setattr(f"{PATIENCE}.LONGEST_PAUSE", 0.5)
    await scene.open()
    scene.server.fail("sendMessage", "429")
    scene.hear("private_command")
    await scene.said(ANA, "heard paint")
    await scene.settled()
    assert [one.event_key for one in scene.desk.asked] == ["501:11", "501:11"]
    assert scene.server.chat(ANA).texts == ["heard paint"]


async def test_an_album_not_answered_in_an_outage_comes_together_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{PATIENCE}.PAUSES", ())
    monkeypatch.setattr(f"{INBOX}.AGAIN", 0.3)
    await scene.open()
    scene.server.fail("sendMessage", "500")
    for number in (31, 32):
        caption = {"caption": "/paint both"} if number == 32 else {}
        scene.hear("album_item", message_id=number, photo=[{"file_id": f"p{number}"}], **caption)
    request = await scene.asked(2)
    assert [one.handle for one in request.references if isinstance(one, Offered)] == ["p31", "p32"]
    await scene.said(ANA, "heard paint")
    await scene.settled()
    assert len(scene.desk.asked) == 2


async def test_a_stop_in_an_outage_waits_for_nothing_and_the_next_start_answers(scene: Scene) -> None:
    app = await scene.open()
    scene.server.fail("sendMessage", "429", "500")
    scene.server.fail("getMe", *["500"] * 500)
    scene.hear("private_command")
    await eventually(lambda: len(scene.server.faults["getMe"]) < 498)
    scene.apps.remove(app)
    await asyncio.wait_for(app.stop(), 8)
    assert [key for key, _ in await scene.store.unfinished()] == ["501:11"]
    scene.server.faults.clear()
    await scene.open()
    await scene.said(ANA, "heard paint")
    await scene.settled()


async def test_after_a_day_nobody_is_answered_any_more(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{INBOX}.DAY", -1.0)
    monkeypatch.setattr(f"{PATIENCE}.PAUSES", ())
    await scene.open()
    scene.server.fail("sendMessage", "500")
    scene.hear("private_command")
    await scene.settled()
    assert scene.server.chat(ANA).texts == [] and len(scene.desk.asked) == 1


async def test_what_was_left_unanswered_for_a_day_is_closed_at_the_start(scene: Scene) -> None:
    await scene.store.receive("501:11", {"update_id": 1, **payload("private_command")})
    scene.clock.forward(hours=23)
    await scene.store.receive("501:12", {"update_id": 2, **payload("private_command", message_id=12)})
    scene.clock.forward(hours=2)
    await scene.open()
    await scene.said(ANA, "heard paint")
    assert [one.event_key for one in scene.desk.asked] == ["501:12"]


async def test_pictures_perhaps_sent_are_not_given_up_while_telegram_is_away(scene: Scene) -> None:
    app = await scene.open()
    there = scene.server.chat(ANA)
    scene.server.fail("sendPhoto", "html")
    scene.server.fail("getMe", *["html"] * 3)
    for _ in range(4):
        with pytest.raises(DeliveryTrouble):
            await app.messenger.show("K7Q2/result", "telegram:501", place(ANA, 11), result("a"), "zh")
    await app.messenger.show("K7Q2/result", "telegram:501", place(ANA, 11), result("a"), "zh")
    assert len(there.ours) == 1


def test_what_was_never_connected_was_never_sent() -> None:
    error = TelegramNetworkError(method=GetMe(), message="Request timeout error")
    error.__cause__ = ConnectionTimeoutError("no answer to a connection")
    assert never_sent(error)
