"""Templates: saved from a painting, typed, used by form, changed and deleted by their owner, counted."""

import dataclasses

import pytest

from core import alerts, templates
from core.cards import announce
from core.replies import ChoiceField, Form, TextField
from core.requests import Offered
from tests.desk.stage import Stage, png, presses, words

LINE = "{product} on marble --ar 16:9 --n 2 --seed 7"


async def made(stage: Stage, name: str = "launch", line: str = LINE, who: str = "page:ann", team: bool = False) -> int:
    """A template, ready to use."""
    owner = None if team else (await stage.member(who)).id
    async with stage.records.write() as tx:
        return await templates.add(tx, name, line, owner=owner)


async def kept(stage: Stage, number: int) -> templates.Template:
    async with stage.records.read() as tx:
        found = await templates.get(tx, number)
    assert found is not None
    return found


async def test_a_painting_saved_and_used_paints_the_same_with_other_words(stage: Stage) -> None:
    stage.messengers["page"].files["f"] = png(800, 400)
    text = "a cup on marble --for Spring sale --src own shop --no text --wm on --format png --iw 0.25"
    view = await stage.painted(text, references=(Offered("f"),))
    form = await stage.form("template.save", subject=view.id)
    values = {field.name: field.value for field in form.fields if isinstance(field, TextField)}
    assert values["prompt"] == "a cup on marble" and not any(isinstance(one, ChoiceField) for one in form.fields)
    values |= {"name": "launch", "prompt": "a {product} on {stone}"}
    saved = await stage.reply("template.save", subject=view.id, values=values)
    assert saved.copy == "/paint --tpl launch product=… stone=…"
    use = await stage.press(saved, "template.use")
    assert isinstance(use, Form) and [one.name for one in use.fields] == ["gap.product", "gap.stone", "more"]
    answers = {"gap.product": "red cup", "gap.stone": "slate", "more": "snow --n 2"}
    assert "2" in words(await stage.ask("template.price", subject=use.subject, values=answers))
    assert await stage.ask("template.use", subject=use.subject, values=answers) is None
    again = await stage.newest()
    assert again.prompt_typed == "a red cup on slate\nsnow"
    same = ("width", "height", "tier", "seed", "label", "source", "avoid", "watermark", "format", "weight", "model")
    assert {name: getattr(again, name) for name in same} == {name: getattr(view, name) for name in same}
    assert [one.id for one in again.references] == [one.id for one in view.references]
    assert (again.count, again.template_id) == (2, int(use.subject))
    assert (await kept(stage, int(use.subject))).uses == 1


async def test_words_or_references_of_a_team_template_name_it(stage: Stage) -> None:
    number = await made(stage, "stone", "{product} on white Marble, soft light --ar 16:9 --n 2", team=True)
    await made(stage, "mine", "a lonely lighthouse in fog")
    await made(stage, "any", "{what} now", team=True)
    for text in ("red cup on white marble soft  light --hd", "ｒｅｄ cup, on WHITE marble: soft light"):
        view = await stage.painted(text)
        (note,) = [one for one in view.notes if one.key == "card.team_template"]
        said = announce(view, final=100).result
        assert note.values["name"] == "stone" and "“stone”" in words(said)
        use = await stage.press(said, "template.use", who="page:bob")
        assert isinstance(use, Form) and use.subject == str(number)
    for text in (
        "on white marble soft light",
        "red cup on white marble",
        "a lonely lighthouse in fog",
        "a cat now",
        "a cat --tpl stone product=cat",
    ):
        assert not [one for one in (await stage.order(text)).notes if one.key == "card.team_template"], text
    await stage.rule(confirm_above=50)
    asked = await stage.ask("paint", "red cup on white marble, soft light")
    assert "“stone”" in words(asked)
    await stage.press(asked, "paint.go")
    assert "card.team_template" in [one.key for one in (await stage.newest()).notes]

    await stage.rule(confirm_above=400, welcome=5000)
    stage.messengers["page"].files["f"] = png(800, 400)
    view = await stage.painted("something else", references=(Offered("f"),), who="page:cat")
    async with stage.records.write() as tx:
        await templates.add(tx, "brand", "{a} {b}", owner=None, references=[one.id for one in view.references])
    again = await stage.order("a new idea", references=(Offered("f"),), who="page:cat")
    assert [one.values["name"] for one in again.notes if one.key == "card.team_template"] == ["brand"]


