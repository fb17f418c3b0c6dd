"""A form asked and saved: what was typed stays through every refusal, and nothing is saved over what another admin changed meanwhile."""

import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from hashlib import blake2s
from typing import Any

from core import audit, rules
from core.commands.asking import Ask, Command
from core.errors import Refusal
from core.records import Tx
from core.replies import Answer, ChoiceField, Field, FileField, Form, NumberField, TextField
from core.requests import FieldValue, Line, Value

LONGEST_NOW = 120
Ready = Callable[[Ask], Awaitable[Form]]


class Meanwhile(Refusal):
    """What a form showed is no longer so: `formed` brings the form again with what is there now."""


def shown(about: int | str, values: Mapping[str, Any]) -> str:
    """The subject of a form about something (an id, or a word) that shows these values: `12.9f3c01ab`."""
    return f"{about}.{_mark(values)}"


def _mark(values: Mapping[str, Any]) -> str:
    return blake2s(json.dumps(values, sort_keys=True, default=str).encode(), digest_size=4).hexdigest()


@asynccontextmanager
async def saving(ask: Ask) -> AsyncIterator[Tx]:
    """A transaction in which no other admin's form is saved: what is read in it still stands when it is written."""
    async with ask.tools.house.records.write() as tx:
        await audit.lock(tx)
        yield tx


async def stands(tx: Tx, subject: str, values: Mapping[str, Any], kind: str, about: str = "") -> None:
    """Go on only where a form with this subject showed what is so now (`values`), read in a transaction of `saving`.

    Else `Meanwhile`, naming who was first as far as the audit knows acts of this kind (`keys`) about it, or about one of the values.
    """
    if subject.rpartition(".")[2] == _mark(values):
        return
    for one in await audit.latest(tx, act=kind, most=20):
        touched = one.after.keys() & values.keys() if isinstance(one.after, Mapping) else ()
        if one.subject == about if about else touched:
            raise Meanwhile("form.changed_by", {"who": one.who or Line("admin.operator"), "at": one.at})
    raise Meanwhile("form.changed")


def formed(form: Ready, save: Command) -> Command:
    """A command that first asks a form and then saves what comes back; a refusal about a field brings the form again with what was typed in it."""

    async def command(ask: Ask) -> Answer | None:
        if not ask.request.values:
            return await form(ask)
        try:
            return await save(ask)
        except Meanwhile as first:
            async with ask.tools.house.records.read() as tx:
                ask = dataclasses.replace(ask, team=await rules.read(tx))
            asked = await form(ask)
            line = Line(first.key, {**first.values, "now": _now(asked, ask.request.values)})
            return _again(asked, ask, ("", line), asked.subject)
        except Refusal as refusal:
            if refusal.field is None:
                raise
            asked = await form(ask)
            field = refusal.field if refusal.field in {one.name for one in asked.fields} else ""
            return _again(asked, ask, (field, Line(refusal.key, refusal.values)), ask.request.subject)

    return command


def _again(asked: Form, ask: Ask, problem: tuple[str, Line], subject: str) -> Form:
    fields = tuple(_typed(one, ask.request.values) for one in asked.fields)
    return dataclasses.replace(asked, fields=fields, problems=(problem,), subject=subject)


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
        case ChoiceField() if isinstance(value, tuple):
            return dataclasses.replace(field, value=tuple(one.value for one in field.options if one.value in value))
        case TextField() | NumberField() | ChoiceField() | FileField():
            return field


def _now(asked: Form, values: Mapping[str, FieldValue]) -> Value:
    """What stands in the fields now, where that is not what was typed."""
    found = [
        Line("form.now", {"what": one.label, "value": _value(one)})
        for one in asked.fields
        if not isinstance(one, FileField) and not (isinstance(one, TextField) and one.secret)
        if str("" if one.value is None else one.value) != str(values.get(one.name) or "").strip()
    ]
    return tuple(found) or Line("form.now_same")


def _value(field: TextField | NumberField | ChoiceField) -> Value:
    if field.value in (None, "", ()):
        return Line("form.now_empty")
    if isinstance(field, ChoiceField):
        chosen = (field.value,) if isinstance(field.value, str) else field.value
        return tuple(one.label for one in field.options if one.value in chosen)
    if isinstance(field, NumberField):
        return field.value or 0
    flat = " ".join(field.value.split())
    return flat if len(flat) <= LONGEST_NOW else f"{flat[:LONGEST_NOW]}…"
