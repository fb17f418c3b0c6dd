"""What every section stands on: a page with a way back, checked numbers, and rules changed with a trace."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from unicodedata import normalize

from core import audit, rules
from core.commands.asking import LONGEST_NUMBER, Ask, number_of
from core.commands.forming import saving, shown, stands
from core.commands.line import drawable, parse
from core.commands.paging import keep, kept_words
from core.errors import Refusal
from core.records import Tx
from core.replies import Button, LinkButton, Part, Reply
from core.requests import Line, Value
from core.rules import Rules

Changes = Mapping[str, Any]
PAGE = 5
LARGEST = 1_000_000
LONGEST_WORDS = 100
NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.0+)?")
TEAM_WORDS = ("", "默认", "团队", "default", "team")
NO_LIMIT_WORDS = ("", "不限", "无", "none", "no", "unlimited")


def page(parts: Sequence[Part], buttons: Sequence[Button | LinkButton] = (), *, back: str = "admin") -> Reply:
    """A page of the admin's desk: private, in the place of the one before, with a way back to `back` (verb or verb:subject)."""
    verb, _, subject = back.partition(":")
    way = Button(Line("admin.button_back"), verb, subject)
    return Reply(tuple(parts), (*buttons, way), private=True, instead=True)


def pager(verb: str, offset: int, total: int, *, most: int = PAGE, prefix: str = "") -> tuple[Button, ...]:
    """Newer and older pages of a list; the subject is `prefix` and the offset."""
    found = []
    if offset > 0:
        found.append(Button(Line("admin.button_newer"), verb, f"{prefix}{max(0, offset - most)}"))
    if offset + most < total:
        found.append(Button(Line("admin.button_older"), verb, f"{prefix}{offset + most}"))
    return tuple(found)


def offset_of(subject: str) -> int:
    """The offset a subject ends with, 0 for none."""
    return number_of(subject.rpartition(".")[2]) or 0


async def narrowed(ask: Ask, typed: str | None = None) -> tuple[str, str, int]:
    """(words, the start of its pagers' subjects, offset) of a list: words just typed begin it, a button's `DRAFT.20` goes on in it."""
    words = (ask.request.text if typed is None else typed).strip()[:LONGEST_WORDS]
    if words:
        return words, f"{await keep(ask, {'words': words})}.", 0
    draft, dot, _ = ask.request.subject.rpartition(".")
    return await kept_words(ask, draft), f"{draft}{dot}", offset_of(ask.request.subject)


def id_of(subject: str) -> int:
    """`12` or `12.9f3c01ab` (a form's) -> 12; Refusal `admin.gone` for anything else."""
    found = number_of(subject.partition(".")[0])
    if found is None:
        raise Refusal("admin.gone")
    return found


def text(ask: Ask, name: str, longest: int | None = None) -> str:
    """A submitted text, trimmed; "" when it was left empty. Refusal `form.too_long` at its field where it has more than `longest` characters."""
    value = ask.request.values.get(name)
    found = "" if value is None else str(value).strip()
    if longest is not None and len(found) > longest:
        raise Refusal("form.too_long", {"count": len(found), "most": longest}, field=name)
    return found


def one_line(ask: Ask, name: str, longest: int | None = None) -> str:
    """As `text`, of one line: breaks and runs of blanks that were pasted along become one blank."""
    return " ".join(text(ask, name, longest).split())


def whole(ask: Ask, name: str, *, low: int = 0, high: int = LARGEST) -> int:
    """A submitted whole number; Refusal `admin.number` at its field for anything else, `admin.negative` below zero, `admin.too_large` above `high`."""
    found = _number(text(ask, name), name, low, high)
    if found is None:
        raise Refusal("admin.number", {"low": low, "high": high}, field=name)
    return found


def maybe(ask: Ask, name: str, words: Sequence[str], *, high: int = LARGEST) -> int | None:
    """As `whole`, or None where one of `words` (the empty one too) stands."""
    typed = text(ask, name)
    return None if typed.lower() in words else _number(typed, name, 0, high)


def _number(typed: str, name: str, low: int, high: int) -> int | None:
    """Digits of any width, in groups of three or not, a sign before and `.0` behind; None for nothing."""
    if not typed:
        return None
    found = NUMBER.fullmatch(normalize("NFKC", typed).replace("\u2212", "-").replace(" ", ""))
    if found is None:
        raise Refusal("admin.number", {"low": low, "high": high}, field=name)
    digits = found[2].replace(",", "").lstrip("0") or "0"
    if found[1] == "-" and digits != "0":
        raise Refusal("admin.negative", field=name)
    if len(digits) > LONGEST_NUMBER or int(digits) > high:
        raise Refusal("admin.too_large", {"most": high}, field=name)
    if int(digits) < low:
        raise Refusal("admin.number", {"low": low, "high": high}, field=name)
    return int(digits)


def lines(ask: Ask, name: str) -> tuple[str, ...]:
    """The lines of a submitted text, without empty ones and repetitions."""
    return tuple(dict.fromkeys(one.strip() for one in text(ask, name).splitlines() if one.strip()))


def check_line(typed: str, field: str = "line") -> str:
    """A paint line that can be painted: trimmed, with words, every flag right. Refusals of the line at `field`."""
    try:
        ordered = parse(typed)
    except Refusal as refusal:
        raise Refusal(refusal.key, refusal.values, field=field) from refusal
    if not drawable(ordered.prompt) and ordered.template is None:
        raise Refusal("admin.no_words", field=field)
    return typed.strip()


async def change_rules(
    ask: Ask, act: str, changes: Changes | Callable[[Rules], Changes], *, form: str | None = None
) -> Mapping[str, tuple[Any, Any]]:
    """Change rules of the team, to values or to what is made of those of now, in one transaction with its audit entry; (before, after) of those that differ.

    `form` is the subject of the form that showed them (`rules_shown`): `Meanwhile` when one of them was changed since; nothing is changed then.
    """
    async with saving(ask) as tx:
        team = await rules.read(tx)
        changes = changes(team) if callable(changes) else changes
        differ = {key: (getattr(team, key), value) for key, value in changes.items() if getattr(team, key) != value}
        if differ and form is not None:
            await stands(tx, form, rule_values(team, changes), act.partition(".")[0])
        for key, (_, value) in differ.items():
            await rules.change(tx, key, value)
        if differ:
            before = {key: _plain(old) for key, (old, _) in differ.items()}
            await note(ask, tx, act, before=before, after={k: _plain(v) for k, (_, v) in differ.items()})
        return differ


def rules_shown(ask: Ask, about: str, keys: Iterable[str]) -> str:
    """The subject of a form that shows these rules of the team."""
    return shown(about, rule_values(ask.team, keys))


def rule_values(team: Rules, keys: Iterable[str]) -> Mapping[str, Any]:
    """Some of the rules by name."""
    return {key: getattr(team, key) for key in keys}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


async def note(ask: Ask, tx: Tx, act: str, subject: str = "", *, before: Any = None, after: Any = None) -> None:
    """Write what this admin did, in the transaction that does it."""
    await audit.note(tx, ask.member.id, act, subject, before=before, after=after)


def done(line: Line, *, back: str, buttons: Sequence[Button | LinkButton] = ()) -> Reply:
    """One sentence that something was done, with a way back to its section."""
    return page((line,), buttons, back=back)


def amount(value: int | None, unset: str) -> Value:
    """A number, or the sentence for none."""
    return Line(unset) if value is None else value
