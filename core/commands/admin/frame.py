"""What every section stands on: a page with a way back, forms that keep what was typed, checked numbers, and rules changed with a trace."""

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NoReturn

from core import audit, rules
from core.commands.asking import Ask, Command
from core.commands.line import parse
from core.errors import Refusal
from core.records import Tx
from core.replies import (
    Answer,
    Button,
    ChoiceField,
    Field,
    FileField,
    Form,
    LinkButton,
    NumberField,
    Part,
    Reply,
    TextField,
)
from core.requests import FieldValue, Line, Value

PAGE = 5
LARGEST = 1_000_000
TEAM_WORDS = ("", "默认", "团队", "default", "team")
NO_LIMIT_WORDS = ("", "不限", "无", "none", "no", "unlimited")


def page(parts: Sequence[Part], buttons: Sequence[Button | LinkButton] = (), *, back: str = "admin") -> Reply:
    """A page of the admin's desk: private, in the place of the one before, with a way back to `back` (verb or verb:subject)."""
    verb, _, subject = back.partition(":")
    way = Button(Line("admin.button_back"), verb, subject)
    return Reply(tuple(parts), (*buttons, way), private=True, instead=True)


def pager(verb: str, offset: int, total: int, *, most: int = PAGE, prefix: str = "") -> tuple[Button, ...]:
    """Newer and older pages of a list; the subject is `prefix` and the offset."""
    found = []
    if offset > 0:
        found.append(Button(Line("admin.button_newer"), verb, f"{prefix}{max(0, offset - most)}"))
    if offset + most < total:
        found.append(Button(Line("admin.button_older"), verb, f"{prefix}{offset + most}"))
    return tuple(found)


def offset_of(subject: str) -> int:
    """The offset a subject ends with, 0 for none."""
    tail = subject.rpartition(".")[2]
    return int(tail) if tail.isdigit() else 0


def id_of(subject: str) -> int:
    """`12` or `12.3` (with a revision) -> 12; Refusal `admin.gone` for anything else."""
    head = subject.partition(".")[0]
    if not head.isdigit():
        raise Refusal("admin.gone")
    return int(head)


def revision_of(subject: str) -> int | None:
    """`12.3` -> 3; None without one."""
    _, dot, tail = subject.rpartition(".")
    return int(tail) if dot and tail.isdigit() else None


Ready = Callable[[Ask], Awaitable[Form]]


def formed(form: Ready, save: Command) -> Command:
    """A command that first asks a form and then saves what comes back; a refusal about a field brings the form again with what was typed in it."""

    async def command(ask: Ask) -> Answer | None:
        if not ask.request.values:
            return await form(ask)
        try:
            return await save(ask)
        except Refusal as refusal:
            if refusal.field is None:
                raise
            asked = await form(ask)
            field = refusal.field if refusal.field in {one.name for one in asked.fields} else ""
            problems = ((field, Line(refusal.key, refusal.values)),)
            fields = tuple(_typed(one, ask.request.values) for one in asked.fields)
            return dataclasses.replace(asked, fields=fields, problems=problems, subject=ask.request.subject)

    return command


def _typed(field: Field, values: Mapping[str, FieldValue]) -> Field:
    """The field with what was typed in it before; secrets are typed anew."""
    if field.name not in values:
        return field
    value = values[field.name]
    match field:
        case TextField() if not field.secret:
            return dataclasses.replace(field, value=str(value or ""))
        case NumberField() if isinstance(value, int) and field.low <= value <= field.high:
            return dataclasses.replace(field, value=value)
        case ChoiceField() if isinstance(value, str) and any(one.value == value for one in field.options):
            return dataclasses.replace(field, value=value)
        case TextField() | NumberField() | ChoiceField() | FileField():
            return field


def text(ask: Ask, name: str) -> str:
    """A submitted text, trimmed; "" when it was left empty."""
    value = ask.request.values.get(name)
    return "" if value is None else str(value).strip()


