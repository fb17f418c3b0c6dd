"""Price, charge and next step, as members read them: each test is something that was untrue, unclear or a dead end."""

import sqlalchemy as sa

from core import alerts, budgets, examples, generations
from core.cards import announce
from core.records.tables import tasks
from core.replies import Form, Reply
from core.requests import Offered
from tests.desk.stage import Stage, buttons_of, png, presses, words

SCENES = ("Social media", "Shop", "Story", "Design", "Teaching")


async def test_quotes_dots_and_invisible_signs_are_no_prompt_and_cost_nothing(stage: Stage) -> None:
    for nothing in ('""', "“ ”", "。。。 --hd", "\u200b", "《》 --n 2"):
        assert isinstance(await stage.ask("paint", nothing), Form), nothing
    refused = await stage.form("paint", values={"prompt": "……"})
    assert refused.problems[0][0] == "prompt"
    assert (await stage.member()).points == 1000
    await stage.order("🦊")


async def test_several_shapes_promise_one_seed_only_where_the_model_takes_one(stage: Stage) -> None:
    drafts = words(await stage.ask("paint", "a kite --n 3 --ar 1:1,9:16"), "en")
    finals = words(await stage.ask("paint", "a kite --hd --n 3 --ar 1:1,9:16"), "en")
    assert "with one seed" in drafts and "One brief" in finals and "seed" not in finals


async def test_only_ways_the_points_reach_are_offered(stage: Stage) -> None:
    short = await stage.ask("paint", "a kite --hd --n 4 --ar 1:1,9:16,16:9")
    assert [one.subject.partition(".")[2] for one in buttons_of(short)] == ["one", ""]
    assert "you have 1,000" in words(short, "en") and "paint less" in words(short, "en")
    await stage.rule(sd=500, hd=500)
    none = await stage.ask("paint", "a kite --hd --ar 1:1,9:16,16:9")
    assert presses(none) == ["points:", "points.ask:"] and "1,500" in words(none, "en")


async def test_a_picture_that_is_not_there_is_told_apart_from_a_painting_without_any(stage: Stage) -> None:
    view = await stage.painted("a cat --n 2", failing=1)
    assert "no picture 2; there are: 1" in words(await stage.ask("adopt", subject=f"{view.id}.2"), "en")
    assert "no picture 9" in words(await stage.ask("final", subject=f"{view.id}.9"), "en")
    failed = await stage.painted("a dog", failing=1)
    assert "no picture to use yet" in words(await stage.ask("adopt", subject=f"{failed.id}.1"), "en")


async def test_the_weight_of_a_reference_is_shown_as_it_was_typed(stage: Stage) -> None:
    stage.messengers["page"].files["cup"] = png()
    view = await stage.order("a cup --iw 0.7", references=(Offered("cup"),))
    receipt = words(announce(view, final=100).receipt, "en")
    assert "reference weight 0.7" in receipt and "scale" not in receipt
    assert "0.7 (sent to Jimeng as scale" in words(await stage.ask("details", subject=view.id), "en")


async def test_tries_that_went_wrong_are_told_while_it_goes_on_and_in_the_end(stage: Stage) -> None:
    view = await stage.order("a cat")
    assert "tried again" not in words(announce(view, final=100).receipt, "en")
    async with stage.records.write() as tx:
        await tx.change(sa.update(tasks).values(failures=1, resubmits=1))
    assert "tried again by itself" in words(announce(await stage.view(view.id), final=100).receipt, "en")
    failed = await stage.paint(view.id, failing=1)
    card = announce(failed, final=100).private
    assert card is not None and "tried again 2 times" in words(card, "en")
    assert "Retries: 2" in words(await stage.ask("details", subject=view.id), "en")


async def test_a_template_named_first_may_be_followed_by_gaps_and_words(stage: Stage) -> None:
    view = await stage.painted("a cup on a table")
    values = {"name": "新品", "prompt": "{商品}在桌上", "flags": "--ar 16:9"}
    await stage.ask("template.save", subject=view.id, values=values)
    made = await stage.order("模板 新品 商品=杯子 雪天 --n 2")
    assert (made.prompt_sent, made.ratio, made.count) == ("杯子在桌上\n雪天", "16:9", 2)


