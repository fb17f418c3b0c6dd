"""Who may paint and where: channels, workspaces, strangers, banned words, the AI label."""

import re
from collections.abc import Mapping

from core import members, rules
from core.commands.admin.frame import change_rules, done, lines, page, rules_shown
from core.commands.asking import Ask, Command
from core.commands.forming import formed
from core.errors import Refusal
from core.replies import Answer, Button, Facts, Form, Part, TextField
from core.requests import Line, Value
from core.rules import Rules

PLACE = re.compile(r"(slack|telegram|page):\S+")
KEYS = ("channels", "workspaces")
MOST_WORDS = 500
LONGEST_WORD = 60
SHOWN = 12


async def access(ask: Ask) -> Answer:
    """Everything about who may paint, on one page."""
    async with ask.tools.house.records.read() as tx:
        _, waiting = await members.search(tx, standing="waiting", most=1)
    team = ask.team
    rows: tuple[tuple[Line, Value], ...] = (
        (Line("admin_access.waiting"), waiting),
        (
            Line("admin_access.strangers"),
            Line("admin_access.strangers_yes" if team.open_to_strangers else "admin_access.strangers_no"),
        ),
        (Line("admin_access.channels"), _listed(team.channels)),
        (Line("admin_access.workspaces"), _listed(team.workspaces)),
        (Line("admin_access.banned"), Line("admin_access.banned_value", {"n": len(team.banned)})),
        (
            Line("admin_access.label"),
            Line("admin_access.label_free" if team.unlabelled else "admin_access.label_always"),
        ),
    )
    parts: list[Part] = [Line("admin_access.title", tone="title"), Facts(rows)]
    return page(parts, _buttons(ask, waiting))


def _listed(places: tuple[str, ...]) -> Value:
    return (
        " ".join(places[:SHOWN]) + (" …" if len(places) > SHOWN else "") if places else Line("admin_access.everywhere")
    )


def _buttons(ask: Ask, waiting: int) -> list[Button]:
    team, place = ask.team, ask.request.place
    found = []
    if waiting:
        door = Line("admin_access.button_waiting", {"n": waiting})
        found.append(Button(door, "admin.access.waiting", style="primary"))
    found += [
        Button(Line("admin_access.button_invite"), "admin.access.invite"),
        Button(Line("admin_access.button_people"), "admin.access.people"),
        Button(Line("admin_access.button_where"), "admin.access.where"),
        Button(Line("admin_access.button_words"), "admin.access.words"),
    ]
    here = f"{place.platform}:{place.channel}"
    if place.channel and not place.private and len(here) < 36:
        known = here in team.channels
        key = "admin_access.button_not_here" if known else "admin_access.button_here"
        found.append(Button(Line(key), "admin.access.here", f"{'-' if known else '+'}{here}"))
    strangers = "admin_access.button_close" if team.open_to_strangers else "admin_access.button_open"
    label = "admin_access.button_label_always" if team.unlabelled else "admin_access.button_label_free"
    found.append(Button(Line(strangers), "admin.access.strangers", "no" if team.open_to_strangers else "yes"))
    found.append(Button(Line(label), "admin.access.label", "no" if team.unlabelled else "yes"))
    return found


async def strangers(ask: Ask) -> Answer:
    """Whether people nobody knows yet may paint at once."""
    on = ask.request.subject == "yes"
    await change_rules(ask, "access.strangers", {"open_to_strangers": on})
    return done(Line("admin_access.opened" if on else "admin_access.closed"), back="admin.access")


async def label(ask: Ask) -> Answer:
    """Whether members may ask for pictures without the visible AI label."""
    on = ask.request.subject == "yes"
    await change_rules(ask, "access.label", {"unlabelled": on})
    return done(Line("admin_access.label_now_free" if on else "admin_access.label_now_always"), back="admin.access")


async def here(ask: Ask) -> Answer:
    """A channel is put on the list of open channels (`+slack:C1`), or taken off it (`-slack:C1`)."""
    sign, channel = ask.request.subject[:1], ask.request.subject[1:]
    if sign not in ("+", "-") or not PLACE.fullmatch(channel):
        raise Refusal("admin_access.bad_place", {"line": ask.request.subject[:60]})

    def changed(team: Rules) -> Mapping[str, tuple[str, ...]]:
        others = tuple(one for one in team.channels if one != channel)
        return {
            "channels": others if sign == "-" else team.channels if channel in team.channels else (*others, channel)
        }

    await change_rules(ask, "access.places", changed)
    async with ask.tools.house.records.read() as tx:
        after = (await rules.read(tx)).channels
    key = "admin_access.here_off" if sign == "-" else "admin_access.here_on"
    return done(Line(key, {"channel": channel, "list": _listed(after)}), back="admin.access")


async def _where_form(ask: Ask) -> Form:
    team = ask.team
    return Form(
        "admin.access.where",
        Line("admin_access.where_title"),
        tuple(
            TextField(
                name,
                Line(f"admin_access.field_{name}"),
                "\n".join(getattr(team, name)),
                Line(f"admin_access.hint_{name}"),
                lines=4,
                required=False,
            )
            for name in KEYS
        ),
        rules_shown(ask, "where", KEYS),
    )


async def _where(ask: Ask) -> Answer:
    """Painting is allowed in these places alone; an empty list allows every one. "*" or 全部 empties a list where a field cannot be left empty."""
    wanted = {name: _places(ask, name) for name in KEYS}
    await change_rules(ask, "access.places", wanted, form=ask.request.subject)
    values = {name: _listed(found) for name, found in wanted.items()}
    return done(Line("admin_access.where_done", values), back="admin.access")


def _places(ask: Ask, name: str) -> tuple[str, ...]:
    found = lines(ask, name)
    if found in (("*",), ("全部",), ("all",)):
        return ()
    for line in found:
        if not PLACE.fullmatch(line):
            raise Refusal("admin_access.bad_place", {"line": line[:60]}, field=name)
    return found


async def _words_form(ask: Ask) -> Form:
    field = TextField(
        "words",
        Line("admin_access.field_words"),
        "\n".join(ask.team.banned),
        Line("admin_access.hint_words"),
        lines=8,
        required=False,
    )
    return Form(
        "admin.access.words", Line("admin_access.words_title"), (field,), rules_shown(ask, "words", ("banned",))
    )


async def _words(ask: Ask) -> Answer:
    """Prompts with one of these are refused before anything is charged; the asker alone learns which word it was."""
    found = lines(ask, "words")
    if found in (("*",), ("无",), ("none",)):
        found = ()
    if len(found) > MOST_WORDS:
        raise Refusal("admin_access.too_many_words", {"most": MOST_WORDS}, field="words")
    long = next((word for word in found if len(word) > LONGEST_WORD), "")
    if long:
        raise Refusal("admin_access.long_word", {"word": long[:30], "most": LONGEST_WORD}, field="words")
    await change_rules(ask, "access.words", {"banned": found}, form=ask.request.subject)
    return done(Line("admin_access.words_done", {"n": len(found)}), back="admin.access")


VERBS: Mapping[str, Command] = {
    "admin.access": access,
    "admin.access.strangers": strangers,
    "admin.access.label": label,
    "admin.access.here": here,
    "admin.access.where": formed(_where_form, _where),
    "admin.access.words": formed(_words_form, _words),
}
