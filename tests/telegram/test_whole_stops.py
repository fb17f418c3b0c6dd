"""An unmodified bot killed and stopped in the middle of a painting, on polling and on a webhook, and moved from one to the other."""

import signal
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.telegram.process import Bot, Member, a_bot, keys, photos
from tests.telegram.scene import eventually

PUBLIC = 'public_url = "https://paint.example.com"'
NOTED = "SELECT 1 FROM posted WHERE slot LIKE '%/receipt'"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path) as made:
        yield made


@pytest.fixture
def port() -> Iterator[int]:
    """Bound and never listening, it is given to nobody who asks for any free port."""
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]


async def test_a_bot_killed_in_the_middle_of_a_painting_goes_on_in_the_same_place(bot: Bot) -> None:
    who = Member(bot.server, 701)
    async with bot.running(end=signal.SIGKILL):
        await bot.late()
        number = who.says("/paint a red fox --n 2")
        # before its id has been written down a kill may cost a second receipt
        await eventually(lambda: bot.count(NOTED))
        again = {"message": who.chat.messages[number]}
    bot.server.push(again)  # the kill kept its confirmation from Telegram
    async with bot.running():
        await bot.at_once()
        await who.sees_pictures(2)
        await eventually(lambda: "again" in keys(who.chat.ours[-1]))
        receipt, card = who.chat.ours[0], who.chat.ours[-1]
        assert receipt["reply_to_message"]["message_id"] == number and len(who.chat.ours) == 4
        assert card["reply_to_message"]["message_id"] == photos(who.chat.ours)[0]["message_id"]
        await who.toast(who.presses(card, "again"))
        await who.sees_pictures(4)


async def test_a_bot_on_a_webhook_trusts_its_secret_alone_and_goes_on_by_polling_where_it_was_stopped(
    bot: Bot, port: int
) -> None:
    server, who, stranger = bot.server, Member(bot.server, 702), Member(bot.server, 703)
    server.proxy = f"http://127.0.0.1:{port}"
    who.says("/help")  # waits with Telegram until there is a webhook
    async with bot.running(mode="webhook", web=PUBLIC, port=port), aiohttp.ClientSession() as outside:
        await who.sees("/paint")
        assert server.webhook is not None and not server.called("getUpdates") and await _ready(port)
        assert server.webhook["url"] == "https://paint.example.com/telegram/webhook"
        secret = server.webhook["secret_token"]
        there = {"from": stranger.me, "chat": {"id": stranger.id, "type": "private"}, "date": 1796003200}
        forged = {"update_id": 900, "message": {"message_id": 901, "text": "/help", **there}}
        for wrong in ("", "wrong", secret[:-1], f"{secret}x", "é"):
            assert await server.post(outside, forged, wrong) == 403
        await bot.late()
        who.says("/paint a blue fox")
        await eventually(lambda: bot.count(NOTED))
        assert await server.post(outside, server.given[-1], secret) == 200
        await who.sees("#")
    who.says("/points")  # while nobody listens
    async with bot.running():
        await bot.at_once()
        await who.sees("points left")
        assert server.webhook is None
        await who.sees_pictures(1)
        who.says("/paint a green fox")
        await who.sees_pictures(2)
    assert not stranger.chat.ours and bot.count("SELECT count(*) FROM generations") == 2


async def _ready(port: int) -> bool:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/readyz") as answer:
        return answer.status == 200
