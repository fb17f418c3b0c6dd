"""What `/paint` promises, sentence by sentence: defaults, notes for each changed value, what is told and never charged."""

from dataclasses import replace

import pytest

from core.alerts import untold
from core.cards import announce
from core.desk import Desk
from core.jimeng.models import table
from core.requests import Offered, Painted
from tests.desk.stage import Stage, png, presses, words


def receipt(view: object, language: str = "en") -> str:
    return words(announce(view, final=100).receipt, language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a cat --n 2 --n 3", "Count was given more than once"),
        ("a cat --size 2048x1152 --ar 1:1", "2048x1152 is exact"),
        ("a cat --seed 5 --hd", "close, not exact"),
        ("a cat --iw 0.5", "the weight was not used"),
        ("a cat --wm off", "keeps the AI label"),
        ("a cat --no text", "written into the prompt"),
        ("a cat 9:99", "does not look like a ratio"),
    ],
)
async def test_the_receipt_notes_each_value_that_was_changed(stage: Stage, line: str, told: str) -> None:
    assert told in receipt(await stage.order(line))


async def test_without_flags_it_is_one_square_picture_in_sd_at_its_price(stage: Stage) -> None:
    await stage.rule(sd=70)
    view = await stage.order("line one\n  line two ——霓虹")
    assert (view.tier, view.count, view.width, view.height) == ("sd", 1, 1328, 1328)
    assert view.prompt_typed == view.prompt_sent == "line one\n  line two ——霓虹"
    assert "1:1 1328×1328" in receipt(view) and "70 points held (930 left)" in receipt(view)


async def test_a_reference_gives_its_ratio_and_its_order_is_shown(stage: Stage) -> None:
    stage.messengers["page"].files["wide"] = png(1600, 900)
    view = await stage.order("like this", references=(Offered("wide"),))
    assert view.ratio == "16:9" and view.width > view.height and len(view.references) == 1
    assert "Image 1" in receipt(view)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a cat --n 5", "1 to 4"),
        ("a cat 9张", "1 to 4"),
        ("a cat --sed 5", "--seed"),
        ("a cat --iw 0.5 --scale 0.5", "keep one"),
        ("x" * 790 + " --no something long", "the limit is 800"),
        ("x" * 795 + " --no abc", "the limit is 800"),
        ("a cat --sd --size 2048x2048", "takes HD"),
        ("a cat --tpl nothing", "no template"),
    ],
)
async def test_what_cannot_be_painted_is_told_and_holds_nothing(stage: Stage, line: str, told: str) -> None:
    answer = words(await stage.ask("paint", line))
    assert told in answer and "harged" in answer
    assert (await stage.member()).held == 0


async def test_two_k_with_sd_is_painted_at_1k_and_says_so(stage: Stage) -> None:
    view = await stage.order("a cat 2K --sd")
    assert (view.width, view.tier) == (1328, "sd") and "2K takes HD" in receipt(view)
    assert (await stage.order("a cat 2K")).tier == "hd" and "painted in HD" in receipt(await stage.newest())
    assert (await stage.order("a cat --size 2048x2048")).tier == "hd"


async def test_several_references_without_a_link_are_refused_before_the_hold_and_admins_learn(stage: Stage) -> None:
    stage.messengers["page"].files.update(one=png(), two=png(colour="red"))
    answer = await stage.ask("paint", "both", references=(Offered("one"), Offered("two")))
    assert "not charged" in words(answer) and (await stage.member()).held == 0
    async with stage.records.read() as tx:
        assert [one.key for one in await untold(tx)] == ["no_link"]


# the form


