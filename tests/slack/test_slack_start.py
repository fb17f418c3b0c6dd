"""A bot that starts before its Slack: it runs, says why Slack is missing, and works once it is there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from adapters.slack import app as joined
from bot import platforms
from core.errors import DeliveryTrouble, PaintbotError
from core.replies import Reply
from core.requests import Line, Place
from tests.slack.conftest import make
from tests.slack.fakes import MemoryStore, ScriptedDoor
from tests.slack.forms import HELLO
from tests.slack.process import PATIENCE, Bots
from tests.slack.stand_in import StandIn, payload

ANN = "slack:T0PAINT01/U0ANN0001"
HERE = Place("slack", "T0PAINT01", "C0ART00001")
Told = tuple[int, dict[str, Any]]


@pytest.fixture
async def late(slack: StandIn, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    """A Slack that is not there yet, looked for often."""
    monkeypatch.setattr(joined, "WAITS", (0.02,))
    await slack.stop()
    yield slack


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_bot_process_started_before_its_slack_says_so_and_works_once_slack_comes(
    slack: StandIn, tmp_path: Path, mode: str
) -> None:
    """The whole process ended after 17 seconds, and Telegram and the page went with it."""
    await slack.stop()
    home = Bots(slack, tmp_path, mode)
    async with home.bot(alone=True), httpx.AsyncClient(base_url=home.address, trust_env=False) as client:

        async def told() -> Told:
            answer = await client.get("/readyz")
            return answer.status_code, answer.json()["problems"]

        await slack.until(_gives(told, (503, {"slack": "cannot be reached: network (ClientConnectorError)"})), PATIENCE)
        if mode == "http":
            assert (await client.post("/slack/events", content=b"{}")).status_code == 503
        await slack.again()
        await slack.until(_gives(told, (200, {})), PATIENCE)
        if mode == "socket":
            await slack.send(payload("command", command="/paint-points"))
            await slack.until(lambda: slack.whispers, PATIENCE)
            assert "points" in str(slack.whispers).lower()
    await home.ended()


def _gives(asked: Callable[[], Awaitable[Told]], wanted: Told) -> Callable[[], Awaitable[bool]]:
    async def so() -> bool:
        return await asked() == wanted

    return so


async def test_what_is_said_before_slack_is_there_is_trouble_and_goes_out_after(late: StandIn) -> None:
    app = make(late, MemoryStore(), ScriptedDoor())
    await app.start()
    assert platforms.trouble(app) == "cannot be reached: network (ClientConnectorError)"
    with pytest.raises(DeliveryTrouble):
        await app.messenger.show("K7Q2/receipt", ANN, HERE, Reply((HELLO,)), "en")
    await late.again()
    await late.until(app.healthy)
    await app.messenger.show("K7Q2/receipt", ANN, HERE, Reply((HELLO,)), "en")
    assert len(late.all(HERE.channel)) == 1
    await app.stop()
    assert not app.healthy()


async def test_a_token_refused_by_a_slack_that_came_late_is_told_as_while_running(late: StandIn) -> None:
    told: list[Line] = []

    async def alarm(line: Line) -> None:
        told.append(line)

    app = make(late, MemoryStore(), ScriptedDoor(), alarm=alarm)
    await app.start()
    late.dead = "token_revoked"
    with capture_logs() as logs:
        await late.again()
        await late.until(lambda: platforms.trouble(app) == "token_revoked" and told)
    assert [one["code"] for one in logs if one["event"] == "slack.token_refused"] == ["token_revoked"]
    late.dead, late.refused["apps.connections.open"] = "", "invalid_auth"
    await late.until(lambda: platforms.trouble(app) == "Slack refused slack.app_token: invalid_auth")
    late.refused.clear()
    await late.until(app.healthy)
    await app.stop()
    assert [line.values["reason"] for line in told] == ["token_revoked", "invalid_auth"], "once, not at every try"


async def test_a_socket_address_that_leads_nowhere_is_asked_for_again(
    slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start waited for it for ever: the SDK tries one address again and again."""
    monkeypatch.setattr(joined, "WAITS", (0.02,))
    monkeypatch.setattr(joined, "STEP_MOST", 1.0)
    slack.faults["apps.connections.open"].append((200, {"ok": True, "url": "ws://127.0.0.1:1/"}, {}))
    app = make(slack, MemoryStore(), ScriptedDoor())
    await app.start()
    await slack.until(app.healthy)
    assert not any(slack.faults.values()), "it met them"
    await app.stop()


