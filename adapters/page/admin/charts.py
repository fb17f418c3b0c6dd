"""Pictures, points and failures by cause, day by day: colours of the palette in light and dark, and each chart told in words too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from nicegui import ui

from adapters.page.admin.floor import Floor
from adapters.page.elements import Tag, box, nothing
from core.looks import ChartsLook, DayFigures
from core.requests import Value
from core.texts import LOCALES, WHEN

CAUSES = ("unsupported", "refused", "quota", "queue", "configuration", "model", "network")
HAIRLINE = {"lineStyle": {"color": "var(--line)"}}
SMALL = {
    "color": "var(--soft)",
    "fontSize": 12,
    "fontFamily": "Inter, Noto Sans CJK SC, Noto Sans SC, PingFang SC, sans-serif",
}


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: its name, a value a day, a colour of the palette."""

    name: str
    values: tuple[int, ...]
    colour: str


class Charts:
    """Drawn into the current slot."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._held = box("pb-charts")

    def show(self, look: ChartsLook) -> None:
        """Three charts, or that there is nothing to draw yet."""
        floor, days = self._floor, look.days
        self._held.clear()
        with self._held:
            if not (look.pictures or look.points or look.failed):
                nothing("o_bar_chart", floor.say("no_days", n=len(days)))
                return
            pictures = Series(floor.say("chart_pictures"), tuple(day.pictures for day in days), "var(--accent)")
            self._chart("pictures", days, (pictures,), self._told("pictures", days, pictures.values))
            points = Series(floor.say("chart_points"), tuple(day.points for day in days), "var(--money)")
            self._chart("points", days, (points,), self._told("points", days, points.values))
            self._failures(look)

    def _failures(self, look: ChartsLook) -> None:
        floor = self._floor
        causes = tuple(
            Series(floor.line(line), tuple(day.failures[at] for day in look.days), f"var(--cause-{_place(line.key)})")
            for at, line in enumerate(look.causes)
        )
        counts: tuple[Value, ...] = tuple(floor.say("cause_count", cause=one.name, n=sum(one.values)) for one in causes)
        told = (
            floor.say("failures_told", n=look.failed, causes=counts)
            if causes
            else floor.say("no_failures", days=len(look.days))
        )
        self._chart("failures", look.days, causes, told)

    def _told(self, name: str, days: Sequence[DayFigures], values: Sequence[int]) -> str:
        floor, most = self._floor, max(values)
        if not most:
            return floor.say(f"{name}_none", days=len(days))
        best = self._day(days[values.index(most)])
        return floor.say(f"{name}_told", n=sum(values), days=len(days), day=best, most=most)

    def _day(self, day: DayFigures) -> str:
        language = self._floor.language
        return str(format_date(day.day, WHEN[language].partition(" HH")[0].rstrip(","), locale=LOCALES[language]))

    def _chart(self, name: str, days: Sequence[DayFigures], series: Sequence[Series], told: str) -> None:
        with box(f"pb-chart {name}", "figure").mark(f"chart-{name}"):
            with box("", "figcaption"):
                Tag("h3", self._floor.say(f"chart_{name}"))
                Tag("p", told)
            if len(series) > 1:
                with box("pb-legend", "ul", aria_hidden="true"):
                    for one in series:
                        with box("", "li"):
                            box("", "i").style(f"background:{one.colour}")
                            Tag("span", one.name)
            if any(any(one.values) for one in series):
                with box("pb-plot", role="img", aria_label=told):
                    ui.echart(_options([self._day(day) for day in days], series), renderer="svg")


def _place(key: str) -> int:
    """A cause keeps its colour, whichever others occur."""
    cause = key.removeprefix("paint.cause_")
    return CAUSES.index(cause) + 1 if cause in CAUSES else len(CAUSES)


def _options(days: Sequence[str], series: Sequence[Series]) -> dict[str, Any]:
    """Bars, one a day; the colours are the stylesheet's own, so that they follow light and dark by themselves."""
    return {
        "animation": False,
        "grid": {"left": 0, "right": 18, "top": 12, "bottom": 0, "containLabel": True},
        "xAxis": _days_axis(days),
        "yAxis": _count_axis(),
        "tooltip": _tooltip(),
        "series": [_bars(one) for one in series],
    }


def _days_axis(days: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "category",
        "data": list(days),
        "axisLine": HAIRLINE,
        "axisTick": {"show": False},
        "axisLabel": SMALL | {"hideOverlap": True, "margin": 10},
    }


def _count_axis() -> dict[str, Any]:
    return {"type": "value", "minInterval": 1, "splitNumber": 3, "splitLine": HAIRLINE, "axisLabel": SMALL}


def _tooltip() -> dict[str, Any]:
    return {
        "trigger": "axis",
        "confine": True,
        "className": "pb-tip",
        "backgroundColor": "var(--sheet)",
        "borderColor": "var(--line)",
        "borderWidth": 1,
        "padding": [8, 12],
        "extraCssText": "border-radius: 10px; box-shadow: var(--shadow);",
        "transitionDuration": 0,
        "axisPointer": {"type": "shadow", "shadowStyle": {"color": "var(--wash)", "opacity": 0.7}, "z": -1},
    }


def _bars(one: Series) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": one.name,
        "data": list(one.values),
        "stack": "all",
        "barMaxWidth": 18,
        "barCategoryGap": "28%",
        "itemStyle": {"color": one.colour, "borderRadius": 2},
        "emphasis": {"disabled": True},
    }
