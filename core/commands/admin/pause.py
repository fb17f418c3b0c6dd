"""Painting paused with a public text, and resumed; what is under way is finished either way."""

from collections.abc import Mapping

from core.commands.admin.frame import change_rules, done, page, rules_shown, text, whole
from core.commands.asking import Ask, Command
from core.commands.forming import formed
from core.replies import Answer, Button, Form, NumberField, Quote, TextField
from core.requests import Line

LONGEST = 300
MOST_FAILURES = 100


async def pause(ask: Ask) -> Answer:
    """Whether painting is paused, and the switch."""
    switch = Button(Line("admin_pause.button_auto"), "admin.pause.auto")
    after = ask.team.pause_after
    auto = (
        Line("admin_pause.auto_after", {"n": after}, "fact") if after else Line("admin_pause.auto_never", tone="fact")
    )
    if ask.team.paused is None:
        button = Button(Line("admin_pause.button_pause"), "admin.pause.on", style="danger")
        return page((Line("admin_pause.title", tone="title"), Line("admin_pause.running"), auto), (button, switch))
    said = Quote(ask.team.paused) if ask.team.paused else Line("access.paused_plain")
    buttons = (
        Button(Line("admin_pause.button_resume"), "admin.pause.off", style="primary"),
        Button(Line("admin_pause.button_text"), "admin.pause.on"),
        switch,
    )
    parts = (Line("admin_pause.title", tone="title"), Line("admin_pause.paused", tone="alert"), said, auto)
    return page(parts, buttons)


async def _form(ask: Ask) -> Form:
    hint = Line("admin_pause.hint_text")
    field = TextField(
        "text", Line("admin_pause.field_text"), ask.team.paused or "", hint, lines=2, required=False, longest=LONGEST
    )
    subject = rules_shown(ask, "pause", ("paused",))
    return Form("admin.pause.on", Line("admin_pause.form_title"), (field,), subject, Line("admin_pause.button_pause"))


async def _on(ask: Ask) -> Answer:
    """New paintings are refused with this text; points are not touched."""
    await change_rules(ask, "pause.on", {"paused": text(ask, "text", LONGEST)}, form=ask.request.subject)
    resume = Button(Line("admin_pause.button_resume"), "admin.pause.off", style="primary")
    return done(Line("admin_pause.now_paused"), back="admin", buttons=(resume,))


async def off(ask: Ask) -> Answer:
    """Everybody may paint again."""
    await change_rules(ask, "pause.off", {"paused": None})
    return done(Line("admin_pause.now_running"), back="admin")


async def _auto_form(ask: Ask) -> Form:
    hint = Line("admin_pause.hint_auto")
    field = NumberField("n", Line("admin_pause.field_auto"), ask.team.pause_after, 0, MOST_FAILURES, hint)
    subject = rules_shown(ask, "pause", ("pause_after",))
    return Form("admin.pause.auto", Line("admin_pause.auto_title"), (field,), subject, Line("admin_pause.auto_submit"))


async def _auto(ask: Ask) -> Answer:
    """After how many failures in a row painting pauses by itself; 0: never."""
    after = whole(ask, "n", high=MOST_FAILURES)
    await change_rules(ask, "pause.set", {"pause_after": after}, form=ask.request.subject)
    said = Line("admin_pause.auto_after", {"n": after}) if after else Line("admin_pause.auto_never")
    return done(said, back="admin.pause")


VERBS: Mapping[str, Command] = {
    "admin.pause": pause,
    "admin.pause.on": formed(_form, _on),
    "admin.pause.off": off,
    "admin.pause.auto": formed(_auto_form, _auto),
}