async def test_a_form_that_is_opened_for_flags_keeps_them_and_takes_files(stage: Stage) -> None:
    form = await stage.form("paint", "--ar 16:9 --private --seed 3")
    assert [field.name for field in form.fields][:5] == ["prompt", "ratio", "tier", "count", "references"]
    values = {"prompt": "a cat", "ratio": "16:9", "tier": "hd", "count": "2", "avoid": "", "label": "", "source": ""}
    assert await stage.ask("paint", subject=form.subject, values=values) is None
    view = await stage.newest()
    assert (view.ratio, view.private, view.tier, view.count) == ("16:9", True, "hd", 2)


async def test_flags_typed_among_the_words_of_a_form_win_over_its_defaults(stage: Stage) -> None:
    form = await stage.form("paint", "")
    values = {"prompt": "a cat --hd --n 3 竖", "ratio": "auto", "tier": "sd", "count": "1"}
    assert await stage.ask("paint", subject=form.subject, values=values) is None
    view = await stage.newest()
    assert (view.tier, view.count, view.ratio) == ("hd", 3, "9:16")


async def test_a_forgotten_form_is_told_rather_than_painted_without_its_references(stage: Stage) -> None:
    assert "too old" in words(await stage.ask("paint", subject="0123456789", values={"prompt": "a cat"}))
    form = await stage.form("paint", "--hd")
    stolen = await stage.ask("paint", subject=form.subject, values={"prompt": "a cat"}, who="page:bob")
    assert "too old" in words(stolen)


@pytest.mark.parametrize("who", ["page:ann", "telegram:7"])
async def test_editing_keeps_everything_that_was_not_changed(stage: Stage, who: str) -> None:
    await stage.rule(open_to_strangers=True, unlabelled=True)
    line = "a cat --ar 16:9 --n 2 --seed 7 --for Spring --format png --wm off --private"
    view = await stage.painted(line, who=who)
    form = await stage.form("edit", subject=view.id, who=who)
    values = {
        field.name: "a dog" if field.name == "prompt" else field.value
        for field in form.fields
        if hasattr(field, "value")
    }
    assert await stage.ask("paint", subject=form.subject, values=values, who=who) is None
    new = await stage.newest()
    for name in ("ratio", "width", "count", "seed", "label", "format", "watermark", "private", "tier"):
        assert getattr(new, name) == getattr(view, name), name
    assert (new.prompt_typed, new.parent_id, new.parent_kind) == ("a dog", view.id, "edit")


# the price that was shown


async def test_a_high_price_is_confirmed_once_and_a_double_press_is_one_painting(stage: Stage) -> None:
    await stage.rule(hd=200, welcome=5000)
    asked = await stage.ask("paint", "a cat --hd --n 4 --n 3 --size 2560x1440")
    assert presses(asked)[0].endswith(".asked") and "600" in words(asked) and "more than once" in words(asked)
    assert (await stage.member()).held == 0
    await stage.press(asked, "paint.go")
    view = await stage.newest()
    assert (view.held, view.count) == (600, 3) and "more than once" in receipt(view)
    assert view.id in words(await stage.press(asked, "paint.go"))
    assert (await stage.member()).held == 600
    other = await stage.ask("paint.go", subject=presses(asked)[1].partition(":")[2], who="page:bob")
    assert "too old" in words(other)


async def test_the_cheaper_way_keeps_the_shape(stage: Stage) -> None:
    await stage.rule(hd=200)
    asked = await stage.ask("paint", "a cat --hd --n 4 --size 2560x1440")
    cheaper = next(one for one in presses(asked) if one.endswith(".sd"))
    await stage.press(asked, cheaper)
    view = await stage.newest()
    assert (view.tier, view.held, view.ratio, view.count) == ("sd", 400, "16:9", 4)


async def test_a_price_that_changed_after_it_was_shown_is_shown_again(stage: Stage) -> None:
    await stage.rule(hd=200)
    asked = await stage.ask("paint", "a cat --hd --n 4")
    await stage.rule(hd=300, sd=90)
    again = await stage.press(asked, "paint.go")
    assert "1,200" in words(again) and (await stage.member()).held == 0
    draft = await stage.painted("a cat")
    final = await stage.ask("final", subject=f"{draft.id}.1")
    await stage.rule(final=350)
    shown = await stage.press(final, "final.upscale")
    assert "350" in words(shown) and (await stage.member()).held == 0
    await stage.press(shown, "final.upscale")
    assert (await stage.newest()).held == 350