async def test_the_buttons_of_a_chosen_picture_show_their_price_and_keep_it(stage: Stage) -> None:
    view = await stage.painted("a cat --n 2")
    chosen = await stage.ask("choose", subject=f"{view.id}.2")
    assert f"same:{view.id}.2!100" in presses(chosen) and f"variation:{view.id}.2!100" in presses(chosen)
    assert "[Same seed · 100]" in words(chosen, "en")
    await stage.rule(sd=150)
    asked = await stage.reply("same", subject=f"{view.id}.2!100")
    assert "price has just changed" in words(asked, "en") and presses(asked) == [f"same:{view.id}.2!150"]
    assert await stage.press(asked, "same") is None


async def test_again_shows_its_price_and_takes_no_other_one_unasked(stage: Stage) -> None:
    view = await stage.painted("a cat --n 2", failing=1)
    for where in (announce(view, final=100).result, await stage.ask("works"), await stage.ask("show", view.id)):
        assert "[Again · 200]" in words(where, "en") and "[再来 · 200]" in words(where, "zh")
    assert await stage.ask("again", subject=view.id) is None
    assert (await stage.newest()).held == 200
    other = await stage.painted("a dog --n 2")
    await stage.rule(sd=150)
    asked = await stage.reply("again", subject=other.id)
    assert "takes 300 points" in words(asked, "en") and (await stage.member()).held == 200
    assert await stage.press(asked, "again") is None
    assert (await stage.newest()).held == 300


async def test_again_of_a_free_repaint_is_not_charged_unasked(stage: Stage) -> None:
    view = await stage.painted("a cat --n 2", failing=1)
    await stage.ask("repaint", subject=view.id)
    free = await stage.paint((await stage.newest()).id)
    assert "[Again]" in words(announce(free, final=100).result, "en")
    asked = await stage.reply("again", subject=free.id)
    assert "takes 100 points" in words(asked, "en")


async def test_a_painting_that_failed_shows_what_once_more_would_cost(stage: Stage) -> None:
    view = await stage.painted("a cat", failing=1)
    assert "[Again · 100]" in words(announce(view, final=100, alone=True).receipt, "en")


async def test_somebody_elses_painting_shows_no_button_that_leads_to_a_no(stage: Stage) -> None:
    view = await stage.painted("a cat --n 2", failing=1)
    theirs = await stage.reply("show", view.id, who="page:bob")
    verbs = [one.verb for one in buttons_of(theirs)]
    assert "again" in verbs and not {"delete", "details", "repaint", "adopt"} & set(verbs)
    for one in buttons_of(theirs):
        assert "not yours" not in words(await stage.ask(one.verb, subject=one.subject, who="page:bob"), "en")
    assert {"delete", "details", "repaint"} <= {one.verb for one in buttons_of(await stage.ask("show", view.id))}


async def test_what_was_cancelled_stands_on_the_card_and_is_not_denied_later(stage: Stage) -> None:
    view = await stage.order("a cat --n 3")
    async with stage.records.write() as tx:
        await tx.change(sa.update(tasks).where(tasks.c.number == 1).values(status="submitted"))
    await stage.ask("cancel", view.id)
    assert "can be cancelled any more" in words(await stage.ask("cancel", view.id), "en")
    stored = await stage.images.keep(png())
    first = (await stage.view(view.id)).tasks[0]
    await stage._end(view.id, first.id, stored, {"status": "kept", "image_id": stored.id})
    assert "2 cancelled" in words(announce(await stage.view(view.id), final=100).result, "en")


async def test_deleting_several_says_when_none_was_deleted(stage: Stage) -> None:
    view = await stage.painted("a cat")
    sure = await stage.ask("works.delete", values={"which": (view.id,)})
    await stage.ask("delete.sure", subject=view.id)
    said = await stage.press(sure, "works.delete.sure")
    assert isinstance(said, Reply) and "Nothing was deleted" in words(said, "en")


async def test_a_label_or_source_without_end_is_refused_with_its_count(stage: Stage) -> None:
    for flag, most in (("--for", 60), ("--src", 200)):
        assert f"the limit is {most}" in words(await stage.ask("paint", f"a cat {flag} {'长' * (most + 1)}"), "en")
    await stage.order(f"a cat --for {'长' * 60} --src {'长' * 200}")


