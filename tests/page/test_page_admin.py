"""What admins look at, over the real desk: narrowed, paged, revealed with a trace, refused to everybody else, and in a browser with its pictures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from nicegui import Client, ui
from nicegui.testing import User
from nicegui.testing.general import nicegui_reset_globals
from playwright.async_api import async_playwright, expect

from adapters.page.app import PageApp
from adapters.page.login import Login
from adapters.page.people import SECTIONS
from core.errors import Refusal
from core.records import Records
from core.records.platforms import Chat, Platforms
from core.requests import Account
from core.texts import say
from tests.conftest import Clock
from tests.desk.admin import SECRET, acts, add_key
from tests.desk.stage import Stage, build
from tests.page.conftest import Studio, sees, served
from tests.page.fakes import FakeChat, FakeStore, ScriptedDoor
from tests.page.test_page_browser import CHROMIUM
from tests.waiting import PATIENCE, eventually

BOSS, ANN = "page:admin", "page:xiaolin"


@pytest.fixture
def stage(sqlite_records: Records, clock: Clock) -> Stage:
    return build(sqlite_records, clock)


@asynccontextmanager
async def desked(stage: Stage, folder: Path, login: Login | None = None, refresh: float = 5.0) -> AsyncIterator[Studio]:
    """The page over the stage's desk; its admin is there."""
    await stage.admin(BOSS)
    with nicegui_reset_globals():
        page = PageApp(
            stage.desk,
            Platforms(stage.records, "page"),
            Chat(stage.records),
            stage.images,
            stage.tools.clock,
            secret="a secret of the tests",
            uploads=folder,
            login=login,
            looker=stage.desk,
            refresh=refresh,
        )
        app = FastAPI()
        page.mount(app)
        # the fakes of the other tests' studio have no part here
        studio = Studio(app, page, FakeChat(stage.tools.clock), ScriptedDoor(), FakeStore())
        try:
            async with app.router.lifespan_context(app):
                await page.start()
                yield studio
                await page.stop()
        finally:
            for client in studio.clients:
                await client.aclose()
            Client.page_routes.clear()


def marked(user: User, marker: str) -> int:
    """How many elements with this marker the user sees."""
    try:
        return len(user.find(marker=marker).elements)
    except AssertionError:
        return 0


def records_on(user: User, ids: list[str]) -> list[str]:
    """Which of these records are in the table."""
    return [one for one in ids if marked(user, f"record-{one}")]


async def set_value(user: User, marker: str, value: str) -> None:
    """Fill a filter, as soon as it is there."""
    await eventually(lambda: marked(user, marker) == 1)
    (found,) = user.find(marker=marker).elements
    assert isinstance(found, ui.input | ui.select)
    with user:
        found.set_value(value)


async def test_records_are_narrowed_paged_and_revealed_with_a_trace(stage: Stage, tmp_path: Path) -> None:
    await stage.rule(sd=10)
    cat = await stage.painted("a secret cat --n 2 --for spring", who=ANN)
    fog = await stage.painted("fog", who=ANN, failing=1)
    others = [(await stage.painted(f"hill {n}", who="page:zhouzhou")).id for n in range(25)]
    every = [cat.id, fog.id, *others]
    async with desked(stage, tmp_path) as studio:
        user = await studio.member(BOSS, "/?s=admin-records")
        await sees(user, "共 27 条")
        assert len(records_on(user, every)) == 25
        user.find(marker="older").click()
        await eventually(lambda: len(records_on(user, every)) == 2)
        await set_value(user, "filter-label", "spring")
        await eventually(lambda: records_on(user, every) == [cat.id])
        await user.should_not_see("a secret cat")
        user.find(marker=f"reveal-{cat.id}").click()
        await sees(user, "a secret cat")
        assert [(one.act, one.subject) for one in await acts(stage)] == [("records.reveal", cat.id)]
        await set_value(user, "filter-label", "")
        await set_value(user, "filter-status", "failed")
        await eventually(lambda: records_on(user, every) == [fog.id])
        await set_value(user, "filter-span", "own")
        await set_value(user, "filter-since", "2030-01-01")
        await sees(user, "没有符合的记录。")
        await set_value(user, "filter-since", "soon")
        await sees(user, "看不懂“soon”")
        user.find(marker="filters-reset").click()
        await eventually(lambda: len(records_on(user, every)) == 25)


async def test_no_page_holds_a_planted_secret(stage: Stage, tmp_path: Path) -> None:
    await stage.admin()
    await add_key(stage)
    async with desked(stage, tmp_path) as studio:
        for section in SECTIONS.values():
            user = await studio.member(BOSS, f"/?s={section.id}")
            await sees(user, say(section.label, "zh"))
            if section.id == "admin-keys":
                await sees(user, "…4F2A")
            assert user.client is not None
            page = [(vars(one).get("_text"), vars(one)["_props"]) for one in user.client.elements.values()]
            assert len(page) > 50
            assert SECRET not in repr(page) and "AKLTexample4F2A" not in repr(page)


