"""Whole journeys of a member on every platform: found again, from an example, the gallery or a template, to HD, deleted, in one's own language."""

import pytest

from core import examples, gallery, templates
from core.generations import add_image
from core.records import Records
from tests.adapters.town import MEMBER, OTHER, Town, opened
from tests.conftest import Clock
from tests.desk.stage import png


async def test_works_details_again(town: Town) -> None:
    member = await town.person(MEMBER)
    view = await town.painted(text="一只橘猫 --n 2 --ar 16:9")
    await member.type("/works 橘猫")
    town.reads(member, "works.count_all", n=1)
    assert "picture" in member.text_seen(), "a thumbnail"
    await member.press("details", view.id)
    assert "16:9" in member.text_seen() and "一只橘猫" in member.text_seen()
    await member.type("/works 橘猫")
    await member.press("again", view.id)
    await town.announce()
    new = await town.stage.newest()
    assert (new.parent_id, new.parent_kind, new.prompt_typed, new.count) == (view.id, "again", "一只橘猫", 2)
    assert new.id in member.text_seen()
    await town.finish()
    assert f"choose:{new.id}.2" in await _opened(town, new.id)


async def _opened(town: Town, generation: str) -> list[str]:
    """The buttons of a painting's card, as a member has them before them."""
    member = await town.person(MEMBER)
    await member.type(f"/show {generation}")
    return list(member.buttons_seen())


async def test_works_are_paged_and_deleted_several_at_once(town: Town, clock: Clock) -> None:
    member, views = await town.person(MEMBER), []
    for n in range(6):
        clock.forward(minutes=1)
        views.append(await town.painted(text=f"第{n}只猫"))
    await member.type("/works")
    town.reads(member, "works.count", n=6, page=1, pages=2)
    await member.press("works")
    town.reads(member, "works.count", n=6, page=2, pages=2)
    assert "第0只猫" in member.text_seen() and "picture" in member.text_seen(), "with its own thumbnails"
    await member.type("/works")
    await member.press("works.delete")
    town.reads(member, "works.field_which")
    await member.submit({"which": (views[5].id, views[4].id)})
    town.reads(member, "works.delete_ask", n=2, pictures=2)
    await member.press("works.delete.sure")
    town.reads(member, "works.deleted", n=2)
    assert [bool((await town.stage.view(one.id)).deleted) for one in views] == [False] * 4 + [True] * 2


async def test_random_paint_this(town: Town) -> None:
    async with town.stage.records.write() as tx:
        await examples.add(tx, "story", "zh", "一座灯塔 --ar 3:4")
        await examples.add(tx, "shop", "zh", "一只茶杯 --ar 3:4")
    member = await town.person(MEMBER)
    await member.type("/random")
    first = "灯塔" if "灯塔" in member.text_seen() else "茶杯"
    await member.press("random")
    assert ("茶杯" if first == "灯塔" else "灯塔") in member.text_seen(), "another, not the same"
    await member.press("example.paint")
    view = await town.finish()
    assert first not in view.prompt_typed and view.ratio == "3:4"
    assert view.id in member.screen()


async def test_gallery_paint_this(town: Town) -> None:
    stored = await town.stage.images.keep(png())
    async with town.stage.records.write() as tx:
        await add_image(tx, stored, "result")
        await gallery.add(tx, "小镇", "水彩小镇 --ar 16:9", image_id=stored.id)
    member = await town.person(MEMBER)
    await member.type("/gallery")
    assert "小镇" in member.text_seen() and "picture" in member.text_seen()
    await member.press("inspire.paint")
    town.reads(member, "paint.field_prompt")
    assert "水彩小镇" in member.text_seen()
    await member.submit({"prompt": "水彩小镇，雪天"})
    view = await town.finish()
    assert (view.prompt_typed, view.ratio) == ("水彩小镇，雪天", "16:9")


async def test_a_template_is_saved_and_used_with_its_gap(town: Town) -> None:
    member = await town.person(MEMBER)
    view = await town.painted(text="一个红色的杯子 --ar 3:4")
    await member.press("template.save", view.id)
    assert "一个红色的杯子" in member.text_seen() or town.platform == "telegram", "filled in"
    await member.submit({"name": "两 个词", "prompt": "一个{颜色}的杯子"})
    town.reads(member, "template.name")
    # the form comes back as it was filled in: only what was wrong is typed again
    await member.submit({"name": "杯子"})
    town.reads(member, "template.saved", name="杯子")
    known = await town.stage.member(member.account)
    async with town.stage.records.read() as tx:
        ((kept,), _) = await templates.listed(tx, known.id)
    assert (kept.name, kept.line.startswith("一个{颜色}的杯子")) == ("杯子", True)
    await member.type("/templates")
    await member.press("template.use", str(kept.id))
    town.reads(member, "template.field_gap", gap="颜色")
    await member.submit({"gap.颜色": "青花", "more": "--ar 99:1:2"})
    assert "--ar" in member.text_seen()
    await member.submit({"more": "雪天"})
    new = await town.finish()
    assert (new.prompt_typed, new.ratio, new.template_id) == ("一个青花的杯子\n雪天", "3:4", kept.id)
    await member.type("/paint --tpl 杯子")
    assert "颜色" in member.text_seen(), "the gap that is missing"


