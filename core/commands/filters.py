"""The words after `/works`: what to look for, `status:failed`, `since:7d`, `for:NAME`, and a page; anything misspelt is told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo

from core.commands.line.words import fold, unquoted, words
from core.errors import Refusal
from core.requests import Line, Value

STATUSES: Mapping[str, tuple[str, ...]] = {
    "done": ("done", "ok", "完成", "已完成", "画好", "画好了", "成功"),
    "partial": ("partial", "部分", "部分画好", "部分完成"),
    "failed": ("failed", "fail", "失败", "没画成"),
    "cancelled": ("cancelled", "canceled", "取消", "已取消"),
    "running": ("running", "painting", "waiting", "queued", "进行中", "正在画", "画着", "排队", "排队中"),
    "adopted": ("adopted", "采用", "已采用"),
    "undelivered": ("undelivered", "未送达", "没送到", "没收到"),
}
_STATUS = {word: status for status, known in STATUSES.items() for word in known}
_KEYS = {
    "status": "status", "state": "status", "状态": "status",
    "since": "since", "最近": "since", "从": "since",
    "until": "until", "到": "until",
    "for": "label", "label": "label", "用途": "label",
    "page": "page", "页": "page",
}  # fmt: skip
_KEYED = re.compile(r"([a-z]{2,12}|[\u4e00-\u9fff]{1,2}):(?!//)(.+)")
_AGE = re.compile(r"(\d{1,4})\s*(h|d|w|m|y|小时|时|天|日|周|星期|个?月|年)")
_UNITS = {"h": "h", "小": "h", "时": "h", "d": "d", "天": "d", "日": "d", "w": "w", "周": "w", "星": "w", "m": "m",
          "个": "m", "月": "m", "y": "y", "年": "y"}  # fmt: skip
_HOURS = {"h": 1, "d": 24, "w": 24 * 7, "m": 24 * 30, "y": 24 * 365}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAYS = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty fields do not narrow. `since` and `until` are as typed, so that a page turned tomorrow means the same words."""

    words: str = ""
    status: str = ""
    since: str = ""
    until: str = ""
    label: str = ""
    page: int = 1


def read(text: str, now: datetime, zone: tzinfo) -> Wanted:
    """The filters in a line. Refusal `works.bad_status`, `works.bad_since`, `works.bad_page`, `works.bad_filter`."""
    wanted = Wanted()
    loose: list[str] = []
    for word in words(text):
        keyed = _KEYED.fullmatch(fold(word.text)) if unquoted(word.text) == word.text else None
        if keyed is None or not (keyed[1] in _KEYS or keyed[1].isascii()):
            loose.append(unquoted(word.text))
            continue
        typed = unquoted(re.split("[:：]", word.text, maxsplit=1)[1])
        wanted = _set(wanted, keyed[1], typed, now, zone)
    if loose and loose[-1].isdecimal() and len(loose[-1]) < 4 and int(loose[-1]) > 0:
        wanted = replace(wanted, page=int(loose.pop()))
    return replace(wanted, words=" ".join(loose)[:100])


def _set(wanted: Wanted, key: str, value: str, now: datetime, zone: tzinfo) -> Wanted:
    match _KEYS.get(key):
        case "status":
            return replace(wanted, status=status_of(value))
        case "since":
            moment(value, now, zone)
            return replace(wanted, since=value)
        case "until":
            moment(value, now, zone)
            return replace(wanted, until=value)
        case "label":
            return replace(wanted, label=value)
        case "page":
            if not value.isdecimal() or not 0 < int(value) < 100_000:
                raise Refusal("works.bad_page", {"value": value[:40]})
            return replace(wanted, page=int(value))
        case _:
            raise Refusal("works.bad_filter", {"value": f"{key}:{value}"[:60]})


def status_of(value: str) -> str:
    """A status as it is written in either language. Refusal `works.bad_status`, at its field."""
    found = _STATUS.get(fold(value))
    if found is None:
        raise Refusal("works.bad_status", {"value": value[:40], "known": Line("works.statuses")}, field="status")
    return found


def moment(text: str, now: datetime, zone: tzinfo, *, end: bool = False) -> datetime:
    """`7d`, `24小时`, `today`, `昨天`, `2026-11-30` -> that moment; of a day its begin, or its `end`. Refusal `works.bad_since`."""
    day = timedelta(days=1 if end else 0)
    clean = fold(text).strip()
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    if clean in _DAYS:
        return midnight - timedelta(days=_DAYS[clean]) + day
    if age := _AGE.fullmatch(clean):
        return now - timedelta(hours=int(age[1]) * _HOURS[_UNITS[age[2][0]]])
    if date := _DAY.fullmatch(clean):
        try:
            return datetime(int(date[1]), int(date[2]), int(date[3]), tzinfo=zone) + day
        except ValueError as error:
            raise Refusal("works.bad_since", {"value": text[:40]}) from error
    raise Refusal("works.bad_since", {"value": text[:40]})


def since_said(typed: str) -> Line:
    """From when a list counts, in words: `7d` is "the last 7 days", a day is "since" it."""
    age = _age_said(typed)
    return Line("works.last", {"age": age}) if age else Line("works.with_since", {"since": _day_said(typed)})


def until_said(typed: str) -> Line:
    """Up to when a list counts, in words."""
    age = _age_said(typed)
    return Line("works.until_ago", {"age": age}) if age else Line("works.with_until", {"until": _day_said(typed)})


def _age_said(typed: str) -> Line | None:
    age = _AGE.fullmatch(fold(typed).strip())
    return Line(f"works.age_{_UNITS[age[2][0]]}", {"n": int(age[1])}) if age else None


def _day_said(typed: str) -> Value:
    ago = _DAYS.get(fold(typed).strip())
    return typed if ago is None else Line("works.yesterday" if ago else "works.today")