async def test_a_selection_is_deleted_after_its_number_was_confirmed(stage: Stage, tmp_path: Path) -> None:
    ids = [(await stage.painted(f"hill {n}", who=ANN)).id for n in range(3)]
    async with desked(stage, tmp_path) as studio:
        user = await studio.member(BOSS, "/?s=admin-records")
        await eventually(lambda: len(records_on(user, ids)) == 3)
        for one in ids[:2]:
            user.find(marker=f"pick-{one}").trigger("change", True)
        await sees(user, "已选 2 条")
        user.find(marker="delete-picked").click()
        await sees(user, "要删除 2 条记录、2 张图")
        user.find("确认删除 2 条").click()
        await eventually(lambda: records_on(user, ids) == ids[2:])
        user.find(marker=f"open-{ids[2]}").click()
        await sees(user, "存证据卡")
        user.find(marker="panel-close").click()
        await user.should_not_see("存证据卡")
    assert [(await stage.view(one)).deleted is not None for one in ids] == [True, True, False]


async def test_keys_status_and_pictures_are_looked_at_and_acted_on(stage: Stage, tmp_path: Path) -> None:
    await stage.admin()
    await add_key(stage)
    cat = await stage.painted("a cat --n 2", who=ANN)
    async with desked(stage, tmp_path) as studio:
        user = await studio.member(BOSS, "/?s=admin-status")
        await sees(user, "30 天画了 2 张")
        await user.should_see("正常的密钥")
        assert marked(user, "chart-points") and len(user.find(kind=ui.echart).elements) == 2
        assert not marked(user, "see-keys")
        await stage.rule(expected=100_000)
        user = await studio.member(BOSS, "/?s=admin-status")
        await sees(user, "不够预计的 100,000 张")
        assert marked(user, "see-keys")
        user = await studio.member(BOSS, "/?s=admin-keys")
        await sees(user, "…4F2A")
        user.find(marker="disable-1").click()
        await eventually(lambda: marked(user, "enable-1") == 1)
        user = await studio.member(BOSS, "/?s=admin-gallery")
        await sees(user, "灵感广场还是空的")
        user.find(marker="tab-pictures").click()
        await eventually(lambda: marked(user, f"tile-{cat.id}-2") == 1)
        user.find(marker=f"inspire-{cat.id}-2").click()
        await sees(user, "form-submit")
        user.find(marker="form-submit").click()
        await eventually(lambda: marked(user, f"tile-{cat.id}-2") == 1)
        user.find(marker="tab-inspirations").click()
        await eventually(lambda: marked(user, "entry-1") == 1)
    assert [one.act for one in await acts(stage)][:3] == ["inspirations.add", "records.reveal", "keys.disable"]


async def test_nobody_but_an_admin_gets_any_of_it(stage: Stage, tmp_path: Path) -> None:
    cat = await stage.painted("a cat", who=ANN)
    async with desked(stage, tmp_path) as studio:
        for section in ("records", "keys", "gallery", "status"):
            user = await studio.member(ANN, f"/?s=admin-{section}")
            await sees(user, "只有管理员")
            assert not marked(user, f"record-{cat.id}") and not marked(user, "section-admin-records")
        with pytest.raises(Refusal):
            await stage.desk.look(ANN, "gallery", {})
    assert not await acts(stage)


@pytest.mark.skipif(not CHROMIUM, reason="no chromium, chromium-browser or google-chrome on this machine's PATH")
async def test_a_browser_sees_thumbnails_after_its_login_and_nothing_before_and_keeps_a_draft(
    stage: Stage, tmp_path: Path
) -> None:
    cat = await stage.painted("a cat --n 2", who=ANN)
    login = Login(token="a long token", account=Account.parse(BOSS))
    async with desked(stage, tmp_path, login) as studio, served(studio) as address, async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await chromium.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        page.set_default_timeout(PATIENCE * 1000)
        await page.goto(f"{address}/?s=admin-records")
        assert page.url == f"{address}/page/login" and cat.id not in await page.content()
        refused = await page.request.get(f"{address}/page/images/{(cat.kept[0].image or cat).id}/thumb")
        assert refused.status == 401
        await page.locator("#token").fill("a long token")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{address}/")
        await page.goto(f"{address}/?s=admin-records")
        thumb = page.locator(".pb-table img").first
        await expect(thumb).to_be_visible()
        assert await thumb.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 50
        await page.get_by_role("button", name=f"#{cat.id}", exact=True).focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".pb-panel .pb-shot")).to_have_count(2)
        await expect(page.locator(".pb-panel h2")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator(".pb-panel")).to_be_hidden()
        await expect(page.get_by_role("button", name=f"#{cat.id}", exact=True)).to_be_focused()
        await page.goto(address)
        await page.locator(".pb-main textarea").first.press_sequentially("/paint half a li")
        await page.reload()
        await expect(page.locator(".pb-main textarea").first).to_have_value("/paint half a li")
        await page.goto(f"{address}/?s=admin-records")
        await expect(thumb).to_be_visible()
        await page.set_viewport_size({"width": 390, "height": 844})
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        await chromium.close()
