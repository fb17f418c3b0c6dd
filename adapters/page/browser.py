"""What a browser says of who reads in it: the language and the theme chosen in it, else what its own settings ask for."""

import re

from starlette.requests import Request as WebRequest

from core.texts import LANGUAGES

THEMES = ("auto", "light", "dark")
WANTED = re.compile(r"\s*([a-zA-Z]{2,3})\b[^,;]*(?:;\s*q=(\d(?:\.\d*)?))?")


def language_in(web: WebRequest, default: str) -> str:
    """The language chosen in this browser, else the one it asks for; `default` where it asks for none."""
    return str(web.session.get("language") or asked(web.headers.get("accept-language", ""), default))


def asked(header: str, default: str) -> str:
    """`en-GB,zh;q=0.5` -> "en": the first of ours by weight; English for who asks only for others, `default` for nobody's wish."""
    found = [match for part in header.split(",") if (match := WANTED.match(part))]
    wanted = sorted(found, key=lambda one: -_weight(one[2]))
    ours = (one[1].lower() for one in wanted if one[1].lower() in LANGUAGES and _weight(one[2]))
    return next(ours, "en" if found else default)


def _weight(q: str | None) -> float:
    return 1.0 if q is None else float(q)


def theme_in(web: WebRequest) -> str:
    """The theme chosen in this browser; "auto" follows the system."""
    found = str(web.session.get("theme", ""))
    return found if found in THEMES else THEMES[0]
