"""A Form as a dialog: its fields, problems at their fields, and a preview that follows the answers."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import assert_never

from nicegui import events, ui
from nicegui.element import Element

from adapters.page.dropping import drop_on, pick_with
from adapters.page.elements import Tag, box, button, icon
from adapters.page.files import LARGEST, LARGEST_MB, Uploads
from adapters.page.keyboard import lead_into_form
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
WHOLE = re.compile(r"[+-]?\d+")
# Enter sends from a line of one's own; in a longer text it is a new line, and Ctrl+Enter sends
ENTER = """(e) => {
  if (e.key !== 'Enter' || e.isComposing || e.keyCode === 229) return;
  const line = e.target.matches('input:not([type=file]):not([role=combobox])');
  if (!line && !(e.target.matches('textarea') && (e.ctrlKey || e.metaKey))) return;
  e.preventDefault();
  emit();
}"""


def number_typed(value: object) -> FieldValue:
    """What a number field holds: a whole number, what was typed instead, or None when it is empty."""
    text = str(value or "").strip()
    return int(text) if WHOLE.fullmatch(text) else text or None


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
        self._room.on("keydown", self.submit, args=[], js_handler=ENTER)

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
            title = Tag("h2", self._say(form.title), "pb-form-title")
            self._dialog.props["aria-labelledby"] = title.html_id
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
        lead_into_form(title)

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

    def _problems(self, form: Form, name: str) -> list[Element]:
        """What is wrong with a field, or with the form as a whole (""), drawn here."""
        names = {one.name for one in form.fields}
        return [
            Tag("p", self._say(line), "pb-problem", role="alert", tabindex="-1")
            for field, line in form.problems
            if field == name or (not name and field not in names)
        ]

    def _field(self, form: Form, one: Field) -> None:
        with box("pb-field"):
            with box("pb-label", "label", for_=self._id(one)):
                Tag("span", self._say(one.label))
                if not one.required:
                    Tag("small", self._say(Line("page.optional")))
            control = self._control(one)
            wrong = self._problems(form, one.name)
            hints = [] if one.hint is None else [Tag("small", self._say(one.hint), "pb-hint")]
        if wrong:
            control.props["aria-invalid"] = "true"
        if said := [*wrong, *hints]:
            control.props["aria-describedby"] = " ".join(each.html_id for each in said)
        if one.required:
            control.props["aria-required"] = "true"

    def _id(self, one: Field) -> str:
        return f"{self._room.html_id}-{one.name}"

    def _control(self, one: Field) -> Element:
        match one:
            case TextField():
                return self._text(one)
            case NumberField():
                return self._number(one)
            case ChoiceField():
                return self._choice(one)
            case FileField():
                return self._files(one)
            case _:
                assert_never(one)

    def _number(self, one: NumberField) -> Element:
        """What is typed goes to the desk as it is: a field that corrects it in silence would set a price nobody meant."""
        held = self._values[one.name]
        made = ui.input(value="" if held is None else str(held)).props("outlined dense autocomplete=off")
        made.props["inputmode"] = "numeric"
        return self._finish(made, one, number_typed)

    def _text(self, one: TextField) -> Element:
        value = str(self._values[one.name] or "")
        if one.lines > 1:
            made: ui.input = ui.textarea(value=value).props("outlined dense autogrow")
            made.props["input-style"] = f"min-height: {1.6 * min(one.lines, 8)}em"
        else:
            made = ui.input(value=value, password=one.secret, password_toggle_button=one.secret)
            made.props("outlined dense autocomplete=off")
        made.props["maxlength"] = one.longest
        return self._finish(made, one, lambda value: str(value or ""))

    def _choice(self, one: ChoiceField) -> Element:
        options = {option.value: self._say(option.label) for option in one.options}
        value = self._values[one.name]
        if one.several:
            chosen = [each for each in value if each in options] if isinstance(value, tuple) else []
            picked = ui.select(options, value=chosen, multiple=True).props("outlined dense use-chips")
            return self._finish(picked, one, several)
        if len(options) <= 4:
            made: Element = ui.radio(options, value=value if value in options else None).props("dense")
            made.props["inline"] = all(len(said) <= SHORT for said in options.values())
        else:
            made = ui.select(options, value=value if value in options else None).props("outlined dense")
        return self._finish(made, one, lambda value: str(value or ""))

    def _finish(self, made: Element, one: Field, read: Callable[[object], FieldValue]) -> Element:
        if isinstance(made, ui.radio):
            made.props["aria-label"] = self._say(one.label)
        else:
            made.props["for"] = self._id(one)
        made.classes("pb-control").mark(f"field-{one.name}")

        def changed(event: events.ValueChangeEventArguments[object]) -> None:
            self._values[one.name] = read(event.value)
            self._changed()

        made.on_value_change(changed)  # type: ignore[attr-defined]
        return made

    def _files(self, one: FileField) -> Element:
        """The files taken so far, the uploader nobody sees, and the button and drop place that stand for it."""
        chips = box("pb-chips")
        self._draw_chips(one, chips)
        made = ui.upload(
            multiple=one.most > 1,
            auto_upload=True,
            max_file_size=LARGEST,
            on_upload=lambda event: self._take_in(event, one, chips),
            on_rejected=lambda: ui.notify(self._say(Line("page.file_rejected", {"most": LARGEST_MB}))),
        )
        made.classes("pb-uploader").mark(f"field-{one.name}")
        made.props["accept"] = "image/*" if one.pictures else ".txt,.csv,.tsv,.json,.toml,.md,text/*"
        with Tag("button", "", "pb-drop", type="button", id=self._id(one)) as pick:
            icon("add")
            Tag("span", self._say(Line("page.drop_here")))
        pick_with(pick, made)
        drop_on(pick, made)
        return pick

    def _held(self, one: FileField) -> tuple[Offered, ...]:
        held = self._values[one.name]
        return tuple(file for file in held if isinstance(file, Offered)) if isinstance(held, tuple) else ()

    def _hold(self, one: FileField, files: tuple[Offered, ...], chips: Element) -> None:
        """These files are the field's now."""
        self._values[one.name] = files
        self._draw_chips(one, chips)
        self._changed()

    def _draw_chips(self, one: FileField, chips: Element) -> None:
        """Each file with a way to take it away again."""
        files = self._held(one)
        chips.clear()
        with chips:
            for at, file in enumerate(files):
                away = partial(self._hold, one, files[:at] + files[at + 1 :], chips)
                chip(self._reader, at + 1, file.handle, file.name, away, picture=one.pictures)

    async def _take_in(self, event: events.UploadEventArguments, one: FileField, chips: Element) -> None:
        try:
            kept = await self._uploads.keep(event.file.name, event.file.content_type, await event.file.read())
        except Refusal as no:
            ui.notify(self._say(Line(no.key, no.values)))
            return
        self._hold(one, (*self._held(one), kept)[-one.most :], chips)

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
