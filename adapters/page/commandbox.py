"""The command box: words and flags offered while typing, references as chips, and the price before anything is sent."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from nicegui import events, ui

from adapters.page.completion import Offer, Words, completed, last_word, offers
from adapters.page.dropping import drop_on, paste_in, pick_with
from adapters.page.elements import Tag, box, button, icon, spoken
from adapters.page.files import LARGEST, LARGEST_MB, Uploads
from adapters.page.read import typed
from adapters.page.render import line_of
from adapters.page.timeline import Reader, chip
from core.errors import Refusal
from core.replies import Reply
from core.requests import Line, Offered
from core.texts import say

PAUSE = 0.35
"""Seconds without a keystroke before the price is asked."""

# nothing here may update the input while one types: an update carries the server's value and would undo later keystrokes;
# a composing input method (Chinese!) ends with Enter too, and must not send
KEYS = """(e) => {
  if (e.isComposing || e.keyCode === 229) return;
  const offered = getHtmlElement(%d)?.childElementCount > 0;
  const mine = (e.key === 'Enter' && !e.shiftKey) || (e.key === 'ArrowUp' && !e.target.value)
    || (offered && ['ArrowUp', 'ArrowDown', 'Tab', 'Escape'].includes(e.key));
  if (!mine) return;
  e.preventDefault(); e.stopPropagation();
  emit(e.key, e.target.value, e.target.pbTyped ?? 0);
}"""
# what is half written outlives a reload of the page (after a restart, for one) in the browser's own tab
KEEP = """(e) => {
  if (!e.target.matches('textarea')) return;
  sessionStorage.setItem(%s, e.target.value);
  e.target.pbTyped = (e.target.pbTyped ?? 0) + 1;
}"""
FORGET = "sessionStorage.removeItem(%s)"
RESTORE = """(() => {
  const key = %s, kept = sessionStorage.getItem(key);
  const put = (tries) => {
    const area = getHtmlElement(%d)?.querySelector('textarea') ?? getHtmlElement(%d);
    if (!area) { if (tries) setTimeout(put, 100, tries - 1); return; }
    if (area.value) return;
    area.value = kept;
    area.dispatchEvent(new Event('input', {bubbles: true}));
  };
  if (kept) put(20);
})()"""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a box is told: the words it offers, where files are kept, and whom it asks.

    `painting`: a line without a command paints. `thread` (0: none) is where it stands.
    """

    reader: Reader
    uploads: Uploads
    commands: Words
    flags: Words
    send: Callable[[str, Sequence[Offered]], Awaitable[None]]
    price: Callable[[str, Sequence[Offered]], Awaitable[Reply | None]]
    painting: bool = False
    thread: int = 0
    hint: Line = field(default_factory=lambda: Line("page.box_hint"))

    @property
    def name(self) -> str:
        """What tells a thread's box from the channel's."""
        return "thread-box" if self.thread else "box"


