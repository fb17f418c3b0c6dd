"""One language for a member: the page's switch, the command and every other platform say and follow the same one."""

from dataclasses import replace

import pytest

from adapters.page.browser import asked
from core.replies import Reply
from core.requests import Request
from tests.page.conftest import Studio, sees
from tests.page.scene import words
from tests.waiting import eventually


@pytest.fixture
def spoken(studio: Studio) -> dict[str, str]:
    """The language of each account as the desk keeps it."""
    kept: dict[str, str] = {}

    def language(request: Request) -> Reply:
        if request.subject or request.text:
            kept[str(request.account)] = request.subject or request.text
        return replace(Reply((words("好"),), private=True), language=kept.get(str(request.account), ""))

    studio.door.script["language"] = language
    return kept


async def test_the_switch_in_the_head_is_the_members_language_everywhere(
    studio: Studio, spoken: dict[str, str]
) -> None:
    """It changed only what this browser showed."""
    user = await studio.member(path="/?c=articles")
    user.find(marker="language").click()
    await sees(user, "article-pictures")
    assert spoken == {"page:xiaolin": "en"}
    assert user.back_history[-1].endswith("&back=%2F%3Fc%3Darticles"), "the page stays where it was"
    assert not any(said.author == "paintbot" for said in studio.chat.said.values())


async def test_the_command_turns_the_page_too(studio: Studio, spoken: dict[str, str]) -> None:
    user = await studio.member()
    user.find(marker="box").type("/language en")
    user.find(marker="box-send").click()
    await sees(user, "spring-launch")
    assert spoken == {"page:xiaolin": "en"}


async def test_a_language_chosen_on_another_platform_is_the_pages(studio: Studio, spoken: dict[str, str]) -> None:
    spoken["page:zhouzhou"] = "en"
    assert 'lang="zh-CN"' in (await studio.web().get("/")).text
    web = studio.web()
    await web.get("/page/as", params={"account": "page:zhouzhou"})
    assert 'lang="en-US"' in (await web.get("/")).text
    await eventually(lambda: bool(studio.door.of("language")))


async def test_a_first_visit_is_greeted_in_the_browsers_language(studio: Studio, spoken: dict[str, str]) -> None:
    """An English browser was greeted in Chinese."""
    english = {"accept-language": "en-GB,en;q=0.9"}
    assert "spring-launch" in (await studio.web().get("/", headers=english)).text
    assert "春季上新" in (await studio.web().get("/")).text, "the bot's language, where a browser asks for none"
    spoken["page:xiaolin"] = "zh"
    assert "春季上新" in (await studio.web().get("/", headers=english)).text, "what the member chose goes first"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW", "zh"),
        ("fr-FR,fr;q=0.9,zh;q=0.3,en;q=0.2", "zh"),
        ("zh;q=0.1, EN;q=0.8", "en"),
        ("zh;q=0,en", "en"),
        ("fr", "en"),
        ("*", "zh"),
        ("", "zh"),
    ],
)
def test_a_browser_is_read_by_the_weight_of_its_wishes(header: str, language: str) -> None:
    assert asked(header, "zh") == language
