"""A form about to be asked: for the first time, or again where it was refused, with each problem at its field."""

import secrets
from dataclasses import asdict

from adapters.telegram.forms.questions import pack
from adapters.telegram.forms.state import State
from adapters.telegram.read import Heard
from core.replies import Form
from core.texts import say


def fresh(form: Form, language: str, heard: Heard) -> State:
    """A form nobody has answered yet."""
    fields = pack(form, language)
    state = State(
        secrets.token_hex(3), form.verb, form.subject, language, say(form.title, language), say(form.submit, language),
        form.preview, asdict(heard.request.place), fields, list(range(len(fields))),
    )  # fmt: skip
    return _noted(state, form)


def asked_again(before: State, form: Form, language: str) -> State:
    """The form that was refused: what it brings, or without fields of its own what was asked before; only fields with a problem are asked."""
    fields = pack(form, language) if form.fields else before.as_filled()
    bad = {name for name, _ in form.problems} & {one["name"] for one in fields}
    order = [place for place, one in enumerate(fields) if not bad or one["name"] in bad]
    title, submit, preview = (
        (say(form.title, language), say(form.submit, language), form.preview)
        if form.fields
        else (before.title, before.submit, before.preview)
    )
    state = State(
        secrets.token_hex(3), form.verb, form.subject, language, title, submit, preview,
        before.place, fields, order, values=dict(before.values), pictures=list(before.pictures),
    )  # fmt: skip
    return _noted(state, form)


def _noted(state: State, form: Form) -> State:
    """With each problem at its field; those about no field stand on top."""
    names = {one["name"] for one in state.fields}
    for name, line in form.problems:
        said = say(line, state.language)
        if name in names:
            state.notes.setdefault(name, []).append(said)
        else:
            state.problems.append(said)
    return state
