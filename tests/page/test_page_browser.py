"""The page in a real Chromium: what only a browser can show (focus, keys, files, what lies over what, widths)."""

import re
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from adapters.page.people import place_in
from adapters.page.talk import line_body
from core.replies import Reply
from tests.page.conftest import Studio, served
from tests.page.fakes import FakeImages
from tests.page.scene import talk, words
from tests.waiting import PATIENCE, eventually

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium, chromium-browser or google-chrome on this machine's PATH"
)
expect.set_options(timeout=PATIENCE * 1000)

PRESSED = "new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true})"
COMPOSING = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
PASTE = """(box) => {
  const held = new DataTransfer();
  held.items.add(new File([Uint8Array.from([0x89, 0x50, 0x4e, 0x47])], 'cat.png', {type: 'image/png'}));
  box.dispatchEvent(new ClipboardEvent('paste', {clipboardData: held, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


async def opened(browser: Browser, address: str, *, wide: int = 1280, high: int = 800) -> tuple[Page, list[str]]:
    """A page on the scene, and what went wrong in its script."""
    page = await browser.new_page(viewport={"width": wide, "height": high}, locale="zh-CN")
    page.set_default_timeout(PATIENCE * 1000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(address)
    await page.locator(".pb-price").first.wait_for(state="attached")
    return page, wrong


async def test_typing_completing_pasting_sending_and_looking_closely(studio: Studio, browser: Browser) -> None:
    await talk(studio.page, studio.chat)
    studio.door.script["price"] = lambda request: Reply((words(f"预计 {request.text}"),))
    async with served(studio) as address:
        page, wrong = await opened(browser, f"{address}/?c=spring&t=4")
        box = page.locator(".pb-main textarea").first
        await box.click()
        await page.keyboard.type("/paint 野餐 --")
        await expect(page.locator(".pb-offer.chosen")).to_contain_text("--ar")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator(".pb-offer.chosen")).to_contain_text("--n")
        await page.keyboard.press("Enter")
        # NiceGUI sets a value in two messages: wait for what comes after both
        await expect(page.locator(".pb-price").first).to_have_text("预计 野餐 --n")
        await expect(box).to_have_value("/paint 野餐 --n ")
        await page.keyboard.type("2")
        await box.evaluate(PASTE)
        await expect(page.locator(".pb-box .pb-chip").first).to_contain_text("cat.png")
        await expect(page.locator(".pb-price").first).to_have_text("预计 野餐 --n 2")
        await box.evaluate(f"(box) => box.dispatchEvent({COMPOSING})")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("傍晚")
        await page.keyboard.press("Enter")
        await eventually(lambda: bool(studio.door.of("paint")))
        (request,) = studio.door.of("paint")
        assert (request.text, len(request.references)) == ("野餐 --n 2\n傍晚", 1)
        await expect(box).to_have_value("")
        await page.keyboard.press("ArrowUp")
        await expect(box).to_have_value("/paint 野餐 --n 2\n傍晚")

        await page.locator(".pb-thread .pb-shot").nth(2).click()
        await expect(page.locator(".pb-lightbox-count")).to_have_text("3 / 4")
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(".pb-lightbox-count")).to_have_text("4 / 4")
        loaded = page.locator(".pb-lightbox-stage img")
        await expect(loaded).to_have_js_property("naturalWidth", 1280)
        await page.keyboard.press("Escape")
        await expect(page.locator(".pb-lightbox")).to_be_hidden()
        assert not wrong
        await page.close()


async def test_a_form_can_be_filled_and_pressed_under_its_backdrop(studio: Studio, browser: Browser) -> None:
    async with served(studio) as address:
        page, wrong = await opened(browser, address)
        await page.locator(".pb-main textarea").first.fill("/paint")
        await page.keyboard.press("Enter")
        await page.locator(".pb-form textarea").fill("一只猫")
        await expect(page.locator(".pb-form-preview")).to_contain_text("预计 100 积分")
        await page.get_by_text("竖", exact=True).click()
        await page.locator(".pb-form .pb-button.primary").click()
        await expect(page.locator(".pb-form")).to_be_hidden()
        assert studio.door.of("paint")[-1].values["ratio"] == "9:16"
        assert not wrong
        await page.close()


async def test_a_phone_shows_one_column_at_a_time_with_a_way_back(studio: Studio, browser: Browser) -> None:
    await talk(studio.page, studio.chat)
    async with served(studio) as address:
        page, wrong = await opened(browser, address, wide=390, high=844)
        nav, main, thread = (page.locator(f".pb-{name}").first for name in ("nav", "main", "thread"))
        await page.locator(".pb-thread-link").first.click()
        await expect(thread).to_be_visible()
        await expect(main).to_be_hidden()
        await thread.locator(".pb-phone-only").click()
        await expect(main).to_be_visible()
        await main.locator(".pb-phone-only").click()
        await expect(nav).to_be_visible()
        await expect(main).to_be_hidden()
        await nav.get_by_text("公众号配图").click()
        await expect(main).to_contain_text("周五的头图谁来？")
        assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wrong
        await page.close()


async def test_light_and_dark_are_chosen_and_stay(studio: Studio, browser: Browser) -> None:
    async with served(studio) as address:
        page, _ = await opened(browser, address)
        body, theme = page.locator("body"), page.locator(".pb-choices button").first
        await expect(theme).to_contain_text("跟随系统")
        for said, background in (("浅色", "rgb(250, 249, 246)"), ("深色", "rgb(22, 24, 28)")):
            async with page.expect_response("**/page/look?theme=*"):
                await theme.click()
            await expect(theme).to_contain_text(said)
            await expect(body).to_have_css("background-color", background)
        await page.reload()
        await expect(body).to_have_css("background-color", "rgb(22, 24, 28)")
        await page.close()


async def test_before_its_scripts_have_come_the_page_is_in_the_chosen_theme_and_says_nothing_strange(
    studio: Studio, browser: Browser
) -> None:
    """It was white, and said to a slow network that the browser was too old."""
    async with served(studio) as address:
        for system, theme, background in (
            ("dark", "auto", "rgb(22, 24, 28)"),
            ("light", "dark", "rgb(22, 24, 28)"),
            ("dark", "light", "rgb(250, 249, 246)"),
        ):
            context = await browser.new_context(color_scheme=system)  # type: ignore[arg-type]
            page = await context.new_page()
            await page.request.get(f"{address}/page/look?theme={theme}")
            await page.route("**/vue.*", lambda route: None)  # never comes
            await page.goto(address, wait_until="commit")
            await expect(page.locator("body")).to_have_css("background-color", background)
            await expect(page.locator("#esm-fallback")).to_have_css("font-size", "0px")
            await context.close()


async def test_a_picture_that_does_not_come_says_so_where_it_stands(studio: Studio, browser: Browser) -> None:
    """Half a line of its alt text stood at the top of an empty frame."""
    await talk(studio.page, studio.chat)
    async with served(studio) as address:
        page, wrong = await opened(browser, address)
        await page.route("**/page/images/**", lambda route: route.abort())
        await page.reload()
        await expect(page.locator(".pb-shot").first.get_by_text("打不开这张图")).to_be_visible()
        await page.locator(".pb-shot").first.click()
        await expect(page.locator(".pb-lightbox-stage").get_by_text("打不开这张图")).to_be_visible()
        assert not wrong
        await page.close()


async def test_fast_typing_loses_no_letter_while_words_are_offered(studio: Studio, browser: Browser) -> None:
    async with served(studio) as address:
        page, _ = await opened(browser, address)
        line = "/paint --a -- b --n 2 --hd --x 一只橘猫 --seed 12 --ar 16:9 --tpl 早安 --n 4 --hd"
        await page.locator(".pb-main textarea").first.press_sequentially(line)
        await expect(page.locator(".pb-price").first).to_contain_text("预计 100 积分")
        await expect(page.locator(".pb-main textarea").first).to_have_value(line)
        await page.keyboard.press("Enter")
        await eventually(lambda: bool(studio.door.of("paint")))
        assert f"/paint {studio.door.of('paint')[0].text}" == line
        await page.close()


async def test_enter_pressed_again_while_the_network_is_slow_is_one_press(studio: Studio, browser: Browser) -> None:
    """Each painted, and was charged: the box is emptied only when the server's answer comes."""
    async with served(studio) as address:
        page, _ = await opened(browser, address)
        box = page.locator(".pb-main textarea").first
        await box.press_sequentially("/random 1")
        await box.evaluate(f"(box) => {{ for (let at = 0; at < 3; at++) box.dispatchEvent({PRESSED}); }}")
        await expect(box).to_have_value("")
        await page.keyboard.press("ArrowUp")  # the same line again, meant
        await expect(box).to_have_value("/random 1")
        await page.keyboard.press("Enter")
        await expect(box).to_have_value("")
        await page.keyboard.type("/help")
        await page.keyboard.press("Enter")
        await eventually(lambda: bool(studio.door.of("help")))
        assert len(studio.door.of("random")) == 2
        await page.close()