async def test_another_members_press_offers_it_with_their_points_at_the_price_shown(stage: Stage) -> None:
    view = await stage.painted("a cat --n 3")
    offered = await stage.ask("same", subject=f"{view.id}.2", who="page:bob")
    assert "100 points" in words(offered) and (await stage.member("page:bob")).held == 0
    await stage.press(offered, "same", who="page:bob")
    new = await stage.newest()
    assert (new.count, new.held, new.account, new.seed) == (1, 100, "page:bob", view.tasks[1].seed)
    final = await stage.ask("final", subject=f"{view.id}.2", who="page:bob")
    assert "your points" in words(final)
    await stage.press(final, "final.upscale", who="page:bob")
    assert (await stage.newest()).account == "page:bob"


async def test_a_variation_is_painted_at_a_size_its_model_takes(stage: Stage) -> None:
    view = await stage.painted("a cat --ar 16:9")
    await stage.ask("variation", subject=f"{view.id}.1")
    new = await stage.newest()
    assert (new.model, new.width, new.height) == ("jimeng_i2i_v30", 1536, 864)


async def test_again_follows_what_the_team_allows_today(stage: Stage) -> None:
    await stage.rule(unlabelled=True)
    view = await stage.painted("a cat --wm off")
    await stage.rule(unlabelled=False)
    await stage.ask("again", subject=view.id)
    new = await stage.newest()
    assert new.watermark and "AI label" in receipt(new)


async def test_the_free_repaint_is_one_whoever_presses_it(stage: Stage) -> None:
    view = await stage.painted("a cat --n 3 --seed 5", failing=1)
    boss = await stage.admin()
    assert await stage.ask("repaint", subject=view.id) is None
    new = await stage.newest()
    assert (new.held, new.count, new.seed) == (0, 1, view.tasks[2].seed)
    await stage.ask("repaint", subject=view.id, who=boss)
    assert (await stage.newest()).id == new.id


async def test_an_admins_press_on_anothers_painting_shows_that_it_takes_the_admins_points(stage: Stage) -> None:
    view, boss = await stage.painted("a cat"), await stage.admin()
    for verb, subject in (("again", view.id), ("same", f"{view.id}.1"), ("variation", f"{view.id}.1")):
        asked = await stage.ask(verb, subject=subject, who=boss)
        assert "with your own points" in words(asked), verb
    assert (await stage.member(boss)).held == 0
    assert await stage.press(await stage.ask("again", subject=view.id, who=boss), "again", who=boss) is None
    assert (await stage.newest()).member == "boss" and (await stage.member(boss)).held == 100


async def test_what_an_admin_has_repainted_is_the_owners(stage: Stage) -> None:
    view, boss = await stage.painted("a cat --n 2", failing=1), await stage.admin()
    assert "painted for ann, free" in words(await stage.ask("repaint", subject=view.id, who=boss))
    new = await stage.newest()
    assert (new.member, new.place, new.held, new.parent_id) == ("ann", view.place, 0, view.id)
    assert "painted again before" in words(await stage.ask("repaint", subject=view.id))


async def test_a_template_nobody_saved_yet_is_told_with_the_way_to_the_first_one(stage: Stage) -> None:
    said = words(await stage.ask("paint", "a cat --tpl cups"), "zh")
    assert "存模板" in said and "没扣积分" in said and "-" not in said


# replying


