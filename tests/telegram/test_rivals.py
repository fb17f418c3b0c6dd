"""Another program takes the updates, Telegram is away at the start, a token is refused later: said once, mended where that is right."""

import pytest
from aiogram.methods import DeleteWebhook, SetWebhook

from adapters.telegram.gate import Limits, Wire
from tests.telegram.scene import Scene, eventually
from tests.telegram.stand_in import TOKEN

APP = "adapters.telegram.app"
THEIRS, OURS = "https://other.example.com/secret-path", "https://paint.example.com/telegram/webhook"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "polling.LONGEST_PAUSE",
        "polling.TOKEN_PAUSE",
        "hook.LOOK",
        "hook.RETRY",
        "telegram.RETRY",
    ):
        monkeypatch.setattr(f"{APP}.{name}", 0.02)


class Stranger:
    """Another program with our token."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    async def does(self, method: SetWebhook | DeleteWebhook) -> None:
        wire = Wire(TOKEN, self.scene.server.base, Limits.lifted())
        await wire.call(method)
        await wire.close()

    async def hooks(self, url: str = THEIRS) -> None:
        await self.does(SetWebhook(url=url))

    async def unhooks(self) -> None:
        await self.does(DeleteWebhook())


def told(scene: Scene) -> list[str]:
    return [line.key for line in scene.alarms]


async def test_a_foreign_webhook_does_not_leave_the_poller_deaf_until_a_restart(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    app = await scene.open()
    await eventually(lambda: scene.server.polling)
    await Stranger(scene).hooks()
    scene.hear("private_command")
    await scene.asked()
    await eventually(app.healthy)
    assert scene.server.webhook is None and told(scene) == ["telegram.webhook"]
    assert "other.example.com" in caplog.text and "secret-path" not in caplog.text
    assert [one.get("drop_pending_updates") for one in scene.server.called("deleteWebhook")] == ["false", "false"]


async def test_a_webhook_that_comes_back_again_and_again_is_left_alone_until_it_goes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, stranger = await scene.open(), Stranger(scene)
    await eventually(lambda: scene.server.polling)
    for _ in range(3):
        await stranger.hooks()
        await eventually(lambda: scene.server.webhook is None and app.healthy())
    await stranger.hooks()
    await eventually(lambda: "again and again (other.example.com)" in app.trouble)
    looks = len(scene.server.called("getWebhookInfo"))
    await eventually(lambda: len(scene.server.called("getWebhookInfo")) > looks + 3)
    assert scene.server.webhook and told(scene) == ["telegram.webhook"] * 3 + ["telegram.webhook_again"]
    scene.hear("private_command")
    await stranger.unhooks()
    await scene.asked()
    await eventually(app.healthy)
    await stranger.hooks()
    await eventually(lambda: "again and again" in app.trouble)
    monkeypatch.setattr(f"{APP}.rival.LATER", 0.0)  # an hour later
    await eventually(lambda: scene.server.webhook is None and app.healthy())


async def test_a_webhook_of_our_own_address_is_a_replica_and_not_fought(scene: Scene) -> None:
    app = await scene.open(webhook_url=OURS)
    await eventually(lambda: scene.server.polling)
    await Stranger(scene).hooks(OURS)
    await eventually(lambda: "webhook mode" in app.trouble)
    assert scene.server.webhook and told(scene) == []


async def test_a_webhook_of_a_replica_that_is_gone_leaves_no_poller_deaf(scene: Scene) -> None:
    """From webhook to polling, replica by replica: the last of the old ones set its address once more, went, and everybody stood by for it."""
    app = await scene.open(webhook_url=OURS)
    await eventually(lambda: scene.server.polling)
    await Stranger(scene).hooks(OURS)
    await eventually(lambda: "webhook mode" in app.trouble)
    scene.hear("private_command")
    for at in range(1, 4):
        assert scene.server.webhook
        scene.server.failing = {"last_error_date": at, "last_error_message": "Wrong response from the webhook: 404"}
        looks = len(scene.server.called("getWebhookInfo"))
        await eventually(lambda looks=looks: len(scene.server.called("getWebhookInfo")) > looks + 1 or app.healthy())  # type: ignore[misc]
    await scene.asked()
    await eventually(app.healthy)
    assert scene.server.webhook is None and told(scene) == ["telegram.webhook"]


async def test_in_webhook_mode_a_webhook_taken_away_is_set_again_a_few_times(scene: Scene) -> None:
    app = await scene.open(mode="webhook", webhook_url=OURS, webhook_secret="secret")
    stranger = Stranger(scene)
    await eventually(app.healthy)
    for act in (stranger.hooks, stranger.unhooks, stranger.hooks):
        await act()
        await eventually(lambda: scene.server.webhook and scene.server.webhook["url"] == OURS and app.healthy())
    await stranger.unhooks()
    await eventually(lambda: "again and again (getUpdates)" in app.trouble)
    assert scene.server.webhook is None and told(scene) == ["telegram.webhook"] * 3 + ["telegram.webhook_again"]


async def test_a_webhook_telegram_cannot_reach_is_told_to_the_admins_and_costs_no_readiness(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    app = await scene.open(mode="webhook", webhook_url=OURS, webhook_secret="secret")
    await eventually(app.healthy)
    scene.hear("private_command")
    for at in range(1, 5):
        scene.server.failing = {"last_error_date": at, "last_error_message": "SSL error: certificate verify failed"}
        looks = len(scene.server.called("getWebhookInfo"))
        await eventually(lambda looks=looks: len(scene.server.called("getWebhookInfo")) > looks + 1)  # type: ignore[misc]
    assert told(scene) == ["telegram.webhook_unreached"] and app.healthy()
    assert "certificate verify failed" in caplog.text


async def test_telegram_away_at_the_start_is_named_and_waited_for(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.server.fail("getMe", *["500"] * 6, "before", "before")
    app = await scene.open()
    assert app.trouble == "cannot be reached: server"
    scene.hear("private_command")
    await scene.asked()
    assert app.healthy() and told(scene) == []
    assert caplog.text.count("cannot be reached: server") == 1 and caplog.text.count("reached: network") == 1


async def test_a_token_refused_later_is_named_told_and_tried_on(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.server.fail("getMe", "500", *["401"] * 3)
    app = await scene.open()
    await eventually(lambda: app.trouble == "Telegram refuses telegram.token (Unauthorized)")
    await eventually(app.healthy)
    scene.server.fail("getUpdates", *["401"] * 3)
    scene.hear("private_command")
    await eventually(lambda: len(told(scene)) == 2)
    await eventually(app.healthy)
    await scene.asked()
    assert told(scene) == ["telegram.refused"] * 2 and caplog.text.count("refuses telegram.token") == 2


async def test_an_alarm_that_cannot_be_written_down_breaks_nothing(scene: Scene) -> None:
    async def alarm(_: object) -> None:
        raise RuntimeError("the database is away")

    await scene.open(alarm=alarm)
    await eventually(lambda: scene.server.polling)
    await Stranger(scene).hooks()
    scene.hear("private_command")
    await scene.asked()
