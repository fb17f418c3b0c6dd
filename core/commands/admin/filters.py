"""What a list of records is narrowed to: read from words or a form, kept as a draft, said in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from core import drafts
from core.commands import filters
from core.commands.asking import Ask
from core.commands.filters import STATUSES, since_said, status_of, until_said
from core.errors import Refusal
from core.generations import Filter
from core.requests import Line, Value

DRAFT = "admin.filter"
NAMES = ("words", "member", "status", "label", "since", "until")
TYPED = re.compile(r"(?<!\S)(status|member|label|for|since|until|状态|成员|用途|从|到)[:：](\S+)")
ALSO = {"for": "label", "状态": "status", "成员": "member", "用途": "label", "从": "since", "到": "until"}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A filter with the id of its draft ("" for no filter) and its values as typed."""

    draft: str
    typed: Mapping[str, str]
    filter: Filter

    @property
    def said(self) -> tuple[Value, ...]:
        """Each value as a phrase."""
        return tuple(phrase(name, self.typed[name]) for name in NAMES if self.typed.get(name))


def phrase(name: str, typed: str) -> Value:
    """One value of a filter in words: `since` `7d` is "the last 7 days"."""
    if name == "since":
        return since_said(typed)
    if name == "until":
        return until_said(typed)
    value: Value = Line(f"admin_records.status_{typed}") if name == "status" and typed in STATUSES else typed
    return Line(f"admin_records.by_{name}", {"value": value}) if name in NAMES else typed


def words_of(text: str) -> dict[str, str]:
    """`cat status:failed since:7d` -> the values of a filter."""
    found = {ALSO.get(name, name): value for name, value in TYPED.findall(text)}
    words = " ".join(TYPED.sub(" ", text).split())
    return {"words": words} | found if words else found


def filter_of(typed: Mapping[str, str], now: datetime, zone: tzinfo) -> Filter:
    """The filter of typed values. Refusals `works.bad_since`, `works.bad_status` at their fields."""
    status = status_of(typed["status"]) if typed.get("status") else ""
    since = moment(typed.get("since", ""), "since", now, zone)
    until = moment(typed.get("until", ""), "until", now, zone)
    if since and until and until <= since:
        raise Refusal("admin_records.empty_span", field="until")
    return Filter(
        words=typed.get("words", ""),
        member=typed.get("member", ""),
        status=status,
        label=typed.get("label", ""),
        since=since,
        until=until,
    )


def moment(typed: str, name: str, now: datetime, zone: tzinfo) -> datetime | None:
    """As members' lists read it (`until` takes the whole day in); None for "". Refusal `works.bad_since` at the field."""
    try:
        return filters.moment(typed, now, zone, end=name == "until") if typed.strip() else None
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values, field=name) from refusal


async def keep(ask: Ask, typed: Mapping[str, str]) -> Narrowed:
    """Keep a filter under a short id, so that buttons can carry it. Refusals of `filter_of`."""
    clean = {name: typed[name][:200] for name in NAMES if typed.get(name)}
    found = filter_of(clean, ask.tools.clock(), ask.tools.house.zone)
    clean |= {"status": found.status} if found.status else {}
    if not clean:
        return Narrowed("", {}, found)
    async with ask.tools.house.records.write() as tx:
        return Narrowed(await drafts.keep(tx, DRAFT, clean), clean, found)


async def kept(ask: Ask, draft: str) -> Narrowed:
    """The filter of a draft; "" is no filter. Refusal `works.filter_gone` for one nobody kept."""
    if not draft:
        return Narrowed("", {}, Filter())
    async with ask.tools.house.records.read() as tx:
        typed: Mapping[str, Any] | None = await drafts.get(tx, DRAFT, draft)
    if typed is None:
        raise Refusal("works.filter_gone")
    return Narrowed(draft, typed, filter_of(typed, ask.tools.clock(), ask.tools.house.zone))