async def test_what_nearly_was_a_flag_is_read_or_named(stage: Stage) -> None:
    assert (await stage.order("一只猫 4 张")).count == 4
    for text in ("一只猫横4张", "一只猫，横", "一只猫 横，4张。"):
        view = await stage.order(text)
        assert view.count == 1 and "had no space before it" in words(announce(view, final=100).receipt, "en"), text
    for text in ("四世同堂，纵横", "一只猫，两眼放光"):
        assert not (await stage.order(text)).notes, text


async def test_a_time_of_day_is_no_ratio(stage: Stage) -> None:
    view = await stage.order("a clock at 16:30")
    assert view.prompt_sent == "a clock at 16:30" and view.ratio == "1:1"
    assert (await stage.order("a clock 9:16")).ratio == "9:16"


async def test_a_flag_like_no_other_gets_no_silly_guess(stage: Stage) -> None:
    for flag in ("--chaos 50", "--v 6"):
        said = await stage.ask("paint", f"a cat {flag}")
        assert "Did you mean" not in words(said, "en") and presses(said) == ["help:params"]


async def test_random_examples_of_one_scene_in_either_language(stage: Stage) -> None:
    async with stage.records.write() as tx:
        await examples.seed_examples(tx)
    for text, language, name in (
        ("电商 三", "zh", "Shop"),
        ("电商 3 个", "zh", "Shop"),
        ("social 2", "en", "Social media"),
        ("教学", "zh", "Teaching"),
    ):
        drawn = await stage.reply("random", text, language=language)
        scenes = [line for line in words(drawn, "en").splitlines() if line in SCENES]
        assert set(scenes) == {name}, text
        others = await stage.press(drawn, "random", language=language)
        assert {line for line in words(others, "en").splitlines() if line in SCENES} == {name}
    assert "Shop" in words(await stage.ask("random", "7"), "en")


async def test_what_was_adopted_is_seen_found_and_taken_back(stage: Stage) -> None:
    view = await stage.painted("a cat --n 2")
    await stage.painted("a dog")
    values = {"use": "main image", "channel": "x" * 99}
    await stage.ask("adopt", subject=f"{view.id}.2", values=values)
    card = announce(await stage.view(view.id), final=100).result
    assert f"Picture 2 adopted · main image · {'x' * 60}\n" in words(card, "en")
    assert "picture 2, by ann on" in words(await stage.ask("details", subject=view.id), "en")
    found = words(await stage.ask("works", "status:采用"), "en")
    assert "picture 2 adopted" in found and "a dog" not in found
    again = await stage.ask("adopt", subject=f"{view.id}.1")
    kept = await stage.view(view.id)
    assert (kept.adopted, kept.adopted_for, kept.adopted_channel) == (1, "main image", "x" * 60), (
        "a press forgets nothing"
    )
    await stage.press(again, "adopt.drop")
    assert "No work matches" in words(await stage.ask("works", "status:adopted"), "en")
    assert "not yours" in words(await stage.ask("adopt.drop", subject=view.id, who="page:bob"), "en")


async def test_a_long_list_of_works_says_how_to_find_one(stage: Stage) -> None:
    for number in range(6):
        await stage.order(f"cat {number}")
    assert "Find faster: /works" in words(await stage.ask("works"), "en")
    assert "Find faster" not in words(await stage.ask("works", "3 cat"), "en")


async def test_what_did_not_arrive_is_sent_again_from_the_list_and_from_the_painting(stage: Stage) -> None:
    view = await stage.painted("a cat")
    async with stage.records.write() as tx:
        await generations.touch(tx, view.id, delivery="undeliverable")
    assert f"resend:{view.id}" in presses(await stage.ask("works"))
    shown = await stage.ask("show", view.id)
    assert f"resend:{view.id}" in presses(shown)
    assert f"resend:{view.id}" not in presses(await stage.ask("show", view.id, who="page:bob"))
    assert "sent again, free" in words(await stage.press(shown, "resend"), "en")
    assert f"resend:{view.id}" not in presses(await stage.ask("works"))


async def test_a_budget_that_is_used_up_asks_for_a_budget_not_for_points(stage: Stage) -> None:
    async with stage.records.write() as tx:
        await budgets.put(tx, "label", "spring", "day", 50)
    refused = await stage.ask("paint", "a cat --for spring")
    assert "larger budget" in words(await stage.press(refused, "points.ask"), "en")
    async with stage.records.read() as tx:
        (told,) = [one for one in await alerts.untold(tx) if one.key.startswith("budget:")]
    assert told.button is not None and told.button.verb == "admin.budgets"
