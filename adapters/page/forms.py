"""A Form as a dialog: its fields, problems at their fields, and a preview that follows the answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import assert_never

from nicegui import events, ui
from nicegui.element import Element

from adapters.page.elements import Tag, box, button
from adapters.page.files import LARGEST, Uploads
from adapters.page.render import Stage, draw, spoken_in
from adapters.page.timeline import Reader, chip
from core.errors import Refusal
from core.replies import Answer, ChoiceField, Field, FileField, Form, NumberField, Reply, TextField
from core.requests import FieldValue, Line, Offered
from core.texts import say

PAUSE = 0.3
SHORT = 12
"""Letters of a choice that may stand beside others in a line."""
Ask = Callable[[Form, dict[str, FieldValue], bool], Awaitable[Answer | None]]
"""(form, values, preview) -> what the desk says."""
Take = Callable[[Answer | None], Awaitable[None]]


def whole_number(value: object) -> FieldValue:
    """What a number field holds; None when it is empty."""
    return int(value) if isinstance(value, int | float) else None


def several(value: object) -> FieldValue:
    """What a field with several choices holds."""
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()


class FormDialog:
    """One open form; `ask` brings answers to the desk, `take` is given what it says in the end."""

    def __init__(self, reader: Reader, uploads: Uploads, ask: Ask, take: Take) -> None:
        self._reader = reader
        self._stage: Stage = reader.stage
        self._uploads = uploads
        self._ask, self._take = ask, take
        self._values: dict[str, FieldValue] = {}
        self._form: Form | None = None
        self._previewing: asyncio.Task[None] | None = None
        self._busy = False
        self._dialog = ui.dialog().props("no-route-dismiss")
        with self._dialog:
            self._room = box("pb-form", "form", novalidate=True)
        self._room.on("submit", js_handler="(e) => e.preventDefault()")

    def _say(self, line: Line) -> str:
        return say(line, self._stage.language)

    def open(self, form: Form) -> None:
        """Show a form, or the same again with its problems: what was answered before is kept."""
        kept = self._values if self._form is not None and self._form.verb == form.verb else {}
        if not form.fields and self._form is not None:
            form = replace(self._form, problems=form.problems)  # the desk names what is wrong, not the form again
        self._form = form
        self._stage = spoken_in(form.language, self._reader.stage)
        self._values = {one.name: self._start(one, kept.get(one.name)) for one in form.fields}
        self._room.clear()
        with self._room:
            Tag("h2", self._say(form.title), "pb-form-title")
            for part in form.intro:
                draw(Reply((part,)), self._stage, lambda pressed: None)
            self._problems(form, "")
            for one in form.fields:
                self._field(form, one)
            with box("pb-buttons end"):
                self._preview = box("pb-form-preview", role="status", aria_live="polite")
                button(self._say(Line("page.cancel")), self._dialog.close, "quiet").mark("form-cancel")
                self._submit = button(self._say(form.submit), self.submit, "primary").mark("form-submit")
        self._dialog.open()
        self._changed()

    def close(self) -> None:
        """Put the form away."""
        self._dialog.close()

    @staticmethod
    def _start(one: Field, kept: FieldValue) -> FieldValue:
        """What stands in a field at first: what was answered before, else what the form proposes."""
        match one:
            case FileField():
                return kept or ()
            case TextField():
                return ("" if one.secret else one.value) if kept is None else kept
            case ChoiceField() | NumberField():
                return one.value if kept is None else kept
            case _:
                assert_never(one)

    def _problems(self, form: Form, name: str) -> None:
        names = {one.name for one in form.fields}
        for field, line in form.problems:
            if field == name or (not name and field not in names):
                Tag("p", self._say(line), "pb-problem", role="alert")

    def _field(self, form: Form, one: Field) -> None:
        with box("pb-field"):
            with box("pb-label"):
                Tag("span", self._say(one.label))
                if not one.required:
                    Tag("small", self._say(Line("page.optional")))
            self._control(one)
            self._problems(form, one.name)
            if one.hint is not None:
                Tag("small", self._say(one.hint), "pb-hint")

    def _control(self, one: Field) -> None:
        match one:
            case TextField():
                self._text(one)
            case NumberField():
                made = ui.number(value=self._number(one), min=one.low, max=one.high, precision=0, step=1)
                self._finish(made.props("outlined dense"), one, whole_number)
            case ChoiceField():
                self._choice(one)
            case FileField():
                self._files(one)
            case _:
                assert_never(one)

    def _number(self, one: NumberField) -> float | None:
        held = self._values[one.name]
        return held if isinstance(held, int | float) else None

    def _text(self, one: TextField) -> None:
        value = str(self._values[one.name] or "")
        if one.lines > 1:
            made: ui.input = ui.textarea(value=value).props("outlined dense autogrow")
            made.props["input-style"] = f"min-height: {1.6 * min(one.lines, 8)}em"
        else:
            made = ui.input(value=value, password=one.secret, password_toggle_button=one.secret)
            made.props("outlined dense autocomplete=off")
        made.props["maxlength"] = one.longest
        self._finish(made, one, lambda value: str(value or ""))

    def _choice(self, one: ChoiceField) -> None:
        options = {option.value: self._say(option.label) for option in one.options}
        value = self._values[one.name]
        if one.several:
            chosen = [each for each in value if each in options] if isinstance(value, tuple) else []
            made: Element = ui.select(options, value=chosen, multiple=True).props("outlined dense use-chips")
            self._finish(made, one, several)
        elif len(options) <= 4:
            made = ui.radio(options, value=value if value in options else None).props("dense")
            made.props["inline"] = all(len(said) <= SHORT for said in options.values())
            self._finish(made, one, lambda value: str(value or ""))
        else:
            made = ui.select(options, value=value if value in options else None).props("outlined dense")
            self._finish(made, one, lambda value: str(value or ""))

    def _finish(self, made: Element, one: Field, read: Callable[[object], FieldValue]) -> None:
        made.props["aria-label"] = self._say(one.label)
        made.classes("pb-control").mark(f"field-{one.name}")

        def changed(event: events.ValueChangeEventArguments[object]) -> None:
            self._values[one.name] = read(event.value)
            self._changed()

        made.on_value_change(changed)  # type: ignore[attr-defined]

    def _files(self, one: FileField) -> None:
        chips = box("pb-chips")

        def show() -> None:
            held = self._values[one.name]
            chips.clear()
            with chips:
                for at, file in enumerate(held if isinstance(held, tuple) else ()):
                    if isinstance(file, Offered):
                        take = partial(away, at)
                        chip(self._reader, at + 1, file.handle, file.name, take, picture=one.pictures)
            self._changed()

        def away(at: int) -> None:
            held = self._values[one.name]
            kept = tuple(file for file in held if isinstance(file, Offered)) if isinstance(held, tuple) else ()
            self._values[one.name] = kept[:at] + kept[at + 1 :]
            show()

        async def dropped(event: events.UploadEventArguments) -> None:
            try:
                kept = await self._uploads.keep(event.file.name, event.file.content_type, await event.file.read())
            except Refusal as no:
                ui.notify(self._say(Line(no.key, no.values)))
                return
            held = self._values[one.name]
            before = tuple(file for file in held if isinstance(file, Offered)) if isinstance(held, tuple) else ()
            self._values[one.name] = (*before, kept)[-one.most :]
            show()

        made = ui.upload(multiple=one.most > 1, auto_upload=True, max_file_size=LARGEST, on_upload=dropped)
        made.props("flat bordered hide-upload-btn").classes("pb-upload").mark(f"field-{one.name}")
        made.props["label"] = self._say(Line("page.drop_here"))
        made.props["accept"] = "image/*" if one.pictures else ".txt,.csv,.tsv,.json,.toml,.md,text/*"

    def _changed(self) -> None:
        if self._form is None or not self._form.preview:
            return
        if self._previewing is not None:
            self._previewing.cancel()
        self._previewing = asyncio.create_task(self._show_preview(self._form))

    async def _show_preview(self, form: Form) -> None:
        await asyncio.sleep(PAUSE)
        answer = await self._ask(form, dict(self._values), True)
        if form is not self._form or self._preview.is_deleted:
            return
        self._preview.clear()
        if isinstance(answer, Reply):
            with self._preview:
                draw(Reply(answer.parts), self._stage, lambda pressed: None)

    async def submit(self) -> None:
        """Bring the answers to the desk; a form that comes back stays open with its problems."""
        if self._busy or self._form is None:
            return
        self._busy = True
        self._submit.props["disabled"] = True
        try:
            answer = await self._ask(self._form, dict(self._values), False)
        finally:
            self._busy = False
            if not self._submit.is_deleted:
                self._submit.props.pop("disabled", None)
        if isinstance(answer, Form):
            self.open(answer)
            return
        self._dialog.close()
        await self._take(answer)