async def test_a_slack_with_a_fault_of_its_own_at_the_start_is_waited_for(
    slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any error of the socket's door was taken for a refused token."""
    monkeypatch.setattr(joined, "WAITS", (0.02,))
    slack.faults["apps.connections.open"].append((500, {"ok": False, "error": "internal_error"}, {}))
    app = make(slack, MemoryStore(), ScriptedDoor())
    await app.start()
    await slack.until(app.healthy)
    assert not any(slack.faults.values()), "it met them"
    await app.stop()


GRID = {
    "ok": True,
    "user_id": "U0BOT0001",
    "bot_id": "B0BOT00001",
    "team_id": "E0GRID0001",
    "is_enterprise_install": True,
}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (GRID, "slack.bot_token is a token of a whole organization; install the app into one workspace"),
        (GRID | {"team_id": None}, "slack.bot_token is a token of a whole organization"),
        ({"ok": True, "user_id": "U0ANN0001", "team_id": "T0PAINT01"}, "slack.bot_token is a token of a person"),
        ({"ok": True, "app_id": "A0PAINT001", "app_name": "Paint"}, "slack.bot_token is an app-level token"),
    ],
)
async def test_a_token_slack_takes_that_is_no_bots_of_one_workspace_is_refused_at_start(
    slack: StandIn, told: dict[str, Any], said: str
) -> None:
    """Every member was a stranger of another workspace, and every answer went to nobody."""
    slack.faults["auth.test"].append((200, told, {}))
    app = make(slack, MemoryStore(), ScriptedDoor())
    with pytest.raises(PaintbotError, match=said):
        await app.start()
    assert not slack.opened


@pytest.mark.parametrize("path", ["/elsewhere/", "/page", "/words", "/list", "/service"])
async def test_an_address_at_which_no_slack_answers_is_refused_at_start(slack: StandIn, path: str) -> None:
    """It was waited for for ever, as if Slack were away."""
    app = make(slack, MemoryStore(), ScriptedDoor(), api_url=slack.url + path)
    with pytest.raises(PaintbotError, match=r"slack\.api_url: no Slack answers there \(HTTP ") as refused:
        await app.start()
    assert str(refused.value).endswith(f": {slack.url}{path.rstrip('/')}/")


async def test_a_page_in_slacks_place_for_a_moment_is_waited_for(
    slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joined, "WAITS", (0.02,))
    slack.faults["auth.test"].extend([(404, {}, {}), (200, {}, {})])
    slack.faults["auth.test"].append((503, {}, {}))
    app = make(slack, MemoryStore(), ScriptedDoor())
    await app.start()
    await slack.until(app.healthy)
    assert not any(slack.faults.values()), "it met them"
    await app.stop()


async def test_an_address_that_turns_out_wrong_while_slack_is_waited_for_is_said_until_it_comes_right(
    late: StandIn,
) -> None:
    app = make(late, MemoryStore(), ScriptedDoor())
    await app.start()
    late.faults["auth.test"].extend([(404, {}, {})] * 9)
    await late.again()
    await late.until(lambda: app.trouble.startswith("slack.api_url: no Slack answers there"))
    assert late.url not in app.trouble, "/readyz names no hosts"
    late.faults.clear()
    await late.until(app.healthy)
    await app.stop()
