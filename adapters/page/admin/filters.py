"""What the records are narrowed to: words, member, status, label and time, asked again as they change."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from adapters.page.admin.floor import Floor
from adapters.page.elements import Tag, box, button, icon
from core.desk import STATUSES
from core.requests import Line

SPANS = ("24h", "7d", "30d", "90d")
ANY, OWN = "any", "own"
TEXTS = (("words", "o_search"), ("member", "o_person"), ("label", "o_sell"))
NAMES = ("words", "member", "label", "status", "since", "until")


class Filters:
    """Drawn into the current slot; the values stand in `floor.filters`, and `changed` is called after each change."""

    def __init__(self, floor: Floor, changed: Callable[[], Awaitable[None]]) -> None:
        self._floor, self._changed = floor, changed
        self._texts: dict[str, ui.input] = {}
        with box("pb-filters", "search", aria_label=floor.say("filters")):
            for name, sign in TEXTS:
                self._text(name, sign)
            self._draw_choices()
            self._own = box("pb-own-dates")
            with self._own:
                for name in ("since", "until"):
                    self._date(name)
            self._reset = button(floor.say("reset"), self._clear, "quiet", sign="close").mark("filters-reset")
        self._problem = Tag("p", "", "pb-problem", role="alert")
        self.say_problem("")
        self._show()

    def _label(self, name: str) -> str:
        return self._floor.line(Line(f"admin_records.field_{name}"))

    def _text(self, name: str, sign: str) -> None:
        label = self._label(name)
        made = ui.input(value=self._floor.filters.get(name, ""), placeholder=label).mark(f"filter-{name}")
        made.props("outlined dense clearable debounce=350 autocomplete=off maxlength=100").classes(f"pb-control {name}")
        made.props["aria-label"] = label
        with made.add_slot("prepend"):
            icon(sign)
        made.on_value_change(lambda event: self._set({name: str(event.value or "").strip()}))
        self._texts[name] = made

    def _draw_choices(self) -> None:
        floor = self._floor
        statuses = {ANY: floor.say("any_status")} | {
            one: floor.line(Line(f"admin_records.status_{one}")) for one in STATUSES
        }
        self._status = ui.select(statuses, value=floor.filters.get("status", ANY)).mark("filter-status")
        self._status.on_value_change(lambda event: self._set({"status": event.value if event.value != ANY else ""}))
        spans = (
            {ANY: floor.say("any_time")}
            | {one: floor.say(f"last_{one}") for one in SPANS}
            | {OWN: floor.say("own_dates")}
        )
        self._span = ui.select(spans, value=self._span_now()).mark("filter-span")
        self._span.on_value_change(lambda event: self._set_span(str(event.value)))
        for made, name in ((self._status, "field_status"), (self._span, "")):
            made.props("outlined dense options-dense").classes("pb-control")
            made.props["aria-label"] = self._label("status") if name else floor.say("time")

    def _span_now(self) -> str:
        since, until = self._floor.filters.get("since", ""), self._floor.filters.get("until", "")
        return ANY if not since and not until else since if since in SPANS and not until else OWN

    def _date(self, name: str) -> None:
        given = self._floor.filters.get(name, "")
        made = ui.input(value="" if given in SPANS else given).props("outlined dense type=date")
        made.classes("pb-control date").mark(f"filter-{name}")
        made.props["aria-label"] = self._label(name)
        with made.add_slot("prepend"):
            Tag("small", self._label(name))
        made.on_value_change(lambda event: self._set({name: str(event.value or "")}))
        self._texts[name] = made

    async def _set_span(self, span: str) -> None:
        if span == OWN:
            self._own.set_visibility(True)
            return
        await self._set({"since": "" if span == ANY else span, "until": ""})

    async def _set(self, values: dict[str, str]) -> None:
        before = dict(self._floor.filters)
        for name, value in values.items():
            self._floor.filters.pop(name, None)
            if value:
                self._floor.filters[name] = value
        self._show()
        if self._floor.filters != before:
            await self._changed()

    def _show(self) -> None:
        self._own.set_visibility(self._span.value == OWN)
        self._reset.set_visibility(bool(self._floor.filters))

    async def _clear(self) -> None:
        self._floor.filters.clear()
        for made in self._texts.values():
            made.set_value("")
        self._status.set_value(ANY)
        self._span.set_value(ANY)
        self._show()
        await self._changed()

    def say_problem(self, text: str) -> None:
        """Say what is wrong with the values, "" for nothing."""
        self._problem.set_text(text)
        self._problem.set_visibility(bool(text))
