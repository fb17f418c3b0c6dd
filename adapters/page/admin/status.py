"""How things stand now and today, in numbers, and below it the charts of the last weeks."""

from adapters.page.admin.charts import Charts
from adapters.page.admin.floor import Floor
from adapters.page.elements import Tag, box, button, icon
from core.looks import ChartsLook, StatusLook
from core.requests import Line, Value

SPANS = (7, 30, 90)


class StatusView:
    """The status section."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._days = 30
        self._status: StatusLook | None = None
        self._charts: ChartsLook | None = None
        self._shown: tuple[object, object] = (None, None)

    async def load(self) -> bool:
        """Numbers and days."""
        status = await self._floor.look("status")
        charts = await self._floor.look("charts", {"days": str(self._days)})
        self._status = status if isinstance(status, StatusLook) else None
        self._charts = charts if isinstance(charts, ChartsLook) else None
        return (self._status, self._charts) != self._shown

    def build(self) -> None:
        """The places of banner, numbers and charts, and the choice of days."""
        floor = self._floor
        self._banner = box("pb-banner-room")
        self._numbers = box("pb-numbers", "dl")
        with box("pb-bar pb-charts-bar"):
            Tag("h2", floor.say("over_time"), "pb-group")
            with box("pb-tabs", role="group", aria_label=floor.say("days_shown")):
                self._spans = {days: self._span(days) for days in SPANS}
        self._plots = Charts(floor)

    def _span(self, days: int) -> Tag:
        return (
            button(self._floor.say("days", n=days), lambda: self._turn(days), "bare")
            .classes("pb-tab")
            .mark(f"days-{days}")
        )

    async def _turn(self, days: int) -> None:
        self._days = days
        await self._floor.refresh()

    def show(self) -> None:
        """What differs is drawn anew."""
        before, self._shown = self._shown, (self._status, self._charts)
        if self._status is not None and self._status != before[0]:
            self._draw_banner(self._status)
            self._draw_numbers(self._status)
        if self._charts is not None and self._charts != before[1]:
            self._plots.show(self._charts)
        for days, tab in self._spans.items():
            tab.props["aria-pressed"] = str(days == self._days).lower()

    def _draw_banner(self, now: StatusLook) -> None:
        floor = self._floor
        self._banner.clear()
        with self._banner:
            if now.paused is not None:
                with box("pb-notice", role="alert"):
                    icon("o_pause_circle")
                    text = floor.line(
                        Line("admin_status.paused", {"text": now.paused or floor.line(Line("access.paused_plain"))})
                    )
                    Tag("span", text)
                    label = floor.line(Line("admin_pause.button_resume"))
                    button(label, lambda: floor.act("admin.pause.off"), "primary").mark("resume")
            if not now.keys_on:
                with box("pb-notice", role="alert"):
                    icon("o_key_off")
                    Tag("span", floor.line(Line("admin_status.no_keys")))
                    label = floor.say("look_keys")
                    button(label, lambda: floor.visit("admin-keys"), "plain").mark("see-keys")
            elif now.too_small is not None:
                with box("pb-notice"):
                    icon("o_speed")
                    Tag("span", floor.line(now.too_small))
                    label = floor.say("look_keys")
                    button(label, lambda: floor.visit("admin-keys"), "plain").mark("see-keys")

    def _draw_numbers(self, now: StatusLook) -> None:
        floor = self._floor
        self._numbers.clear()
        with self._numbers:
            self._number("queued", now.queued, floor.say("unit_pictures"))
            self._number("in_flight", now.in_flight, floor.say("unit_pictures"))
            success = "–" if now.success is None else floor.line(Line("admin_status.percent", {"n": now.success}))
            self._number("success", success, floor.say("failed_today", n=now.failed) if now.failed else "")
            self._number("pictures", now.pictures, floor.say("from_paintings", n=now.paintings))
            self._number("points", now.points, floor.say("unit_points"))
            ill = now.keys_ok < now.keys_on or not now.keys_on
            self._number("keys", floor.say("of", n=now.keys_ok, most=now.keys_on), now.pool, "admin-keys", ill)
            self._number("undelivered", now.undelivered, "", "admin-records", bool(now.undelivered))
            self._number("at_the_door", now.at_the_door, "", "admin-access", bool(now.at_the_door))

    def _number(self, name: str, value: Value, note: str, section: str = "", attention: bool = False) -> None:
        floor = self._floor
        with box(f"pb-number-card {'attention' if attention else ''}").mark(f"number-{name}"):
            Tag("dt", floor.say(f"now_{name}"))
            with box("", "dd"):
                Tag("strong", floor.value(value))
                if note:
                    Tag("small", note)
                if attention:
                    button(floor.say("go_see"), lambda: self._see(section, name), "bare").classes("pb-see").mark(
                        f"see-{name}"
                    )

    async def _see(self, section: str, name: str) -> None:
        if name == "undelivered":
            self._floor.filters.clear()
            self._floor.filters["status"] = "undelivered"
        await self._floor.visit(section)
