"""The table of records: one row each with its picture, words hidden until they are asked for, cards where there is little room."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from nicegui import events
from nicegui.element import Element

from adapters.page.admin.floor import Floor
from adapters.page.elements import Tag, box, button, face, icon, nothing, shows_when_lost
from core.looks import RecordRow
from core.requests import Line

COLUMNS = ("id", "member", "words", "label", "status", "points", "time")
TONES = {"running": "now", "failed": "bad", "undelivered": "bad", "partial": "bad"}
ONLY_ROW = "(e) => { if (!e.target.closest('button, input, label, a')) emit(); }"


@dataclass(slots=True)
class Presses:
    """What a row's parts do: `open` shows it closely, `pick` (id, on) selects it, `pick_all` all of the page, `reveal` asks for its words."""

    open: Callable[[str], Awaitable[None]]
    pick: Callable[[str, bool], None]
    pick_all: Callable[[bool], None]
    reveal: Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class Drawn:
    """A row on the page: the row, its checkbox, the place of its words, and the words there."""

    row: RecordRow
    held: Element
    tick: Tag
    words: Element
    revealed: str | None = None


def tick(label: str, changed: Callable[[bool], None], mark: str) -> Tag:
    """A native checkbox; the server keeps its state, so that it can be set from here too."""
    made = Tag("input", "", "pb-tick", type="checkbox", checked=False, aria_label=label).mark(mark)

    def turned(event: events.GenericEventArguments) -> None:
        made.props["checked"] = bool(event.args)
        changed(bool(event.args))

    made.on("change", turned, js_handler="(e) => emit(e.target.checked)")
    return made


class Table:
    """Drawn into the current slot, its rows anew for each page; what is selected, open and revealed is marked without losing the reader's place."""

    def __init__(self, floor: Floor, presses: Presses) -> None:
        self._floor, self._presses = floor, presses
        self._held = box("pb-records")
        self._rows: dict[str, Drawn] = {}
        self._all: Tag | None = None

    def show(self, rows: Sequence[RecordRow]) -> None:
        """Show these rows, none of them marked."""
        self._rows.clear()
        self._all = None
        self._held.clear()
        with self._held:
            if not rows:
                narrowed = bool(self._floor.filters)
                line = Line("admin_records.none" if narrowed else "page_admin.no_records")
                nothing("o_search" if narrowed else "o_receipt_long", self._floor.line(line))
                return
            with box("pb-table", "table"):
                self._head()
                with box("", "tbody"):
                    for row in rows:
                        self._rows[row.id] = self._row(row)

    def mark(self, picked: AbstractSet[str], revealed: Mapping[str, str], about: str) -> None:
        """`picked` are the selected ids, `revealed` words by id, `about` the open one."""
        for record, drawn in self._rows.items():
            drawn.held.classes(remove="picked here")
            drawn.held.classes(" ".join(n for n, on in (("picked", record in picked), ("here", record == about)) if on))
            drawn.tick.props["checked"] = record in picked
            if revealed.get(record) != drawn.revealed:
                drawn.revealed = revealed.get(record)
                drawn.words.clear()
                with drawn.words:
                    self._words(drawn.row, drawn.revealed)
        if self._all is not None:
            self._all.props["checked"] = all(record in picked for record in self._rows)

    def _head(self) -> None:
        with box("", "thead"), box("", "tr"):
            with box("check", "th", scope="col"):
                self._all = tick(self._floor.say("pick_all"), self._presses.pick_all, "pick-all")
                Tag("span", self._floor.say("pick_all"), "pb-all", aria_hidden="true")
            with box("thumb", "th", scope="col"):
                Tag("span", self._floor.say("column_picture"), "pb-hidden")
            for name in COLUMNS:
                Tag("th", self._floor.say(f"column_{name}"), name, scope="col")

    def _row(self, row: RecordRow) -> Drawn:
        floor, presses = self._floor, self._presses
        with box("", "tr").mark(f"record-{row.id}") as held:
            with box("check", "td"):
                made = tick(floor.say("pick", id=row.id), lambda on: presses.pick(row.id, on), f"pick-{row.id}")
            with box("thumb", "td"):
                self._thumb(row)
            with box("id", "td"):
                button(f"#{row.id}", lambda: presses.open(row.id), "bare").classes("pb-id").mark(f"open-{row.id}")
            with box("member", "td"):
                face(row.member, floor.colour(row.member), "tiny")
                Tag("span", row.member)
            with box("words", "td") as words:
                self._words(row, None)
            Tag("td", row.label, "label")
            with box("status", "td"):
                self._status(row)
            Tag(
                "td",
                floor.value(row.points),
                "points" if row.points else "points none",
                title=floor.say("column_points"),
            )
            Tag("td", floor.value(row.at), "time")
        held.on("click", lambda: presses.open(row.id), args=[], js_handler=ONLY_ROW)
        return Drawn(row, held, made, words)

    def _thumb(self, row: RecordRow) -> None:
        alt = self._floor.line(row.alt)
        if row.thumb:
            address = self._floor.stage.image(row.thumb, "thumb")
            shows_when_lost(Tag("img", "", "", src=address, alt=alt, loading="lazy", decoding="async"))
        with box("pb-no-thumb", "span", title=alt):
            icon("o_broken_image" if row.thumb else "o_lock" if row.private else "o_hide_image")

    def _words(self, row: RecordRow, words: str | None) -> None:
        if words is not None:
            Tag("span", words, "revealed")
            return
        Tag("span", self._floor.line(row.prompt), "redacted")
        eye = button(
            "",
            lambda: self._presses.reveal(row.id),
            "bare",
            sign="o_visibility",
            name=self._floor.say("reveal", id=row.id),
        )
        eye.classes("pb-eye").mark(f"reveal-{row.id}")

    def _status(self, row: RecordRow) -> None:
        with box(f"pb-state {TONES.get(row.status, '')}", "span"):
            if row.status in TONES:
                box("pb-dot", "i")
            Tag("span", self._floor.line(row.status_line))
        if row.pictures:
            Tag("small", self._floor.say("pictures_of", kept=row.pictures, count=row.count))