class CommandBox:
    """One box, drawn into the current slot."""

    def __init__(self, wiring: Wiring) -> None:
        self._is = wiring
        self._language = wiring.reader.stage.language
        self._files: list[Offered] = []
        self._offers: Sequence[Offer] = ()
        self._chosen = 0
        self._last = ""
        self._sent: tuple[str, int] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._draft = json.dumps(f"pb-draft {wiring.reader.account} {wiring.thread}")
        with box("pb-box-room") as self._room:
            self._list = box("pb-offers", role="listbox", aria_label=self._say("offers"))
            with box("pb-box") as held:
                self._chips = box("pb-chips")
                self._input = self._draw_input()
                self._draw_foot()
        held.on("input", js_handler=KEEP % self._draft)
        ui.run_javascript(RESTORE % (self._draft, self._input.id, self._input.id))
        self._list.set_visibility(False)
        self._chips.set_visibility(False)

    def _say(self, key: str) -> str:
        return say(Line(f"page.{key}"), self._language)

    def _draw_input(self) -> ui.textarea:
        hint = say(self._is.hint, self._language)
        made = ui.textarea(placeholder=hint, on_change=lambda: self._typing()).props(
            "borderless autogrow dense hide-bottom-space spellcheck=false autocomplete=off"
        )
        made.props["aria-label"] = hint
        made.props["aria-controls"] = self._list.html_id
        made.props["aria-autocomplete"] = "list"
        made.props["rows"] = 1
        made.props["dir"] = "auto"
        made.classes("pb-input").mark(self._is.name)
        made.on("keydown", self._key, js_handler=KEYS % self._list.id)
        return made

    def _draw_foot(self) -> None:
        with box("pb-box-foot"):
            uploader = ui.upload(
                multiple=True,
                auto_upload=True,
                max_file_size=LARGEST,
                on_upload=self._dropped,
                on_rejected=lambda: ui.notify(say(Line("page.file_rejected", {"most": LARGEST_MB}), self._language)),
            )
            uploader.classes("pb-uploader").mark(f"{self._is.name}-files").props["accept"] = "image/*"
            paste_in(self._input, uploader)
            drop_on(self._room, uploader)
            self._uploader = uploader
            with Tag("button", "", "pb-button bare attach", type="button", title=self._say("attach")) as attach:
                icon("add")
                Tag("span", self._say("attach"), "pb-attach-words")
            pick_with(attach, uploader)
            self._price = box("pb-price", role="status", aria_live="polite")
            self._button = button(self._say("send"), self.submit, "primary").mark(f"{self._is.name}-send")

    def take_from(self, held: ui.element) -> None:
        """Let files be dropped anywhere on this element too."""
        drop_on(held, self._uploader)

    # -- typing ---------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What stands in the box."""
        return str(self._input.value or "")

    def put(self, text: str) -> None:
        """Put a text into the box and the cursor after it."""
        self._sent = None
        self._input.set_value(text)
        self._input.run_method("focus")

    def _paints(self, text: str) -> bool:
        said = typed(text)
        return said.verb == "paint" or (not said.verb and bool(said.text) and (self._is.painting or bool(self._files)))

    def _typing(self) -> None:
        text = self.text
        self._chosen = 0
        self._offer(offers(text, self._is.commands, self._is.flags, painting=self._is.painting))
        self._button.set_text(self._say("paint" if self._paints(text) else "send"))
        if self._asking is not None:
            self._asking.cancel()
        self._asking = asyncio.create_task(self._ask_price(text)) if self._paints(text) else None
        if self._asking is None:
            self._show_price(None)

    async def _ask_price(self, text: str) -> None:
        await asyncio.sleep(PAUSE)
        answer = await self._is.price(typed(text).text, tuple(self._files))
        if text == self.text:
            self._show_price(answer)

    def _show_price(self, answer: Reply | None) -> None:
        if self._price.is_deleted:
            return
        self._price.clear()
        if answer is not None:
            line, alert = line_of(answer, self._language)
            with self._price:
                spoken("span", line, "alert" if alert else "")

    # -- offers ---------------------------------------------------------------------------------------------------

    def _offer(self, found: Sequence[Offer]) -> None:
        if not found and not self._offers:
            return
        self._offers = found
        self._list.clear()
        self._list.set_visibility(bool(found))
        with self._list:
            drawn = [self._draw_offer(at, offer) for at, offer in enumerate(found)]
        self._input.props["aria-activedescendant"] = drawn[self._chosen].html_id if drawn else False

    def _draw_offer(self, at: int, offer: Offer) -> ui.element:
        chosen = at == self._chosen
        with box(f"pb-offer {'chosen' if chosen else ''}", role="option", aria_selected=str(chosen).lower()) as held:
            Tag("code", offer.word)
            Tag("span", say(offer.meaning, self._language))
        held.on(
            "mousedown",
            lambda: self._take(offer, self.text),
            args=[],
            js_handler="(e) => { e.preventDefault(); emit(); }",
        )
        return held

    def _take(self, offer: Offer, text: str) -> None:
        self.put(completed(text, offer))

    def _choose(self, by: int) -> None:
        self._chosen = (self._chosen + by) % len(self._offers)
        self._offer(self._offers)

    async def _key(self, event: events.GenericEventArguments) -> None:
        key, text, typed = event.args
        if key == "ArrowUp" and not text:
            self.put(self._last)
        elif key == "Escape":
            self._offer(())
        elif key in ("ArrowUp", "ArrowDown") and self._offers:
            self._choose(-1 if key == "ArrowUp" else 1)
        elif self._offers and (key == "Tab" or self._offers[self._chosen].word != last_word(text)):
            self._take(self._offers[self._chosen], text)
        elif key == "Enter" and (not text or (text, typed) != self._sent):
            # also where the word is whole, and longer ones begin with it; pressed again before a slow network has emptied the box, it is one press
            self._sent = text, typed
            await self.submit(text)

    # -- references and sending -----------------------------------------------------------------------------------

    async def _dropped(self, event: events.UploadEventArguments) -> None:
        try:
            kept = await self._is.uploads.keep(event.file.name, event.file.content_type, await event.file.read())
        except Refusal as no:
            ui.notify(say(Line(no.key, no.values), self._language))
            return
        self._files.append(kept)
        self._draw_chips()

    def _draw_chips(self) -> None:
        self._chips.clear()
        self._chips.set_visibility(bool(self._files))
        with self._chips:
            for at, file in enumerate(self._files):
                chip(self._is.reader, at + 1, file.handle, file.name, drop=partial(self._undrop, at))
        self._typing()

    def _undrop(self, at: int) -> None:
        del self._files[at]
        self._draw_chips()

    async def submit(self, text: str | None = None) -> None:
        """Send what stands in the box with its references, and empty it."""
        line = (self.text if text is None else text).strip()
        if not line and not self._files:
            return
        files, self._files = tuple(self._files), []
        self._last = line
        self._input.set_value("")
        ui.run_javascript(FORGET % self._draft)
        self._draw_chips()
        self._uploader.reset()
        await self._is.send(line, files)
