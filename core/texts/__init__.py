"""Sentences in the reader's language: TOML catalogues `texts/<language>/<topic>.toml`, said with numbers, dates and plurals of that language."""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_decimal

from core.requests import Line, Value

LANGUAGES = ("zh", "en")
LOCALES = {"zh": Locale("zh", "CN", script="Hans"), "en": Locale("en", "US")}
WHEN = {"zh": "M月d日 HH:mm", "en": "d MMM, HH:mm"}
HERE = Path(__file__).parent
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Letters that turn what stands beside them: a value with such is set apart, or it would pull ids and numbers of the sentence along."""
GAP = re.compile(r"\{(\w+)\}")
_zone: list[tzinfo] = [ZoneInfo("Asia/Shanghai")]


def use_timezone(name: str) -> None:
    """Show times in this IANA zone from now on (`bot.timezone`); set once by wiring."""
    _zone[0] = ZoneInfo(name)


def language_of(code: str | None, default: str = "zh") -> str:
    """An IETF tag of a platform (`zh-hans`, `en-US`, None) -> "zh" or "en"."""
    if not code:
        return default
    return "zh" if code.lower().startswith("zh") else "en"


@cache
def catalogue(language: str) -> Mapping[str, str | Mapping[str, str]]:
    """All sentences of a language by `topic.key`; a plural one is a mapping of Babel's plural forms (one, other)."""
    found: dict[str, str | Mapping[str, str]] = {}
    for path in sorted((HERE / language).glob("*.toml")):
        for key, text in tomllib.loads(path.read_text("utf-8")).items():
            found[f"{path.stem}.{key}"] = text
    return found


def say(line: Line, language: str) -> str:
    """The sentence of a Line in "zh" or "en". A plural sentence chooses by its value `n`. KeyError for an unknown key or a gap without a value."""
    text = catalogue(language)[line.key]
    if isinstance(text, Mapping):
        number = line.values["n"]
        form = LOCALES[language].plural_form(number) if isinstance(number, int | float | Decimal) else "other"
        text = text.get(form, text["other"])
    return GAP.sub(lambda gap: say_value(line.values[gap[1]], language), text)


def say_value(value: Value, language: str) -> str:
    """A value as a person of that language writes it: 1,234 · 11月30日 09:22 · a Line's sentence."""
    match value:
        case Line():
            return say(value, language)
        case datetime():
            return format_datetime(value.astimezone(_zone[0]), WHEN[language], locale=LOCALES[language])
        case tuple():
            return " · ".join(said for part in value if (said := say_value(part, language)))
        case str():
            return value if value.isascii() or not RIGHT_TO_LEFT.search(value) else f"\u2068{value}\u2069"
        case _:
            return format_decimal(value, locale=LOCALES[language])
