"""Two admins at one form, on every platform: the second reads what the first made of it, and saves what was typed by submitting once more."""

from core import keypools, rules
from tests.adapters.town import Town
from tests.desk.admin import KEY, SECRET, add_key
from tests.desk.stage import Stage

OTHER = "page:second"


async def paused(stage: Stage) -> str | None:
    async with stage.records.read() as tx:
        return (await rules.read(tx)).paused


async def test_who_comes_second_submits_once_more_and_retypes_nothing(town: Town) -> None:
    admin = await town.section("pause")
    await admin.press("admin.pause.on")
    await town.stage.admin(OTHER)
    first = await town.stage.form("admin.pause.on", who=OTHER)
    await town.stage.ask(first.verb, subject=first.subject, values={"text": "午休到两点"}, who=OTHER)
    await admin.submit({"text": "下班了"})
    assert "second" in admin.text_seen() and "午休到两点" in admin.text_seen()
    assert await paused(town.stage) == "午休到两点"
    await admin.submit({})
    town.reads(admin, "admin_pause.now_paused")
    assert await paused(town.stage) == "下班了"


async def test_a_new_secret_is_saved_though_another_admin_was_first(town: Town) -> None:
    await town.stage.admin()
    key = await add_key(town.stage)
    admin = await town.section("keys")
    await admin.press("admin.keys.one")
    await admin.press("admin.keys.edit")
    await town.stage.admin(OTHER)
    first = await town.stage.form("admin.keys.edit", subject=str(key), who=OTHER)
    await town.stage.ask(first.verb, subject=first.subject, values=KEY | {"at_once": 4}, who=OTHER)
    await admin.submit({"secret_access_key": f"new-{SECRET}", "at_once": 3})
    assert "second" in admin.text_seen()
    await admin.submit({"secret_access_key": f"new-{SECRET}"})
    town.reads(admin, "admin_keys.edited", alias="main")
    async with town.stage.records.read() as tx:
        assert (await keypools.open_credential(tx, town.stage.tools.vault, key)).secret_access_key == f"new-{SECRET}"
        assert (await keypools.view(tx, key, tx.now)).at_once == 3
