"""What others never read: balances, reasons, private words and pictures, keys and Jimeng's own words; and where every button leads."""

import ast
import json
from pathlib import Path

import sqlalchemy as sa

from core.alerts import untold
from core.cards import announce
from core.cards.results import missing
from core.commands.verbs import every_verb
from core.records.tables import alerts, tasks
from core.replies import MAX_PRESS, Document, Item, Reply
from tests.desk.stage import Stage, buttons_of, presses, words


def document(answer: object) -> dict[str, object]:
    assert isinstance(answer, Reply)
    found = next(part for part in answer.parts if isinstance(part, Document))
    read: dict[str, object] = json.loads(found.content)
    return read


async def test_the_channel_learns_only_that_it_failed(stage: Stage) -> None:
    view = await stage.painted("a secret --n 1", failing=1)
    said = announce(view, final=100)
    public = words(said.receipt, "en")
    assert "Not charged" in public and "left" not in public and "secret" not in public and "review" not in public
    assert presses(said.receipt) == [f"show:{view.id}"] and said.private is not None and said.private.private
    assert "secret" in words(said.private, "en") and "1,000 left" in words(said.private, "en")


async def test_why_one_of_several_failed_is_told_to_the_asker_alone(stage: Stage) -> None:
    view = await stage.painted("a cat --n 3", failing=1)
    said = announce(view, final=100)
    why = words(Reply((missing(view),)), "en")
    assert (
        said.result is not None and why not in words(said.result, "en") and "1 not painted" in words(said.result, "en")
    )
    assert said.private is not None and words(said.private, "en").startswith(why)
    assert "100 given back" in words(said.private, "en") and presses(said.private) == [f"repaint:{view.id}"]


async def test_showing_anothers_painting_tells_neither_balance_nor_reason(stage: Stage) -> None:
    done = await stage.painted("a cat")
    failed = await stage.painted("a dog", failing=1, private=True)
    running = await stage.order("a hen")
    for view in (done, failed, running):
        theirs = words(await stage.ask("show", view.id, who="page:bob"))
        assert "left" not in theirs and "differently" not in theirs, theirs
        assert "left" in words(await stage.ask("show", view.id))
    assert "differently" in words(await stage.ask("show", failed.id))


async def test_a_private_painting_is_its_owners_alone(stage: Stage) -> None:
    view = await stage.painted("my secret --private --n 2")
    assert view.private and all(
        "secret" not in words(reply, "en").split("#")[1] for reply in [announce(view, final=100).receipt]
    )
    assert announce(view, final=100).receipt.private
    boss = await stage.admin()
    for who in ("page:bob", boss):
        for verb in ("show", "again", "edit", "originals", "choose", "final", "details", "template.save", "variation"):
            assert "There is no" in words(await stage.ask(verb, subject=f"{view.id}.1", who=who)), verb
    listed = await stage.ask("admin.records", who=boss)
    assert view.id in words(listed) and "secret" not in words(listed)
    assert isinstance(listed, Reply) and all(part.picture is None for part in listed.parts if isinstance(part, Item))


async def test_a_stranger_at_the_door_sees_no_paintings(stage: Stage) -> None:
    view = await stage.painted("a cat")
    for verb in ("show", "originals", "choose", "edit", "again"):
        answer = await stage.ask(verb, subject=view.id, who="telegram:9")
        assert presses(answer) == ["access.ask:", "link.enter:"], verb


async def test_jimengs_own_words_and_keys_are_for_admins(stage: Stage) -> None:
    view = await stage.painted("a cat", failing=1)
    async with stage.records.write() as tx:
        await tx.change(sa.update(tasks).where(tasks.c.generation_id == view.id).values(error_text="risk words"))
    own = document(await stage.ask("evidence", subject=view.id))
    assert own["prompt_typed"] == "a cat" and "risk words" not in str(own) and "credential" not in str(own)
    boss = await stage.admin()
    theirs = document(await stage.ask("evidence", subject=view.id, who=boss))
    assert "a cat" not in str(theirs) and "risk words" in str(theirs)
    for verb in ("show", "details", "support"):
        assert "risk words" not in words(await stage.ask(verb, subject=view.id))


async def test_get_help_sends_admins_what_is_known_and_no_word_of_the_member(stage: Stage) -> None:
    boss = await stage.admin()
    view = await stage.painted("my secret --no secret --for secret --src secret --private --n 2", failing=1)
    async with stage.records.write() as tx:
        own = sa.update(tasks).where(tasks.c.generation_id == view.id)
        await tx.change(own.values(error_text="said secret", credential_id=None))
    assert "have been told" in words(await stage.ask("support", subject=view.id))
    async with stage.records.read() as tx:
        (told,) = await untold(tx)
    assert told.facts is not None and told.button is not None
    said = words(Reply((told.line, told.facts), (told.button,)), "en")
    assert "secret" not in said and view.id in said
    assert "did not pass review" in said and "50511" in said and f"task t{view.tasks[1].id}" in said
    opened = words(await stage.ask(told.button.verb, subject=told.button.subject, who=boss))
    assert f"#{view.id}" in opened and "my secret" not in opened
    await stage.ask("delete.sure", subject=view.id)
    async with stage.records.read() as tx:
        assert "secret" not in str([dict(row) for row in await tx.all(sa.select(alerts))])


async def test_every_button_leads_somewhere_and_fits(stage: Stage) -> None:
    verbs = every_verb()
    for path in sorted((Path(__file__).parents[2] / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Button" and len(node.args) > 1:
                verb = node.args[1]
                if isinstance(verb, ast.Constant):
                    assert verb.value in verbs, f"{path}:{node.lineno} {verb.value!r}"
    view = await stage.painted("a cat --n 4", failing=1)
    said = announce(view, final=100)
    for reply in (said.receipt, said.result, await stage.ask("details", subject=view.id), await stage.ask("works")):
        for button in buttons_of(reply):
            assert button.verb in verbs and len(button.press.encode()) <= MAX_PRESS


async def test_buttons_of_a_deleted_painting_say_that_it_is_gone(stage: Stage) -> None:
    view = await stage.painted("a cat --n 2", failing=1)
    pressed = [one for one in buttons_of(announce(view, final=100).result) if one.verb != "works"]
    await stage.ask("delete.sure", subject=view.id)
    for button in pressed:
        assert "deleted" in words(await stage.ask(button.verb, subject=button.subject)), button.press
