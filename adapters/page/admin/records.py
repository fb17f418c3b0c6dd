"""Every painting of the team in a table: narrowed, paged, revealed with a trace, selected and deleted, exported."""

from functools import partial

from nicegui.element import Element

from adapters.page.admin.filters import Filters
from adapters.page.admin.floor import Floor
from adapters.page.admin.table import Presses, Table
from adapters.page.elements import Tag, box, button
from core.errors import Refusal
from core.looks import RecordsLook
from core.replies import Button, Document, Quote, Reply
from core.requests import FieldValue, Line

ROWS = 25
ONE = "admin.records.one"


class RecordsView:
    """The records section."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._look = RecordsLook((), 0, 0, ROWS)
        self._shown: tuple[object, ...] = ()
        self._problem = ""
        self._offset = 0
        self._asked = 0
        self._picked: set[str] = set()
        self._revealed: dict[str, str] = {}

    async def load(self) -> bool:
        """The page of the table; a value that cannot be read is told beside the filters, and the rows stay."""
        self._asked += 1
        asked = self._asked
        values = self._floor.filters | {"offset": str(self._offset), "most": str(ROWS)}
        problem, found = "", self._look
        try:
            look = await self._floor.look("records", values)
            if isinstance(look, RecordsLook):
                found = look
        except Refusal as no:
            if no.field is None:
                raise
            problem = self._floor.line(Line(no.key, no.values))
        if asked != self._asked:
            return False  # a later question is on its way
        self._look, self._problem = found, problem
        return self._state() != self._shown

    def _state(self) -> tuple[object, ...]:
        return (self._look, self._problem, dict(self._revealed), self._floor.panel.about)

    def build(self) -> None:
        """Filters, the table's place, and what is selected below it."""
        self._filters = Filters(self._floor, self._narrowed)
        self._bar = box("pb-bar")
        presses = Presses(self._open, self._pick, self._pick_all, self._reveal)
        self._table = Table(self._floor, presses)
        self._foot: Element = box("pb-pager")
        self._selection = box("pb-selection", role="status", aria_live="polite")

    def show(self) -> None:
        """The rows and their numbers."""
        look = self._look
        if not self._shown or self._shown[0] != look:
            self._table.show(look.rows)
            self._draw_bar()
            self._draw_pager()
        self._shown = self._state()
        self._filters.say_problem(self._problem)
        self._mark()

    def _mark(self) -> None:
        self._table.mark(self._picked, self._revealed, self._floor.panel.about.removeprefix(f"{ONE}:"))
        self._draw_selection()

    def _draw_bar(self) -> None:
        look, floor = self._look, self._floor
        self._bar.clear()
        with self._bar:
            Tag("span", floor.say("records_counted", n=look.total), "pb-count", role="status")
            with box("pb-buttons small"):
                for form in ("csv", "json") if look.total else ():
                    label = floor.line(Line(f"admin_records.button_{form}"))
                    press = partial(self._export, form)
                    button(label, press, "quiet", sign="o_download").mark(f"export-{form}")

    def _draw_pager(self) -> None:
        look, floor = self._look, self._floor
        self._foot.clear()
        self._foot.set_visibility(look.total > ROWS)
        with self._foot:
            newer = button(floor.line(Line("admin.button_newer")), lambda: self._turn(-1), "plain", sign="chevron_left")
            newer.mark("newer").props["disabled"] = look.offset == 0
            first, last = look.offset + 1, look.offset + len(look.rows)
            Tag("span", floor.say("span_of", first=first, last=last, total=look.total), "pb-count")
            older = button(floor.line(Line("admin.button_older")), lambda: self._turn(1), "plain", sign="chevron_right")
            older.mark("older").props["disabled"] = last >= look.total

    def _draw_selection(self) -> None:
        floor = self._floor
        self._selection.clear()
        self._selection.set_visibility(bool(self._picked))
        with self._selection:
            Tag("span", floor.say("picked", n=len(self._picked)))
            with box("pb-buttons small"):
                button(floor.say("unpick"), self._unpick, "quiet").mark("unpick")
                label = floor.say("delete_picked")
                button(label, self._delete_picked, "danger", sign="o_delete").mark("delete-picked")

    # -- going through the pages ----------------------------------------------------------------------------------

    async def _narrowed(self) -> None:
        self._offset = 0
        self._picked.clear()
        await self._floor.refresh()

    async def _turn(self, by: int) -> None:
        self._offset = max(0, self._offset + by * ROWS)
        await self._floor.refresh()

    async def _open(self, record: str) -> None:
        await self._floor.open(ONE, record)

    # -- selecting and deleting -----------------------------------------------------------------------------------

    def _pick(self, record: str, on: bool) -> None:
        (self._picked.add if on else self._picked.discard)(record)
        self._mark()

    def _pick_all(self, on: bool) -> None:
        for row in self._look.rows:
            (self._picked.add if on else self._picked.discard)(row.id)
        self._mark()

    def _unpick(self) -> None:
        self._picked.clear()
        self._mark()

    async def _delete_picked(self) -> None:
        """The desk says how many would go, and asks."""
        answer = await self._floor.ask("admin.records.batch", values={"ids": tuple(sorted(self._picked))})
        if isinstance(answer, Reply):
            self._picked.clear()
            await self._floor.panel.show(answer)

    # -- words and files ------------------------------------------------------------------------------------------

    async def _reveal(self, record: str) -> None:
        """One audited act for one painting's words; they are hidden again when the section is left."""
        answer = await self._floor.ask("admin.records.reveal", subject=record)
        if not isinstance(answer, Reply):
            return
        words = next((part.text for part in answer.parts if isinstance(part, Quote)), None)
        if words is None:
            self._floor.tell(answer)
            return
        self._revealed[record] = words
        await self._floor.refresh()

    async def _export(self, form: str) -> None:
        """What matches now, as the desk exports it."""
        values: dict[str, FieldValue] = {"words": "", **self._floor.filters}
        listing = await self._floor.ask("admin.records.filter", values=values)
        verb = f"admin.records.{form}"
        offered = listing.buttons if isinstance(listing, Reply) else ()
        found = next((one for one in offered if isinstance(one, Button) and one.verb == verb), None)
        if found is None:
            return
        answer = await self._floor.ask(found.verb, subject=found.subject)
        if isinstance(answer, Reply) and any(isinstance(part, Document) for part in answer.parts):
            self._floor.hand_over(answer)
