"""What stands in the audit in words: a sentence for every act, and what changed without the names the records give it."""

from collections.abc import Mapping
from typing import Any

from core.audit import Act
from core.budgets import PERIODS, SCOPES
from core.commands.admin.filters import phrase
from core.requests import Line, Value
from core.texts.library import SCENES

DONE: Mapping[str, tuple[str, ...]] = {
    "rules": ("prices", "limits", "pool", "team", "form"),
    "keys": ("add", "edit", "test", "enable", "disable", "reset", "remove"),
    "points": ("grant", "take", "limits"),
    "records": ("reveal", "cancel", "delete", "batch", "export", "approved", "declined", "unapproved"),
    "access": ("approve", "deny", "role", "invite", "invited", "linked", "login", "places", "words", "strangers", "label"),
    "admins": ("add", "remove"),
    "members": ("link",),
    "examples": ("add", "edit", "delete", "enable", "disable", "import"),
    "inspirations": ("add", "edit", "delete", "enable", "disable", "import"),
    "templates": ("add", "edit", "delete", "enable", "disable", "share"),
    "budgets": ("set", "remove"),
    "pause": ("on", "off", "auto", "set"),
}  # fmt: skip
KINDS = tuple(DONE)
NAMED = (
    "sd", "hd", "final", "confirm_above", "welcome", "allowance", "daily_pictures", "at_once", "pool", "paused", "pause_after", "in_charge",
    "expected", "form_off", "final_review", "unlabelled", "open_to_strangers", "channels", "workspaces", "banned", "points", "reason",
    "member", "pictures", "charged", "from", "for", "ids", "rows", "filter", "saved", "skipped", "minutes", "uses", "days", "words",
    "scene", "language", "line", "title", "picture", "name", "owner", "characters", "alias", "access_key", "api_url", "region",
    "per_second", "enabled", "secret",
)  # fmt: skip
"""What a change is about and has a word for; names of capabilities stand as they are."""

STANDING = ("member", "reviewer", "admin", "approved", "waiting", "blocked")
SILENT = frozenset({"access.linked", "access.invited", "keys.enable", "keys.disable", "pause.auto"})
"""Acts whose sentence says it all: what was kept with them are numbers of our own, or the act once more."""
LONGEST = 120


def did(one: Act, names: Mapping[str, str]) -> Value:
    """The sentence of an act; `names` are members by id. An act of another version stands as it was written."""
    group, _, what = one.act.partition(".")
    if what not in DONE.get(group, ()):
        return f"{one.act} {one.subject}".strip()
    about: Value = _budget(one.subject, names) if group == "budgets" else one.subject
    return Line(f"admin_audit.did_{group}_{what}", {"subject": about})


def _budget(subject: str, names: Mapping[str, str]) -> Value:
    scope, _, rest = subject.partition(":")
    about, _, period = rest.rpartition(":")
    if scope not in SCOPES or period not in PERIODS:
        return subject
    name = names.get(about, about) if scope == "member" else about
    what = Line(f"admin_budgets.scope_{scope}_of", {"subject": name})
    return Line("admin_audit.budget", {"what": what, "period": Line(f"admin_budgets.period_{period}")})


def owners(one: Act) -> set[int]:
    """Ids of the members whose names the words of an act need."""
    scope, _, rest = one.subject.partition(":")
    about = rest.rpartition(":")[0]
    return {int(about)} if one.act.startswith("budgets.") and scope == "member" and about.isdecimal() else set()


def changed(one: Act) -> tuple[Value, ...]:
    """What an act changed, a phrase each: only what differs, in words."""
    before, after = one.before, one.after
    if one.act in SILENT or (before is None and after is None):
        return ()
    if not isinstance(before, Mapping | None) or not isinstance(after, Mapping | None):
        name = "points" if one.act.startswith(("points.", "budgets.")) else None
        return () if isinstance(before, bool) or before == after else (_step(name, before, after),)
    names = dict.fromkeys((*(before or {}), *(after or {})))
    return tuple(
        _step(
            name, (before or {}).get(name), (after or {}).get(name), both=name in (before or {}) and after is not None
        )
        for name in names
        if (before or {}).get(name, names) != (after or {}).get(name, names)
    )


def _step(name: str | None, before: Any, after: Any, *, both: bool = False) -> Value:
    if both or (before is not None and after is not None):
        said: Value = Line("admin_audit.change", {"before": _value(name, before), "after": _value(name, after)})
    else:
        said = _value(name, before if after is None else after)
    if name is None:
        return said
    what: Value = Line(f"admin_audit.of_{name}") if name in NAMED else name
    return Line("admin_audit.step", {"what": what, "said": said})


def _value(name: str | None, value: Any) -> Value:
    match value:
        case None if name == "owner":
            return Line("admin_audit.value_team")
        case int() if name == "owner":
            return Line("admin_audit.value_own")
        case None | "" | []:
            return Line("admin_audit.value_none")
        case bool():
            return Line("admin_audit.value_yes" if value else "admin_audit.value_no")
        case int() | float():
            return value
        case Mapping():
            return _filter(value)
        case list() if name == "form_off":
            return tuple(Line(f"paint.field_{one}") for one in value)
        case list():
            return _short(" ".join(str(one) for one in value))
        case _ if value in STANDING and name is None:
            return Line(f"admin_audit.value_{value}")
        case "replaced" if name == "secret":
            return Line("admin_audit.value_replaced")
        case "inspiration" if name == "for":
            return Line("admin_audit.value_inspiration")
        case _ if name == "scene" and value in SCENES:
            return Line(f"random.scene_{value}")
        case "zh" | "en" if name == "language":
            return Line(f"admin_examples.language_{value}")
        case _:
            return _short(str(value))


def _filter(typed: Mapping[str, Any]) -> Value:
    return tuple(phrase(name, str(value)) for name, value in typed.items()) or Line("admin_audit.value_none")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
