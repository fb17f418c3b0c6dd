"""What typed words find is paged like every other list, with the words kept from page to page, however old the buttons are."""

import re
from collections.abc import Mapping

import pytest

from core import examples, gallery, members, templates
from core.commands.chores import tidy
from core.replies import Answer
from core.requests import Account
from tests.conftest import Clock
from tests.desk.admin import filled
from tests.desk.stage import ADMIN, Stage, buttons_of, words

FOUND = 12
LISTS: Mapping[str, tuple[str, str]] = {
    "admin.points": ("mia", r"mia\d+(?= ·)"),
    "admin.examples": ("fog", r"fog \d+"),
    "admin.inspirations": ("fog", r"fog \d+(?= )"),
    "admin.templates": ("fog", r"fog\d+"),
    "admin.records": ("for:fog", r"#\w{4}"),
    "admin.audit": ("积分", r"grant \d+"),
}
"""What is typed, and what each found row shows of itself."""


async def furnished(stage: Stage) -> None:
    """Twelve of everything that the words find, one of everything that they do not."""
    await stage.admin()
    ann = await stage.member()
    await stage.rule(at_once=None, sd=0)
    for number in range(FOUND):
        await stage.order("a sea --for fog", who=ADMIN)
        await filled(stage, "admin.points.grant", {"points": 1, "reason": f"grant {number}"}, subject=str(ann.id))
    await stage.order("a cat")
    await filled(stage, "admin.access.words", {"words": "dragon"})
    async with stage.records.write() as tx:
        for number in range(FOUND):
            await members.arrive(tx, Account("page", "", f"mia{number}"), f"mia{number}", "approved")
            await examples.add(tx, "story", "en", f"fog {number}")
            await gallery.add(tx, f"fog {number}", "a sea")
            await templates.add(tx, f"fog{number}", "a line", owner=None)
        await examples.add(tx, "story", "en", "a cat")
        await gallery.add(tx, "cat", "a cat")
        await templates.add(tx, "cat", "a line", owner=None)


async def turned(stage: Stage, answer: Answer | None) -> Answer | None:
    """The page after this one; None after the last."""
    older = [one for one in buttons_of(answer) if one.label.key == "admin.button_older"]
    return await stage.ask(older[0].verb, subject=older[0].subject, who=ADMIN) if older else None


@pytest.mark.parametrize("verb", list(LISTS))
async def test_typed_words_hold_from_page_to_page_a_year_later_too(stage: Stage, clock: Clock, verb: str) -> None:
    await furnished(stage)
    typed, row = LISTS[verb]
    page: Answer | None = await stage.ask(verb, typed, who=ADMIN)
    clock.forward(days=400)
    await tidy(stage.records)
    pages = []
    while page is not None:
        pages.append(set(re.findall(row, words(page, "zh"))))
        page = await turned(stage, page)
    assert len(pages) > 1 and len(set().union(*pages)) == sum(map(len, pages)) == FOUND


async def test_what_the_form_finds_is_paged_too(stage: Stage) -> None:
    await furnished(stage)
    page: Answer | None = await filled(stage, "admin.points.find", {"words": "mia"})
    pages = 0
    while page is not None:
        pages, page = pages + 1, await turned(stage, page)
    assert pages == 3


async def test_a_filter_nobody_kept_is_told_and_never_becomes_the_whole_list(stage: Stage) -> None:
    await furnished(stage)
    for verb in ("admin.points", "admin.examples", "admin.records", "works", "gallery", "templates"):
        subject = "gone000000.5" if verb.startswith("admin") else "2.gone000000"
        said = words(await stage.ask(verb, subject=subject, who=ADMIN), "zh")
        assert "重新搜一次" in said, (verb, said)


async def test_a_word_that_is_no_kind_of_act_is_told_with_those_there_are(stage: Stage) -> None:
    await stage.admin()
    said = words(await stage.ask("admin", "操作日志 天气", who=ADMIN), "zh")
    assert "没有“天气”这类操作" in said and "积分" in said


async def test_a_page_that_is_gone_by_now_is_the_last_one_there_is(stage: Stage) -> None:
    """After the last entry of the last page was deleted, its list said that there was nothing."""
    await furnished(stage)
    for verb, (_, row) in LISTS.items():
        if verb not in ("admin.records", "admin.audit"):
            page = await stage.ask(verb, subject="500", who=ADMIN)
            newer = [one.label.key for one in buttons_of(page)]
            assert re.search(row, words(page, "zh")) and "admin.button_newer" in newer, verb
            assert "admin.button_older" not in newer, verb
