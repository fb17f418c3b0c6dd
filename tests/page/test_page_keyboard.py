"""The page without a mouse, in a real Chromium: a picture is asked for, looked at closely and worked with; forms lead to what is wrong."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FileChooser, Page, async_playwright, expect

from adapters.page.people import place_in
from core.replies import Choice, ChoiceField, Form, NumberField, Reply
from core.requests import FieldValue, Request
from tests.page.conftest import Studio, served
from tests.page.scene import result, talk, words
from tests.page.test_page_browser import CHROMIUM, opened
from tests.page.test_page_browser import pytestmark as pytestmark
from tests.waiting import eventually

LIN = "page:xiaolin"
RINGED = """() => {
  const style = getComputedStyle(document.activeElement);
  return document.activeElement !== document.body && style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
}"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


async def type_in(page: Page, line: str) -> None:
    """Type a line where the keyboard begins, and send it."""
    await expect(page.locator(".pb-main textarea").first).to_be_focused()
    await page.keyboard.type(line)
    await page.keyboard.press("Enter")


async def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the focus is there, and see that it shows."""
    for _ in range(60):
        await page.keyboard.press(key)
        if await page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            assert await page.evaluate(RINGED), selector
            return
    raise AssertionError(f"no Tab leads to {selector}")


async def painted(studio: Studio) -> None:
    """What was asked for last is done: four pictures under its receipt."""
    place = place_in("spring", message=max(studio.chat.said))
    await studio.page.messenger.show("N3W1/receipt", LIN, place, Reply((words("#N3W1 画好了"),)), "zh")
    await studio.page.messenger.show("N3W1/result", LIN, place, result("N3W1"), "zh")


async def look_closely(page: Page) -> None:
    """Open a picture, turn to another and close it, all by keys."""
    await tab_to(page, ".pb-shot", "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("[aria-label=关闭]:visible")).to_be_focused()
    await tab_to(page, ".pb-lightbox .turn:last-child")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pb-lightbox-count")).to_have_text("1 / 4")
    await expect(page.locator(".pb-lightbox .turn").last).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".pb-lightbox")).to_be_hidden()


async def work_in_the_thread(page: Page) -> None:
    """Open the thread, press its first button, and close it: the keyboard is back where it came from."""
    await tab_to(page, ".pb-thread-link")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pb-thread h2").first).to_be_focused()
    await tab_to(page, ".pb-thread .pb-button.primary")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pb-thread").first).to_contain_text("出高清要 100")
    await expect(page.locator(".pb-thread .pb-button.primary").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".pb-thread-link").last).to_be_focused()  # which was drawn anew: one reply more


async def become_the_next(page: Page) -> None:
    """Switch the member."""
    await tab_to(page, ".pb-me", "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pb-choice").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")


async def test_a_picture_is_painted_opened_and_worked_with_by_keyboard_alone(studio: Studio, browser: Browser) -> None:
    await talk(studio.page, studio.chat)
    studio.door.script["final"] = lambda request: Reply((words("出高清要 100"),), private=True)
    async with served(studio) as address:
        page, wrong = await opened(browser, address)
        await type_in(page, "/paint 一只狐狸 --n 2")
        await eventually(lambda: bool(studio.door.of("paint")))
        await expect(page.locator(".pb-main textarea").first).to_be_focused()
        await painted(studio)
        await expect(page.locator(".pb-thread-link").last).to_contain_text("4 张图")
        await look_closely(page)
        await work_in_the_thread(page)
        await become_the_next(page)
        await expect(page.locator(".pb-me strong")).to_have_text("周舟")
        assert not wrong
        await page.close()


async def test_a_button_that_was_drawn_anew_keeps_the_focus(studio: Studio, browser: Browser) -> None:
    async with served(studio) as address:
        page, _ = await opened(browser, address)
        await type_in(page, "/random")
        another = page.get_by_role("button", name="换一个")
        await another.wait_for()
        await tab_to(page, "[class*=plain]", "Shift+Tab")
        await expect(another).to_be_focused()
        await another.evaluate("(button) => { button.old = true; }")
        await page.keyboard.press("Enter")
        await page.wait_for_function("document.activeElement.innerText === '换一个' && !document.activeElement.old")
        await page.close()


async def test_a_form_leads_the_keyboard_to_what_is_wrong_and_keeps_what_was_typed(
    studio: Studio, browser: Browser
) -> None:
    """A negative price became 0 in silence under the old problem, and the focus was lost."""

    def prices(request: Request) -> Form | Reply:
        typed: FieldValue = request.values.get("hd")
        wrong = (("hd", words("价格不能是负数")),) if isinstance(typed, int) and typed < 0 else ()
        if request.values and not wrong:
            return Reply((words("改好了"),))
        fields = (NumberField("sd", words("标清"), 100), NumberField("hd", words("高清"), 100, hint=words("一张")))
        return Form("defaults", words("改价格"), fields, problems=wrong)

    studio.door.script["defaults"] = prices
    async with served(studio) as address:
        page, wrong = await opened(browser, address)
        await type_in(page, "/defaults")
        await expect(page.get_by_role("dialog", name="改价格")).to_be_visible()
        await expect(page.get_by_label("标清")).to_be_focused()
        await page.keyboard.press("Tab")
        field = page.get_by_label("高清")
        await expect(field).to_be_focused()
        await page.keyboard.press("ControlOrMeta+a")
        await page.keyboard.type("-5")
        await page.keyboard.press("Tab")
        await expect(field).to_have_value("-5")
        await page.locator(".pb-form .primary").press("Enter")
        await expect(field).to_be_focused()
        await expect(field).to_have_value("-5")
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(field).to_have_accessible_description("价格不能是负数 一张")
        await page.keyboard.press("ControlOrMeta+a")
        await page.keyboard.type("80")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog", name="改价格")).to_be_hidden()
        assert studio.door.of("defaults")[-1].values == {"sd": 100, "hd": 80}
        assert not wrong
        await page.close()


async def test_files_are_picked_with_a_button_one_can_reach(studio: Studio, browser: Browser) -> None:
    """The form's own plus had no name, and the hidden one of the box was a stop of the Tab key nobody saw."""
    async with served(studio) as address:
        page, _ = await opened(browser, address)
        choosers: list[FileChooser] = []
        page.on("filechooser", lambda one: choosers.append(one))
        await type_in(page, "/paint")
        await expect(page.get_by_label("想画什么")).to_be_focused()
        pick = page.locator(".pb-form").get_by_role("button", name="参考图")
        await pick.focus()
        await page.keyboard.press("Enter")
        await eventually(lambda: bool(choosers))
        await choosers[0].set_files({"name": "cat.png", "mimeType": "image/png", "buffer": b"\x89PNG...."})
        await expect(page.locator(".pb-form .pb-chip")).to_contain_text("cat.png")
        assert not await page.locator("input[type=file]:visible").count()
        await page.close()


async def test_a_form_that_begins_with_a_choice_leads_to_what_is_chosen(studio: Studio, browser: Browser) -> None:
    """A role's form led to its first choice, whatever the member's role was."""
    roles = (Choice("member", words("成员")), Choice("admin", words("管理员")))
    asked = Form("defaults", words("改角色"), (ChoiceField("role", words("角色"), roles, "admin"),))
    studio.door.script["defaults"] = lambda request: asked
    async with served(studio) as address:
        page, wrong = await opened(browser, address)
        await type_in(page, "/defaults")
        await expect(page.get_by_role("radio", name="管理员")).to_be_focused()
        assert not wrong
        await page.close()
