"""The whole bot as a process: killed in the middle of a painting, its socket cut in the middle of one, and in http mode."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import ClientSession

from tests.adapters.slack_site import _first
from tests.slack.process import AT_ONCE, CHANNEL, NEVER, PATIENCE, Bots, pictures, pressing, results, slots
from tests.slack.stand_in import StandIn, payload

Make = Callable[[str], Bots]


@pytest.fixture
async def bots(slack: StandIn, tmp_path: Path) -> AsyncIterator[Make]:
    made: list[Bots] = []

    def make(mode: str) -> Bots:
        made.append(Bots(slack, tmp_path, mode))
        return made[-1]

    yield make
    for one in made:
        await one.ended()


async def test_a_bot_killed_and_a_socket_cut_in_the_middle_of_a_painting_change_nothing(
    slack: StandIn, bots: Make
) -> None:
    home = bots("socket")

    async def under_way() -> bool:
        return bool((await home.jimeng())["accepted"])

    async with home.bot(killed=True):
        await home.jimeng(set=NEVER)
        await slack.send(payload("command", text="a cat --n 2", response_url=slack.hook("one")))
        await slack.until(lambda: slack.all(CHANNEL))
        await slack.until(under_way, PATIENCE)
    async with home.bot():
        await slack.until(slack.connected, PATIENCE)
        opened = slack.opened
        await slack.cut()
        await slack.until(lambda: slack.opened > opened and slack.connected(), PATIENCE)
        await home.jimeng(set=AT_ONCE, finish=True)
        await slack.until(lambda: results(slack), PATIENCE)
        receipt, result = slack.all(CHANNEL)
        assert result["thread_ts"] == receipt["ts"] and len(pictures(result)) == 2
        assert all(slack.files[one]["content"] for one in pictures(result))

        await slack.send(pressing(result, "again:"))
        await slack.send(payload("thread_words", thread_ts=receipt["ts"], text="make it blue"))
        await slack.until(lambda: len(results(slack)) == 3, PATIENCE)
        assert {one["thread_ts"] for one in slack.all(CHANNEL)[1:]} == {receipt["ts"]}

        await slack.send(payload("home_opened"))
        await slack.until(lambda: slack.homes)
        await slack.send(payload("command", text="", trigger_id="form"))
        await slack.until(lambda: slack.views)
    assert len(slots(slack)) == len(set(slots(slack))) == 6, "nothing stands twice"


async def test_a_bot_in_http_mode_does_all_it_does_over_a_socket(slack: StandIn, bots: Make) -> None:
    home = bots("http")
    async with home.bot(), ClientSession() as session:
        url = f"{home.address}/slack/events"
        post: Callable[..., Awaitable[tuple[int, str]]] = slack.post

        async def taken() -> bool:
            hello = {"type": "url_verification", "challenge": "c1"}
            return await post(session, url, hello) == (200, '{"challenge": "c1"}')

        await slack.until(taken, PATIENCE)  # what comes before Slack was reached is asked for again
        await home.jimeng(set=AT_ONCE)
        order = payload("command", text="a cat", response_url=slack.hook("one"))
        assert (await post(session, url, order, secret="forged"))[0] == 401
        assert (await post(session, url, order, late=600))[0] == 401, "somebody else's, sent again"
        for body, tries in ((order, 2), (payload("mention", text="<@U0BOT0001> a dog"), 3)):
            for n in range(tries):
                again = {"X-Slack-Retry-Num": str(n), "X-Slack-Retry-Reason": "http_timeout"} if n else {}
                assert await post(session, url, body, headers=again) == (200, "")
        assert (await post(session, url, payload("mention_message", text="<@U0BOT0001> a dog")))[0] == 200
        await slack.until(lambda: len(results(slack)) == 2, PATIENCE)

        assert (await post(session, url, pressing(results(slack)[0], "again:")))[0] == 200
        await slack.until(lambda: len(results(slack)) == 3, PATIENCE)

        assert await post(session, url, payload("command", text="", trigger_id="form")) == (200, "")
        await slack.until(lambda: any(view.get("submit") for view in slack.views.values()))
        ((view_id, view),) = slack.views.items()
        status, ack = await post(session, url, filled(view_id, view, "a fox"))
        assert status == 200 and '"response_action": "update"' in ack
        await slack.until(lambda: len(results(slack)) == 4, PATIENCE)

        assert (await post(session, url, payload("direct", text="你好")))[0] == 200
        assert (await post(session, url, payload("command", command="/paint-points", trigger_id="9")))[0] == 200
        await slack.until(lambda: slack.all("D0ANN00001") and slack.whispers)
        assert "Send /paint" in slack.all("D0ANN00001")[0]["text"]
        assert "600" in slack.whispers[-1]["text"], "four pictures, and nothing for a greeting or what came twice"
        async with httpx.AsyncClient(base_url=home.address) as http:
            assert (await http.get("/readyz")).status_code == 200
    assert len(slots(slack)) == len(set(slots(slack))) == 8 and not slack.opened


def filled(view_id: str, view: dict[str, Any], prompt: str) -> dict[str, Any]:
    """The form submitted with these words and everything else as it stood."""
    state = _first(view)
    state["prompt"] = {"text": {"type": "plain_text_input", "value": prompt}}
    body = payload("submission", trigger_id="sent")
    body["view"] = {**view, "id": view_id, "hash": "h1", "state": {"values": state}}
    return body
