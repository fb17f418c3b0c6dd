"""Who was blocked while their session lives: one sentence in place of pages and pictures, in the open tab too; everybody else as before."""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from adapters.page import login as door
from adapters.page.login import Login
from core import members
from core.requests import Account, Line
from core.texts import LANGUAGES, say
from tests.desk.stage import Stage
from tests.page.conftest import opened, served
from tests.page.test_page_admin import ANN, desked, stage
from tests.page.test_page_browser import CHROMIUM
from tests.waiting import PATIENCE

__all__ = ["stage"]
HTML = {"accept": "text/html"}
LOGIN = Login(token="secret", account=Account.parse(ANN))
BLOCKED = Line("access.blocked")


async def test_a_page_of_pictures_asks_once_and_a_blocked_members_are_refused_with_the_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened(LOGIN) as studio:
        web = studio.web()
        await web.post("/page/login", data={"token": "secret"})
        thumb = studio.page._given.addresses.image(ANN, "K7Q2-1", "thumb")
        assert [(await web.get(thumb)).status_code for _ in range(20)] == [200] * 20
        await web.get("/page/look.css")
        assert len(studio.door.looked) == 1
        monkeypatch.setattr(door, "LOOK_SECONDS", 0.0)
        for language in LANGUAGES:
            studio.door.blocked[ANN] = (BLOCKED, language)
            refused = await web.get(thumb)
            assert (refused.status_code, refused.text) == (403, say(BLOCKED, language))
            assert say(BLOCKED, language) in (await web.get("/", headers=HTML)).text
        assert (await web.get("/page/logout")).headers["location"] == "/page/login"
        assert (await web.get("/page/login")).status_code == 200


@pytest.mark.skipif(not CHROMIUM, reason="no chromium, chromium-browser or google-chrome on this machine's PATH")
async def test_an_open_tab_of_a_blocked_member_shows_one_sentence_and_nothing_else_until_they_are_let_in_again(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sessions last thirty days: channels, threads and pictures stayed readable as long."""
    monkeypatch.setattr(door, "LOOK_SECONDS", 0.0)
    async with desked(stage, tmp_path, LOGIN, 0.1) as studio, served(studio) as address, async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await chromium.new_page(locale="zh-CN")
        page.set_default_timeout(PATIENCE * 1000)
        await page.goto(address)
        await page.locator("#token").fill("secret")
        await page.keyboard.press("Enter")
        box = page.locator(".pb-main textarea").first
        await expect(box).to_be_visible()  # nobody knew them before: a token's admin is let through, and arrives
        ann = await stage.member(ANN)
        for standing in ("blocked", "waiting", "blocked"):
            async with stage.records.write() as tx:
                await members.change(tx, ann.id, standing=standing)
            if standing == "waiting":
                await page.goto(address)
                await expect(box).to_be_visible()
                continue
            await expect(page.locator("body")).to_have_text(say(BLOCKED, "zh"))
            await expect(page.locator("textarea, img, button, a")).to_have_count(0)
        await chromium.close()


async def test_only_who_was_blocked_is_turned_away_whichever_account_they_come_by(stage: Stage) -> None:
    assert await stage.desk.turned_away(ANN) is None  # never seen
    ann = await stage.member(ANN)
    async with stage.records.write() as tx:
        boss, _ = await members.arrive(tx, Account.parse("slack:T1/U1"), "Boss", "blocked")
        await members.change(tx, boss.id, language="en")
    assert await stage.desk.turned_away(ANN) is None
    async with stage.records.write() as tx:
        await members.link(tx, ANN, boss.id)
    assert await stage.desk.turned_away(ANN) == (BLOCKED, "en")
    assert ann.id != boss.id
