"""The lines `/random` draws from: added, edited, switched, deleted."""

from collections.abc import Mapping, Sequence

from core import examples as subject
from core.commands.admin.frame import PAGE, check_line, done, narrowed, note, text
from core.commands.admin.several import AT_ONCE, Several
from core.commands.admin.shelf import Shelf, quoted, state
from core.commands.asking import Ask, Command
from core.commands.forming import formed, saving
from core.commands.paging import paged
from core.errors import Refusal
from core.examples import LONGEST, Example
from core.replies import Answer, Choice, ChoiceField, Field, Form, Item, TextField
from core.requests import Line, Value
from core.texts import LANGUAGES
from core.texts.library import SCENES

SHELF = Shelf("examples", "examples", subject.get, subject.change, lambda _: {})


async def examples(ask: Ask) -> Answer:
    """A page of all examples, disabled ones too, narrowed to typed words."""
    words, draft, offset = await narrowed(ask)
    async with ask.tools.house.records.read() as tx:
        found, total, offset = await paged(
            lambda at: subject.listed(tx, words=words, offset=at, most=PAGE), offset, PAGE
        )
    return SHELF.shown([_item(one) for one in found], total, (words, draft, offset))


def _item(one: Example) -> Item:
    values: dict[str, Value] = {
        "scene": Line(f"random.scene_{one.scene}"),
        "language": Line(f"admin_examples.language_{one.language}"),
        "state": state(one),
    }
    buttons = (SHELF.edit_button(one), *SHELF.buttons(one))
    return Item((Line("admin_examples.row", values, "fact"), quoted(one)), buttons=buttons)


def choices(scene: str, language: str) -> tuple[Field, ...]:
    """The two choices every example needs."""
    return (
        ChoiceField(
            "scene",
            Line("admin_examples.field_scene"),
            tuple(Choice(one, Line(f"random.scene_{one}")) for one in SCENES),
            scene,
        ),
        ChoiceField(
            "language",
            Line("admin_examples.field_language"),
            tuple(Choice(one, Line(f"admin_examples.language_{one}")) for one in LANGUAGES),
            language,
        ),
    )


def _line(value: str = "") -> Field:
    hint = Line("admin_examples.hint_line")
    return TextField("line", Line("admin_examples.field_line"), value, hint, lines=4, longest=LONGEST)


async def _add_form(ask: Ask) -> Form:
    fields = (*choices(SCENES[0], ask.language), _line())
    return Form("admin.examples.add", Line("admin_examples.add_title"), fields)


def _language(ask: Ask) -> str:
    language = text(ask, "language")
    if language not in LANGUAGES:
        raise Refusal("admin_examples.bad_language", field="language")
    return language


async def _add(ask: Ask) -> Answer:
    """Drawn from now on. Refusal `admin_examples.taken` when the very line is there already."""
    scene, language, line = text(ask, "scene"), _language(ask), check_line(text(ask, "line"))
    async with ask.tools.house.records.write() as tx:
        made = await subject.add(tx, scene, language, line)
        if made is None:
            raise Refusal("admin_examples.taken", field="line")
        await note(ask, tx, "examples.add", str(made), after={"scene": scene, "language": language, "line": line})
    return done(Line("admin_examples.added"), back=SHELF.back)


async def _edit_form(ask: Ask) -> Form:
    async with ask.tools.house.records.read() as tx:
        one = await SHELF.pick(ask, tx)
    fields = (*choices(one.scene, one.language), _line(one.line))
    return Form("admin.examples.edit", Line("admin_examples.edit_title"), fields, SHELF.subject(one))


async def _edit(ask: Ask) -> Answer:
    """What was typed replaces what was."""
    scene, language, line = text(ask, "scene"), _language(ask), check_line(text(ask, "line"))
    if scene not in SCENES:
        raise Refusal(
            "random.scene",
            {"scene": scene[:40], "known": tuple(Line(f"random.scene_{one}") for one in SCENES)},
            field="scene",
        )
    wanted = {"scene": scene, "language": language, "line": line}
    async with saving(ask) as tx:
        one = await SHELF.pick(ask, tx)
        same, _ = await subject.listed(tx, words=line, language=language, most=100)
        if any(other.line == line and other.id != one.id for other in same):
            raise Refusal("admin_examples.taken", field="line")
        await SHELF.rewrite(ask, tx, one, wanted)
        before = {"scene": one.scene, "language": one.language, "line": one.line}
        await note(ask, tx, "examples.edit", str(one.id), before=before, after=wanted)
    return done(Line("admin_examples.edited"), back=SHELF.back)


async def delete(ask: Ask) -> Answer:
    """Gone; the audit keeps the line, so a slip can be undone by hand."""
    async with ask.tools.house.records.write() as tx:
        one = await SHELF.pick(ask, tx)
        await subject.remove(tx, one.id)
        before = {"scene": one.scene, "language": one.language, "line": one.line}
        await note(ask, tx, "examples.delete", str(one.id), before=before)
    return done(Line("admin_examples.deleted"), back=SHELF.back)


async def _offered(ask: Ask) -> Sequence[Example]:
    words, _, offset = await narrowed(ask)
    async with ask.tools.house.records.read() as tx:
        return (await subject.listed(tx, words=words, offset=offset, most=AT_ONCE))[0]


VERBS: Mapping[str, Command] = {
    "admin.examples": examples,
    "admin.examples.add": formed(_add_form, _add),
    "admin.examples.edit": formed(_edit_form, _edit),
    "admin.examples.delete": delete,
    **SHELF.switches(),
    **Several(SHELF, _offered, lambda one: one.line, delete).verbs(),
}