async def test_a_chosen_picture_becomes_the_final_in_hd(town: Town) -> None:
    member = await town.person(MEMBER)
    draft = await town.painted(text="一只橘猫 --n 2")
    await member.press("choose", f"{draft.id}.2")
    town.reads(member, "final.chosen", id=draft.id, n=2)
    await member.press("final", f"{draft.id}.2")
    town.reads(member, "final.title", id=draft.id, n=2, points=100, have=800, paid=100)
    await member.press("final.upscale")
    final = await town.finish()
    assert (final.parent_id, final.parent_kind, final.parent_picture, final.tier) == (draft.id, "final", 2, "hd")
    assert final.id in member.screen()
    await member.type(f"/show {draft.id}")
    await member.press("details", draft.id)
    assert final.id in member.text_seen(), "the lineage, downwards"


async def test_a_deletion_is_confirmed_and_takes_the_messages_away(town: Town) -> None:
    member, other = await town.person(MEMBER), await town.person(OTHER)
    view = await town.painted(text="一只橘猫")
    watched = other if town.platform != "telegram" else member  # a private chat has no other reader
    assert view.id in watched.screen()
    await member.press("delete", view.id)
    town.reads(member, "paint.delete_ask", id=view.id, n=1)
    await member.press("delete.keep", view.id)
    town.reads(member, "paint.delete_kept", id=view.id)
    await member.press("delete", view.id)
    await member.press("delete.sure", view.id)
    town.reads(member, "paint.delete_done", id=view.id)
    await other.look()
    assert (await town.stage.view(view.id)).deleted
    assert f"again:{view.id}" not in member.buttons_seen() and "picture" not in watched.screen()
    if watched is other:
        assert view.id not in other.screen()


async def test_another_members_press_offers_it_with_their_points(town: Town) -> None:
    if town.platform == "telegram":
        pytest.skip("nobody else reads a private chat; groups are tests/telegram's")
    view = await town.painted(text="一只橘猫")
    other = await town.person(OTHER)
    await other.press("again", view.id)
    town.reads(other, "paint.offer_mine", id=view.id, points=100, have=1000)
    member = await town.person(MEMBER)
    await member.look()
    assert town.says("paint.button_mine", points=100) not in member.screen(), "privately"
    await other.press("again")
    new = await town.finish()
    assert (new.parent_id, new.account) == (view.id, other.account)


@pytest.mark.parametrize("platform", ["slack", "telegram", "page"])
async def test_the_chosen_language_is_spoken_from_then_on(sqlite_records: Records, clock: Clock, platform: str) -> None:
    async with opened(sqlite_records, clock, platform, "zh") as town:
        member = await town.person(MEMBER)
        await member.type("/help")
        assert "English" in member.text_seen()
        await member.press("language", "en")
        town.language = "en"
        town.reads(member, "start.language_en")
        await member.type("/points")
        assert "points" in member.text_seen() and "余额" not in member.text_seen()
        await member.type("/paint")
        town.reads(member, "paint.form_title")
        town.reads(member, "paint.field_prompt")
        await member.submit({"prompt": "a cat --ar 99"})
        assert "--ar" in member.text_seen() and "没扣积分" not in member.text_seen(), "refused in English"
        await member.submit({"prompt": "a cat"})
        view = await town.finish()
        assert view.language == "en"
        # what everybody in the page's channel reads, each reads in the language of their page
        assert platform == "page" or town.says("card.done", id=view.id) in member.screen()


async def test_a_refused_form_comes_back_as_it_was_filled_in(town: Town) -> None:
    """The desk names the field and the sentence alone; every platform shows the same form again, with the sentence."""
    view = await town.painted(text="一只橘猫")
    member = await town.person(MEMBER)
    await member.press("template.save", view.id)
    await member.submit({"name": "两 个 词", "prompt": "一只{颜色}的猫"})
    town.reads(member, "template.name")
    assert "两 个 词" in member.text_seen() and town.says("template.field_name") in member.text_seen()
    if town.platform != "telegram":
        assert "一只{颜色}的猫" in member.screen()
    await member.submit({"name": "猫"})
    town.reads(member, "template.saved", name="猫")
    assert "一只{颜色}的猫" in member.text_seen()
