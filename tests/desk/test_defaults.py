"""Defaults of a member: what their lines mean without flags; and commands that Slack knows only after /paint."""

from core import examples
from core.replies import ChoiceField
from core.requests import Offered
from tests.desk.stage import Stage, png, presses, words


async def test_a_line_that_says_nothing_is_painted_by_the_members_defaults(stage: Stage) -> None:
    await stage.rule(confirm_above=5000, welcome=5000)
    shown = await stage.reply("defaults")
    assert "not set" in words(shown) and presses(shown) == ["defaults.edit:"]
    saved = words(await stage.reply("defaults", "--ar 16:9 --hd --n 2 --format png"))
    assert "16:9" in saved and "HD" in saved and "2 pictures" in saved
    view = await stage.order("a cat")
    assert (view.ratio, view.tier, view.count, view.format, view.held) == ("16:9", "hd", 2, "png", 200)
    price = words(await stage.reply("price", "a cat"))
    assert "2" in price and "200" in price
    said = await stage.order("a cat --sd --ar 9:16 --n 1 --format jpg")
    assert (said.ratio, said.tier, said.count, said.format) == ("9:16", "sd", 1, "jpg")
    assert (await stage.order("a cat --draft")).count == 4
    exact = await stage.order("a cat --size 1024x1024")
    assert (exact.width, exact.height, exact.tier, exact.count) == (1024, 1024, "sd", 2)
    other = await stage.order("a cat", who="page:bob")
    assert (other.ratio, other.tier, other.count, other.format) == ("1:1", "sd", 1, "")

    await stage.reply("defaults", "--n 3")
    assert (await stage.order("a cat")).count == 3
    cleared = await stage.reply("defaults", "none")
    assert "Cleared" in words(cleared)
    view = await stage.order("a cat")
    assert (view.ratio, view.tier, view.count, view.format) == ("1:1", "sd", 1, "")


async def test_defaults_are_chosen_in_a_form_and_stand_in_the_painting_form(stage: Stage) -> None:
    form = await stage.form("defaults.edit")
    assert [one.value for one in form.fields if isinstance(one, ChoiceField)] == ["none"] * 4
    values = {"ratio": "3:4", "tier": "hd", "count": "none", "format": "none"}
    assert "3:4" in words(await stage.reply(form.verb, values=values))
    assert dict((await stage.member()).defaults) == {"ratio": "3:4", "tier": "hd"}
    asked = await stage.form("paint", "")
    chosen = {one.name: one.value for one in asked.fields if isinstance(one, ChoiceField)}
    assert chosen == {"ratio": "3:4", "tier": "hd", "count": "1"}
    auto = {"prompt": "a cat", "ratio": "auto", "tier": "sd", "count": "1"}
    await stage.ask("paint", subject=asked.subject, values=auto)
    view = await stage.newest()
    assert (view.ratio, view.tier) == ("1:1", "sd")  # a field is a choice, not a default
    back = await stage.press(await stage.reply("defaults"), "defaults:none")
    assert "Cleared" in words(back) and not (await stage.member()).defaults


async def test_telegrams_form_asks_for_the_words_alone_and_defaults_count(stage: Stage) -> None:
    await stage.rule(open_to_strangers=True)
    await stage.reply("defaults", "--hd", who="telegram:9")
    form = await stage.form("paint", "", who="telegram:9")
    assert [one.name for one in form.fields] == ["prompt"]
    await stage.ask("paint", subject=form.subject, values={"prompt": "a dog"}, who="telegram:9")
    assert (await stage.newest()).tier == "hd"


async def test_a_reference_keeps_its_shape_and_examples_cost_what_they_show(stage: Stage) -> None:
    await stage.rule(confirm_above=5000, welcome=5000)
    await stage.reply("defaults", "横 高清 2张")
    assert dict((await stage.member()).defaults) == {"ratio": "16:9", "tier": "hd", "count": 2}
    stage.messengers["page"].files["cup"] = png(64, 96)
    view = await stage.order("a cup", references=(Offered("cup"),))
    assert (view.ratio, view.tier, view.count) == ("2:3", "hd", 2)
    async with stage.records.write() as tx:
        await examples.seed_examples(tx)
    drawn = await stage.reply("random", "1")
    press = next(one for one in presses(drawn) if one.startswith("example.paint"))
    await stage.press(drawn, press)
    view = await stage.newest()
    assert view.held == int(press.rpartition(".")[2])


async def test_what_is_no_default_is_refused(stage: Stage) -> None:
    for text in ("a cat --hd", "--seed 7", "--ar 1:1,16:9", "--private"):
        assert "can be defaults" in words(await stage.reply("defaults", text)), text
    assert not (await stage.member()).defaults


async def test_slack_knows_some_commands_only_after_paint(stage: Stage) -> None:
    who = "slack:T1/U1"
    await stage.rule(open_to_strangers=True)
    await stage.member(who)
    assert "English" in words(await stage.reply("paint", "language en", who=who))
    assert (await stage.member(who)).language == "en"
    linked = await stage.reply("paint", "link", who=who)
    assert linked.copy and "link.enter:" in presses(linked)
    assert "share one wallet" in words(await stage.reply("paint", f"link {linked.copy}", who=who))
    await stage.reply("paint", "defaults --n 2", who=who)
    assert (await stage.order("link to the past", who=who)).count == 2
    for prompt in ("language of flowers", "defaults of nature", "link wonder"):
        assert (await stage.order(prompt, who=who)).prompt_typed == prompt
    assert (await stage.order("link", who="page:ann")).prompt_typed == "link"
