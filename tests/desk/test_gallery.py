"""Examples and inspirations: drawn, shown, painted by one press, counted."""

import pytest

from core import examples, gallery, templates
from core.generations import add_image
from core.replies import Form, Item, TextField
from core.texts.library import load_examples
from tests.desk.stage import ADMIN, Stage, png, presses, words


async def seeded(stage: Stage) -> None:
    async with stage.records.write() as tx:
        await examples.seed_examples(tx)


async def inspired(stage: Stage, count: int = 1, title: str = "窗台橘猫") -> None:
    """Inspirations with a picture each."""
    for number in range(count):
        stored = await stage.images.keep(png())
        async with stage.records.write() as tx:
            image = await add_image(tx, stored, "reference")
            await gallery.add(tx, f"{title} {number}", "一只橘猫 --ar 16:9 --n 2 --seed 7", image_id=image)


async def test_the_library_is_seeded_once_for_ever(stage: Stage) -> None:
    async with stage.records.write() as tx:
        assert await examples.seed_examples(tx) == 2 * len(load_examples())
        one = (await examples.listed(tx))[0][0]
        assert await examples.remove(tx, one.id)
        assert await examples.seed_examples(tx) == 0
        assert await examples.get(tx, one.id) is None


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_random_draws_in_the_readers_language_and_paints_by_one_press(stage: Stage, language: str) -> None:
    await seeded(stage)
    lines = {getattr(one, language) for one in load_examples()}
    drawn = await stage.reply("random", language=language)
    assert drawn.copy.removeprefix("/paint ") in lines
    assert await stage.press(drawn, "example.paint", language=language) is None
    view = await stage.newest()
    assert view.prompt_typed and f"{view.held}" in words(drawn, language)
    twice = await stage.press(drawn, "example.paint", language=language)
    assert words(twice, language) and (await stage.newest()).id == view.id


async def test_another_is_another_and_several_come_with_a_button_each(stage: Stage) -> None:
    await seeded(stage)
    first = await stage.reply("random")
    for _ in range(5):
        assert (await stage.press(first, "random")).copy != first.copy  # type: ignore[union-attr]
    for typed in ("3个", "3 个"):
        several = await stage.reply("random", typed)
        assert sum(isinstance(part, Item) for part in several.parts) == 3 and not several.copy
    for wrong in ("0", "6", "many"):
        assert "1 to 5" in words(await stage.ask("random", wrong), "en")


async def test_a_price_that_changed_since_the_button_was_drawn_is_asked_again(stage: Stage) -> None:
    async with stage.records.write() as tx:
        await examples.add(tx, "shop", "zh", "一只杯子")
    drawn = await stage.reply("random")
    await stage.rule(sd=150)
    asked = await stage.press(drawn, "example.paint")
    assert "150" in words(asked)
    assert await stage.press(asked, "example.paint") is None
    assert (await stage.newest()).held == 150


async def test_a_press_without_points_is_told_and_can_be_pressed_again(stage: Stage) -> None:
    async with stage.records.write() as tx:
        await examples.add(tx, "shop", "zh", "一只杯子 --n 3")
    await stage.rule(welcome=100)
    drawn = await stage.reply("random")
    for _ in range(2):
        assert "300" in words(await stage.press(drawn, "example.paint"))


async def test_no_examples_and_a_disabled_one_are_told(stage: Stage) -> None:
    assert "English" in words(await stage.ask("random", language="en"), "en")
    async with stage.records.write() as tx:
        number = await examples.add(tx, "shop", "zh", "一只杯子")
    drawn = await stage.reply("random")
    async with stage.records.write() as tx:
        assert number is not None and await examples.change(tx, number, enabled=False)
    assert "/random" in words(await stage.press(drawn, "example.paint"))


async def test_an_example_can_be_changed_first_and_keeps_its_flags(stage: Stage) -> None:
    async with stage.records.write() as tx:
        await examples.add(tx, "shop", "zh", "一只杯子 --ar 3:4 --seed 7 --no 文字")
    form = await stage.press(await stage.ask("random", who="telegram:7"), "example.edit", who="slack:T1/U1")
    assert isinstance(form, Form)
    chosen = {"prompt": "一只碗", "ratio": "3:4", "tier": "sd", "count": "2", "avoid": "", "label": "", "source": ""}
    assert await stage.ask("paint", subject=form.subject, values=chosen, who="slack:T1/U1") is None
    view = await stage.newest()
    assert (view.prompt_typed, view.ratio, view.seed, view.count, view.avoid) == ("一只碗", "3:4", 7, 2, "")


async def test_the_gallery_is_a_wall_that_fills_in_the_form_and_counts(stage: Stage) -> None:
    assert "empty" in words(await stage.ask("gallery"), "en")
    await inspired(stage, 6)
    wall = await stage.reply("gallery")
    items = [part for part in wall.parts if isinstance(part, Item)]
    assert len(items) == 5 and all(item.picture for item in items)
    rest = await stage.press(wall, "gallery")
    assert presses(rest)[0] == "inspire.paint:1"
    form = await stage.press(rest, "inspire.paint")
    assert isinstance(form, Form) and isinstance(form.fields[0], TextField) and form.fields[0].value == "一只橘猫"
    await stage.press(rest, "inspire.paint")
    async with stage.records.read() as tx:
        one = await gallery.get(tx, 1)
    assert one is not None and one.uses == 1
    assert await stage.ask("paint", subject=form.subject, values={"prompt": "一只白猫"}) is None
    view = await stage.newest()
    assert (view.prompt_typed, view.ratio, view.count, view.seed) == ("一只白猫", "16:9", 2, 7)


async def test_the_gallery_is_searched_and_what_left_it_is_told(stage: Stage) -> None:
    await inspired(stage, 6, "cat")
    await inspired(stage, 1, "ship")
    assert len(presses(await stage.ask("gallery", "ship"))) == 1
    assert "zebra" in words(await stage.ask("gallery", "zebra"))
    assert (await stage.press(await stage.ask("gallery", "cat"), "gallery")) is not None
    async with stage.records.write() as tx:
        assert await gallery.change(tx, 7, enabled=False)
    assert "/gallery" in words(await stage.ask("inspire.paint", subject="7"))


async def test_an_empty_gallery_says_what_its_reader_can_do_about_it(stage: Stage) -> None:
    """It sent admins to an admin, and newcomers from one empty list to another."""
    empty = await stage.reply("gallery")
    assert presses(empty) == ["random:", "works:1"]
    filled = await stage.reply("gallery", who=await stage.admin())
    assert presses(filled) == ["admin.inspirations:"] and "请管理员" not in words(filled, "zh")
    for shelf in ("inspirations", "examples", "templates"):
        said = words(await stage.ask(f"admin.{shelf}", who=ADMIN), "zh").splitlines()
        assert any(line.endswith("。") for line in said), said


async def test_a_page_of_gallery_or_templates_that_is_gone_by_now_is_the_last_one_there_is(stage: Stage) -> None:
    """The gallery showed none of its entries, the templates ended in an error."""
    await inspired(stage)
    async with stage.records.write() as tx:
        await templates.add(tx, "雾", "山间的雾", owner=None)
    assert "inspire.paint:1" in presses(await stage.reply("gallery", subject="7"))
    assert "山间的雾" in words(await stage.reply("templates", subject="7"), "zh")
