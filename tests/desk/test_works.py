"""My works: found by words, status, time and label, paged, and deleted several at once."""

import pytest

from core.replies import ChoiceField, Item
from tests.conftest import Clock
from tests.desk.stage import Stage, presses, words


async def test_works_show_ones_own_newest_first_with_thumbnails_and_four_buttons(stage: Stage, clock: Clock) -> None:
    first = await stage.painted("一只橘猫 --for 新品 上架")
    clock.forward(minutes=1)
    await stage.painted("a dog", who="page:bob")
    second = await stage.order("a lighthouse")
    listed = await stage.reply("works")
    items = [part for part in listed.parts if isinstance(part, Item)]
    assert [item.buttons[0].press for item in items] == [f"show:{second.id}", f"show:{first.id}"]  # type: ignore[union-attr]
    assert items[1].picture is not None and items[1].picture.image == first.kept[0].image.id  # type: ignore[union-attr]
    assert f"cancel:{second.id}" in presses(listed) and f"delete:{second.id}" not in presses(listed)
    assert {f"again:{first.id}", f"details:{first.id}", f"delete:{first.id}"} <= set(presses(listed))
    assert listed.private and "新品 上架" in words(listed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("橘猫", {"cat"}),
        ("橘猫 窗台", {"cat"}),
        ("status:failed", {"fog"}),
        ("状态：失败", {"fog"}),
        ("status:running", {"sea"}),
        ("since:2d", {"fog", "sea"}),
        ("最近:今天", {"fog", "sea"}),
        ("until:2026-11-30", {"cat"}),
        ('for:"Spring sale"', {"sea"}),
        ("用途:Spring", set()),
        ("status:done 窗台 since:30d", {"cat"}),
    ],
)
async def test_filters_in_both_languages(stage: Stage, clock: Clock, typed: str, found: set[str]) -> None:
    ids = {"cat": (await stage.painted("一只橘猫坐在窗台上")).id}
    clock.forward(days=5)
    ids["fog"] = (await stage.painted("fog", failing=1)).id
    ids["sea"] = (await stage.order("sea --for Spring sale")).id
    shown = {
        press.partition(":")[2] for press in presses(await stage.ask("works", typed)) if press.startswith("details:")
    }
    assert shown == {ids[name] for name in found}


@pytest.mark.parametrize("typed", ["status:fine", "since:never", "since:2026-13-40", "page:0", "colour:red"])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_bad_filter_is_told_with_its_word(stage: Stage, typed: str, language: str) -> None:
    told = words(await stage.ask("works", typed, language=language), language)
    assert typed.partition(":")[2] in told


async def test_pages_keep_their_filters(stage: Stage) -> None:
    for number in range(7):
        await stage.painted(f"ship {number}", private=True)
    await stage.painted("cat")
    first = await stage.reply("works", "ship")
    assert "1" in words(first) and len([one for one in presses(first) if one.startswith("show:")]) == 5
    second = await stage.press(first, "works")
    assert len([one for one in presses(second) if one.startswith("show:")]) == 2
    assert len(presses(await stage.ask("works", "ship 2"))) == len(presses(second))
    back = await stage.press(second, "works")
    assert presses(back) == presses(first)


async def test_several_are_deleted_after_their_number_was_confirmed(stage: Stage) -> None:
    views = [await stage.painted("a cat --n 2"), await stage.painted("a dog"), await stage.painted("a hen")]
    form = await stage.press(await stage.ask("works"), "works.delete")
    assert form is not None and not hasattr(form, "parts")
    field = form.fields[0]
    assert isinstance(field, ChoiceField) and {one.value for one in field.options} == {view.id for view in views}
    asked = await stage.reply("works.delete", values={"which": (views[0].id, views[1].id)})
    assert "2" in words(asked, "en") and "2 幅" in words(asked, "zh") and "3 张图" in words(asked, "zh")
    done = await stage.press(asked, "works.delete.sure")
    assert "2" in words(done)
    assert [(await stage.view(view.id)).deleted is not None for view in views] == [True, True, False]
    for view in views[:2]:
        assert not await stage.images.store.exists(view.kept[0].image.key)  # type: ignore[union-attr]
    assert stage.messengers["page"].hidden == [views[0].id, views[1].id]
    again = await stage.press(asked, "works.delete.sure")
    assert "too old" in words(again, "en")


async def test_others_cannot_be_deleted_in_a_batch_and_nothing_chosen_is_told_at_the_field(stage: Stage) -> None:
    view = await stage.painted("a cat")
    assert view.id in words(await stage.ask("works.delete", values={"which": (view.id,)}, who="page:bob"))
    nothing = await stage.form("works.delete", values={"which": ()})
    assert nothing.problems[0][0] == "which"
    kept = await stage.press(await stage.ask("works.delete", values={"which": (view.id,)}), "works.delete.keep")
    assert "nothing" in words(kept, "en") and (await stage.view(view.id)).deleted is None


async def test_one_unknown_id_does_not_stop_the_others_of_a_batch(stage: Stage) -> None:
    view = await stage.painted("a cat")
    asked = await stage.reply("works.delete", values={"which": (view.id, "ZZZZ")})
    assert "ZZZZ" in words(asked) and "1 幅" in words(asked, "zh")
    await stage.press(asked, "works.delete.sure")
    assert (await stage.view(view.id)).deleted is not None


async def test_no_works_yet_and_none_found_each_have_a_way_on(stage: Stage) -> None:
    assert presses(await stage.ask("works")) == ["random:"]
    assert presses(await stage.ask("works", "zebra")) == ["works:1"]


async def test_adopting_for_a_use_and_channel_by_form(stage: Stage) -> None:
    view = await stage.painted("a cat --for Spring")
    adopted = await stage.ask("adopt", subject=f"{view.id}.1")
    form = await stage.press(adopted, "adopt.use")
    assert [field.name for field in form.fields] == ["use", "channel"]  # type: ignore[union-attr]
    await stage.ask(form.verb, subject=form.subject, values={"use": "poster", "channel": "WeChat"})  # type: ignore[union-attr]
    after = await stage.view(view.id)
    assert (after.adopted, after.adopted_for, after.adopted_channel) == (1, "poster", "WeChat")