def whole(ask: Ask, name: str, *, low: int = 0, high: int = LARGEST) -> int:
    """A submitted whole number; Refusal `admin.number` at its field for anything else, `admin.negative` below zero, `admin.too_large` above `high`."""
    found = _number(text(ask, name), name, low, high)
    if found is None:
        raise Refusal("admin.number", {"low": low, "high": high}, field=name)
    return found


def maybe(ask: Ask, name: str, words: Sequence[str], *, high: int = LARGEST) -> int | None:
    """As `whole`, or None where one of `words` (the empty one too) stands."""
    typed = text(ask, name)
    return None if typed.lower() in words else _number(typed, name, 0, high)


def _number(typed: str, name: str, low: int, high: int) -> int | None:
    clean = typed.replace(",", "").replace("，", "").removesuffix(".0")
    if not clean:
        return None
    try:
        number = int(clean)
    except ValueError as error:
        raise Refusal("admin.number", {"low": low, "high": high}, field=name) from error
    if number < 0:
        raise Refusal("admin.negative", field=name)
    if number > high:
        raise Refusal("admin.too_large", {"most": high}, field=name)
    if number < low:
        raise Refusal("admin.number", {"low": low, "high": high}, field=name)
    return number


def lines(ask: Ask, name: str) -> tuple[str, ...]:
    """The lines of a submitted text, without empty ones and repetitions."""
    return tuple(dict.fromkeys(one.strip() for one in text(ask, name).splitlines() if one.strip()))


def check_line(typed: str, field: str = "line") -> str:
    """A paint line that can be painted: trimmed, with words, every flag right. Refusals of the line at `field`."""
    try:
        ordered = parse(typed)
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values, field=field) from refusal
    if not ordered.prompt.strip() and ordered.template is None:
        raise Refusal("admin.no_words", field=field)
    return typed.strip()


async def change_rules(
    ask: Ask, act: str, changes: Mapping[str, Any], *, revision: int | None = None
) -> Mapping[str, tuple[Any, Any]]:
    """Change rules of the team in one transaction with its audit entry; (before, after) of those that differ.

    Refusal `admin.changed_by` (who, at) when somebody else changed one of them since `revision`; nothing is changed then.
    """
    async with ask.tools.house.records.write() as tx:
        await rules.lock(tx)
        if revision is not None and await rules.revisions(tx, list(changes)) != revision:
            await changed_meanwhile(tx, act)
        team = await rules.read(tx)
        differ = {key: (getattr(team, key), value) for key, value in changes.items() if getattr(team, key) != value}
        for key, (_, value) in differ.items():
            await rules.change(tx, key, value)
        if differ:
            before = {key: _plain(old) for key, (old, _) in differ.items()}
            await audit.note(
                tx, ask.member.id, act, before=before, after={k: _plain(v) for k, (_, v) in differ.items()}
            )
        return differ


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


async def changed_meanwhile(tx: Tx, act: str, subject: str = "") -> NoReturn:
    """Refusal `admin.changed_by` naming who was first, as far as the audit knows."""
    for one in await audit.latest(tx, act=act, most=20):
        if not subject or one.subject == subject:
            raise Refusal("admin.changed_by", {"who": one.who or Line("admin.operator"), "at": one.at})
    raise Refusal("admin.changed")


async def revisions(ask: Ask, keys: Sequence[str]) -> int:
    """The revision a form about these rules carries."""
    async with ask.tools.house.records.read() as tx:
        return await rules.revisions(tx, keys)


async def note(ask: Ask, tx: Tx, act: str, subject: str = "", *, before: Any = None, after: Any = None) -> None:
    """Write what this admin did, in the transaction that does it."""
    await audit.note(tx, ask.member.id, act, subject, before=before, after=after)


def done(line: Line, *, back: str, buttons: Sequence[Button | LinkButton] = ()) -> Reply:
    """One sentence that something was done, with a way back to its section."""
    return page((line,), buttons, back=back)


def amount(value: int | None, unset: str) -> Value:
    """A number, or the sentence for none."""
    return Line(unset) if value is None else value