async def test_words_in_reply_take_the_picture_and_a_reply_without_words_asks_for_them(stage: Stage) -> None:
    view = await stage.painted("a cat")
    new = await stage.order("in snow", reply_to=view.id)
    assert [one.id for one in new.references] == [view.kept[0].image.id]  # type: ignore[union-attr]
    assert (new.parent_id, new.parent_kind) == (view.id, "reply")
    form = await stage.form("paint", "", reply_to=view.id)
    assert await stage.ask("paint", subject=form.subject, values={"prompt": "in rain"}) is None
    later = await stage.newest()
    assert (later.parent_id, len(later.references)) == (view.id, 1)


async def test_a_deleted_or_private_painting_is_no_reference(stage: Stage) -> None:
    mine = await stage.painted("a cat --private")
    assert "There is no" in words(await stage.ask("paint", "more", references=(Painted(mine.id),), who="page:bob"))
    assert "There is no" in words(await stage.ask("paint", "more", reply_to=mine.id, who="page:bob"))
    await stage.ask("delete.sure", subject=mine.id)
    assert "There is no" in words(await stage.ask("paint", "more", references=(Painted(mine.id),)))
    running = await stage.order("a dog")
    assert "no picture" in words(await stage.ask("paint", "more", reply_to=running.id))


async def test_who_may_not_paint_is_told_before_anything_is_fetched_or_kept(stage: Stage) -> None:
    refused = await stage.ask("paint", "a cat", who="telegram:7", references=(Offered("nowhere"),))
    assert presses(refused) == ["access.ask:", "link.enter:"]
    assert presses(await stage.ask("paint", "", who="telegram:7")) == ["access.ask:", "link.enter:"]


# one brief, several shapes


async def test_one_brief_in_several_shapes_is_priced_together_and_painted_with_one_seed(stage: Stage) -> None:
    priced = words(await stage.ask("price", "a mug --ar 1:1,9:16,16:9"))
    assert "300 points" in priced
    await stage.order("a mug --ar 1:1,9:16,16:9 --for Spring")
    listed = await stage.reply("works", "for:Spring")
    ids = [press.partition(":")[2] for press in presses(listed) if press.startswith("show:")]
    views = [await stage.view(one) for one in ids]
    assert {view.ratio for view in views} == {"1:1", "9:16", "16:9"} and len({view.seed for view in views}) == 1
    first = next(view for view in views if view.ratio == "1:1")
    assert {view.parent_id for view in views if view.id != first.id} == {first.id}
    assert (await stage.member()).held == 300


async def test_a_pack_above_the_threshold_is_confirmed_as_a_whole(stage: Stage) -> None:
    asked = await stage.ask("paint", "a mug --ar 1:1,9:16 --n 4")
    assert "800" in words(asked) and "1:1 · 9:16" in words(asked)
    one = next(press for press in presses(asked) if press.endswith(".one"))
    assert "200" in words(await stage.press(asked, one))
    assert (await stage.member()).held == 200
    refused = await stage.ask("paint", "a mug --ar 1:1,2:3,3:2,4:3,3:4")
    assert "At most 4" in words(refused)


async def test_a_pack_nobody_can_pay_holds_nothing(stage: Stage) -> None:
    await stage.rule(confirm_above=9000)
    assert "Not enough points" in words(await stage.ask("paint", "a mug --ar 1:1,9:16,16:9 --n 4"))
    assert (await stage.member()).held == 0
    await stage.rule(at_once=1)
    assert "Only 1 of 2" in words(await stage.ask("paint", "a mug --ar 1:1,9:16"))
    assert (await stage.member()).held == 100


async def test_a_model_that_takes_fewer_characters_is_told_with_its_count_and_nothing_is_charged(stage: Stage) -> None:
    models = table({"v31": {"prompt_longest": 20}})
    stage.desk = Desk(replace(stage.tools, models=models))
    have = (await stage.member()).points
    said = words(await stage.ask("paint", "a cat with a very long tail"), "en")
    assert "27" in said and "20" in said and (await stage.member()).points == have
    assert await stage.ask("paint", "a cat with a tail") is None