async def test_the_references_of_a_template_outlive_the_painting_and_go_with_the_template(stage: Stage) -> None:
    stage.messengers["page"].files["f"] = png(800, 400)
    view = await stage.painted("a cup", references=(Offered("f"),))
    values = {"name": "cups", "prompt": "a {what}", "flags": "--sd"}
    saved = await stage.ask("template.save", subject=view.id, values=values)
    await stage.ask("delete.sure", subject=view.id)
    key = view.references[0].key
    assert await stage.images.store.exists(key)
    listed = await stage.ask("templates")
    asked = await stage.press(listed, "template.delete")
    gone = await stage.press(asked, "template.delete.sure")
    assert "cups" in words(gone) and not await stage.images.store.exists(key)
    assert "no longer" in words(await stage.press(saved, "template.use"), "en")


async def test_typed_templates_count_and_their_confirmed_price_remembers_them(stage: Stage) -> None:
    number = await made(stage)
    assert await stage.ask("paint", "--tpl Launch product=cup") is None
    view = await stage.newest()
    assert (view.prompt_typed, view.seed, view.count, view.template_id) == ("cup on marble", 7, 2, number)
    await stage.rule(confirm_above=100)
    asked = await stage.ask("paint", "--tpl launch product=bowl")
    await stage.press(asked, "paint.go")
    assert ((await stage.newest()).prompt_typed, (await kept(stage, number)).uses) == ("bowl on marble", 2)
    await stage.paint(view.id)
    await stage.ask("again", subject=view.id)
    assert (await kept(stage, number)).uses == 2


async def test_missing_gaps_are_told_and_cost_nothing(stage: Stage) -> None:
    number = await made(stage)
    assert "product" in words(await stage.ask("paint", "--tpl launch"))
    answer = await stage.form("template.use", subject=str(number), values={"gap.product": " ", "more": ""})
    assert answer.problems[0][0] == "gap.product"
    assert (await stage.member()).held == 0


async def test_ones_own_comes_before_the_teams_and_a_chosen_one_is_itself(stage: Stage) -> None:
    await made(stage, line="mine {product}")
    team = await made(stage, line="team {product}", team=True)
    await stage.ask("paint", "--tpl launch product=cup")
    assert (await stage.newest()).prompt_typed == "mine cup"
    assert await stage.ask("template.use", subject=str(team), values={"gap.product": "cup"}) is None
    assert (await stage.newest()).prompt_typed == "team cup"


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_list_shows_own_and_team_and_only_the_owner_may_change(stage: Stage, language: str) -> None:
    own, team = await made(stage, "own"), await made(stage, "team", team=True)
    await made(stage, "bobs", who="page:bob")
    listed = await stage.reply("templates", language=language)
    assert f"template.use:{own}" in presses(listed) and f"template.use:{team}" in presses(listed)
    assert "bobs" not in words(listed, language) and f"template.edit:{team}.1" not in presses(listed)
    for verb in ("template.edit", "template.delete", "template.delete.sure"):
        assert "team" in words(await stage.ask(verb, subject=str(team)), language)
    assert len(presses(await stage.ask("templates", "own"))) == 4
    assert "zebra" in words(await stage.ask("templates", "zebra"))


async def test_admins_keep_templates_for_the_team_and_that_is_audited(stage: Stage) -> None:
    boss = await stage.admin()
    view = await stage.painted("a cup", who=boss)
    form = await stage.form("template.save", subject=view.id, who=boss)
    assert isinstance(form.fields[-1], ChoiceField)
    values = {"name": "cups", "prompt": "a {what}", "flags": "--sd", "who": "team"}
    saved = await stage.ask("template.save", subject=view.id, values=values, who=boss)
    assert "team" in words(saved)
    listed = await stage.ask("templates", who="page:ann")
    assert "cups" in words(listed) and presses(listed) == ["template.use:1"]
    sneaky = {**values, "name": "anns"}
    await stage.ask("template.save", subject=view.id, values=sneaky, who="page:ann")
    assert (await kept(stage, 2)).owner == (await stage.member()).id


