"""Alerts reach every admin whatever is away for a moment, and trouble is one line in the log."""

import pytest
import sqlalchemy as sa

from core import members
from core.alerts import WAITING, alert
from core.records.tables import alerts
from core.replies import Reply
from core.requests import Account, Line, Place
from tests.studio.scene import Scene, Screen, painting


async def _alert(scene: Scene, key: str) -> None:
    async with scene.records.write() as tx:
        await alert(tx, key, Line("studio.alert_configuration", {"message": key}))


async def _told(scene: Scene) -> bool:
    return not await scene.rows(sa.select(alerts.c.id).where(alerts.c.told.is_(None)))


async def test_alerts_while_the_database_is_away_are_one_line_a_turn_and_no_traceback(
    sqlite_scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene = sqlite_scene
    await scene.member("boss", role="admin")
    await _alert(scene, "one")
    async with scene.records.write() as tx:
        await tx.change(sa.text("ALTER TABLE alerts RENAME TO away"))

    async def complained() -> bool:
        return any(record.message.startswith("alerts: the database did not answer") for record in caplog.records)

    async with painting(scene):
        await scene.until(complained)
        async with scene.records.write() as tx:
            await tx.change(sa.text("ALTER TABLE away RENAME TO alerts"))
        await scene.until(lambda: _told(scene))
    assert not [record for record in caplog.records if record.exc_info]
    assert len(scene.screen.told) == 1


async def test_an_alert_one_platform_stumbles_over_keeps_no_other_from_being_heard(sqlite_scene: Scene) -> None:
    asked: list[str] = []

    class Broken(Screen):
        async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
            asked.append(once)
            raise KeyError(once)

    scene = sqlite_scene
    await scene.member("boss", role="admin")
    for key in ("one", "two"):
        await _alert(scene, key)
    async with painting(scene, messengers={"page": Broken()}):
        await scene.until(lambda: _told(scene))
    assert asked == ["alert:1:boss", "alert:2:boss"]


async def test_alerts_raised_while_there_is_no_admin_are_heard_by_the_first_the_newest_few_of_many(
    scene: Scene,
) -> None:
    for number in range(30):
        await _alert(scene, f"key {number}")

    async def few() -> bool:
        return len(await scene.rows(sa.select(alerts.c.id).where(alerts.c.told.is_(None)))) == WAITING

    async with painting(scene):
        await scene.until(few)
        assert not scene.screen.told
        await scene.member("boss", role="admin")
        await scene.until(lambda: _told(scene))
    heard = [
        str(part.values["message"])
        for _, reply, _ in scene.screen.told
        for part in reply.parts
        if isinstance(part, Line)
    ]
    assert heard == [f"key {number}" for number in range(30 - WAITING, 30)]


async def test_an_alert_on_slack_is_of_no_painting(sqlite_scene: Scene) -> None:
    """Its key had a slash as paintings' slots have one: words under it were taken for a change to a painting that never was."""
    scene = sqlite_scene
    async with scene.records.write() as tx:
        boss, _ = await members.arrive(tx, Account("slack", "T1", "U1"), "boss", "approved")
        await members.change(tx, boss.id, role="admin")
        await alert(tx, "one", Line("studio.alert_configuration", {"message": "one"}))
    async with painting(scene, messengers={"slack": scene.screen}):

        async def heard() -> bool:
            return bool(scene.screen.told)

        await scene.until(heard)
    assert [(account, once) for account, _, once in scene.screen.told] == [("slack:T1/U1", "alert:1:U1")]
