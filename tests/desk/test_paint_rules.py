"""What `/paint` promises, sentence by sentence: defaults, notes for each changed value, what is told and never charged."""

from dataclasses import replace

import pytest

from core.alerts import untold
from core.desk import Desk
from core.jimeng.models import table
from core.requests import Offered, Painted
from tests.desk.stage import Stage, png, presses, receipt, words


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


async def test_a_variation_is_painted_at_a_size_its_model_takes(stage: Stage) -> None:
    view = await stage.painted("a cat --ar 16:9")
    await stage.ask("variation", subject=f"{view.id}.1")
    new = await stage.newest()
    assert (new.model, new.width, new.height) == ("jimeng_i2i_v30", 1536, 864)


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


async def test_a_model_that_takes_fewer_characters_is_told_with_its_count_and_nothing_is_charged(stage: Stage) -> None:
    models = table({"v31": {"prompt_longest": 20}})
    stage.desk = Desk(replace(stage.tools, models=models))
    have = (await stage.member()).points
    said = words(await stage.ask("paint", "a cat with a very long tail"), "en")
    assert "27" in said and "20" in said and (await stage.member()).points == have
    assert await stage.ask("paint", "a cat with a tail") is None