async def test_two_who_change_one_template_do_not_overwrite_each_other(stage: Stage) -> None:
    number = await made(stage)
    form = await stage.press(await stage.ask("templates"), "template.edit")
    assert isinstance(form, Form)
    new = {"name": "start", "line": "{product} on slate"}
    assert "start" in words(await stage.ask("template.edit", subject=form.subject, values=new))
    late = await stage.ask("template.edit", subject=form.subject, values={**new, "name": "late"})
    assert "nothing was saved yet" in words(late, "en") and (await kept(stage, number)).name == "start"
    assert isinstance(late, Form) and [getattr(one, "value", None) for one in late.fields] == ["late", new["line"]]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "two words"}, "name"),
        ({"name": "taken"}, "name"),
        ({"prompt": " "}, "prompt"),
        ({"flags": "--ar 1"}, "flags"),
        ({"flags": "more words --sd"}, "flags"),
        ({"flags": "--tpl taken"}, "flags"),
    ],
)
async def test_a_bad_template_is_told_at_its_field(stage: Stage, values: dict[str, str], field: str) -> None:
    await made(stage, "taken")
    view = await stage.painted("a cup")
    good = {"name": "cups", "prompt": "a {what}", "flags": "--sd"}
    answer = await stage.form("template.save", subject=view.id, values=good | values)
    assert answer.problems[0][0] == field


async def test_only_what_was_painted_becomes_a_template_and_a_final_keeps_its_drafts_words(stage: Stage) -> None:
    failed = await stage.painted("fog", failing=1)
    assert failed.id in words(await stage.ask("template.save", subject=failed.id))
    draft = await stage.painted("a cup --seed 7 --size 1024x768")
    await stage.press(await stage.ask("final", subject=f"{draft.id}.1"), "final.upscale")
    final = await stage.paint((await stage.newest()).id)
    form = await stage.form("template.save", subject=final.id)
    values = {field.name: field.value for field in form.fields if isinstance(field, TextField)}
    assert values["prompt"] == "a cup" and not form.intro
    assert "--size 1024x768" in str(values["flags"]) and "--hd" in str(values["flags"])


async def test_a_template_without_gaps_and_one_from_another_painting_of_a_private_one(stage: Stage) -> None:
    view = await stage.painted("secret cup --private")
    assert "secret" not in words(await stage.ask("template.save", subject=view.id, who="page:bob"))
    number = await made(stage, "plain", "a cup --ar 16:9")
    form = await stage.form("template.use", subject=str(number))
    assert [one.name for one in form.fields] == ["more", "references"]
    assert await stage.ask("template.use", subject=str(number), values={"more": "", "references": ()}) is None
    assert dataclasses.astuple(await stage.member())[0] == (await stage.newest()).member_id


async def test_a_member_offers_a_template_to_the_team_and_an_admin_shares_it(stage: Stage) -> None:
    boss = await stage.admin()
    view = await stage.painted("a cup on a table")
    await stage.ask(
        "template.save", subject=view.id, values={"name": "cup", "prompt": "{item} on a table", "flags": ""}
    )
    listed = await stage.ask("templates")
    offered = await stage.press(listed, "template.offer")
    assert "The admins know" in words(offered, "en")
    async with stage.records.read() as tx:
        (told,) = [one for one in await alerts.untold(tx) if one.key.startswith("template:")]
    assert told.button is not None
    shelf = await stage.ask(told.button.verb, subject=told.button.subject, who=boss)
    assert "on a table" not in words(shelf, "en")
    await stage.press(shelf, "admin.templates.share", who=boss)
    theirs = await stage.ask("templates", who="page:bob")
    assert "cup" in words(theirs, "en") and not any(one.startswith("template.offer") for one in presses(theirs))