async def test_a_picture_open_in_full_size_is_closed_when_it_is_deleted(
    studio: Studio, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood there, with its words, for as long as nobody closed it."""
    await talk(studio.page, studio.chat)
    async with served(studio) as address:
        page, wrong = await opened(browser, address)
        await page.locator(".pb-strip .pb-shot").first.click()
        stage = page.locator(".pb-lightbox-stage img")
        await expect(stage).to_be_visible()
        await studio.page.messenger.tell("page:xiaolin", place_in("spring"), Reply((words("早上好"),)), "zh")
        await expect(page.get_by_text("早上好")).to_have_count(1)
        await expect(stage).to_be_visible()
        monkeypatch.setattr(FakeImages, "_known", _gone)
        await studio.page.messenger.hide("K7Q2")
        await expect(page.locator(".pb-lightbox")).to_have_count(0)
        assert not wrong
        await page.close()


def _gone(images: FakeImages, image: str) -> None:
    raise FileNotFoundError(image)


async def test_the_browsers_back_and_forward_lead_through_the_page(studio: Studio, browser: Browser) -> None:
    """They left it."""
    await talk(studio.page, studio.chat)
    thread, works, articles = re.compile(r"\?c=spring&t=4$"), re.compile(r"&s=works$"), re.compile(r"\?c=articles$")
    async with served(studio) as address:
        page, wrong = await opened(browser, address)
        title, lightbox, shots = (page.locator(f".pb-{one}") for one in ("main h1", "lightbox", "thread .pb-shot"))
        await page.locator(".pb-thread-link").first.click()
        await expect(page).to_have_url(thread)
        await page.get_by_role("button", name="我的作品").click()
        await expect(page).to_have_url(works)
        await page.get_by_role("button", name="公众号配图").click()
        await expect(page).to_have_url(articles)
        await expect(title).to_have_text("# 公众号配图")
        await page.go_back()
        await expect(title).to_have_text("我的作品")
        await expect(page.locator(".pb-section")).to_contain_text("共 38 件")
        await page.go_back()
        await shots.first.click()
        await expect(lightbox).to_be_visible()
        await page.go_back()  # closes what lies over the page
        await expect(lightbox).to_be_hidden()
        await expect(page).to_have_url(thread)
        await expect(shots).to_have_count(4)
        await page.go_back()
        await expect(page.locator(".pb-thread:visible")).to_have_count(0)
        await expect(title).to_have_text("# 春季上新")
        await page.go_forward()
        await expect(shots).to_have_count(4)
        assert not wrong
        await page.close()


async def test_a_reference_no_browser_can_open_says_so(studio: Studio, browser: Browser) -> None:
    """Its chip was blank."""
    named = [{"handle": "0" * 32, "name": "gone.png"}]
    await studio.chat.add("spring", 0, "page:zhouzhou", line_body("周舟", "/paint 一只猫", named))
    async with served(studio) as address:
        page, wrong = await opened(browser, address)
        old = page.locator(".pb-timeline .pb-chip").first
        await expect(old.locator(".pb-chip-lost")).to_be_visible()
        await expect(old).to_contain_text("打不开这张图")
        await page.locator(".pb-main textarea").first.evaluate(PASTE)
        new = page.locator(".pb-box .pb-chip").first
        await expect(new).to_contain_text("cat.png")
        await expect(new.locator(".pb-chip-lost")).to_be_visible()
        await page.locator(".pb-main textarea").first.evaluate(
            PASTE.replace("cat.png", "a.pdf").replace("image/png", "a/pdf")
        )
        await page.locator(".pb-main textarea").first.evaluate(PASTE.replace("cat", "dog"))
        await expect(page.locator(".pb-box .pb-chip").nth(1)).to_contain_text(
            "dog.png"
        )  # a.pdf was taken like a picture
        assert not wrong
