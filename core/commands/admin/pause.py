"""Painting paused with a public text, and resumed; what is under way is finished either way."""

from collections.abc import Mapping

from core.commands.admin.frame import change_rules, done, formed, page, text
from core.commands.asking import Ask, Command
from core.replies import Answer, Button, Form, Quote, TextField
from core.requests import Line

LONGEST = 300


async def pause(ask: Ask) -> Answer:
    """Whether painting is paused, and the switch."""
    if ask.team.paused is None:
        button = Button(Line("admin_pause.button_pause"), "admin.pause.on", style="danger")
        return page((Line("admin_pause.title", tone="title"), Line("admin_pause.running")), (button,))
    said = Quote(ask.team.paused) if ask.team.paused else Line("access.paused_plain")
    buttons = (
        Button(Line("admin_pause.button_resume"), "admin.pause.off", style="primary"),
        Button(Line("admin_pause.button_text"), "admin.pause.on"),
    )
    parts = (Line("admin_pause.title", tone="title"), Line("admin_pause.paused", tone="alert"), said)
    return page(parts, buttons)


async def _form(ask: Ask) -> Form:
    hint = Line("admin_pause.hint_text")
    field = TextField(
        "text", Line("admin_pause.field_text"), ask.team.paused or "", hint, lines=2, required=False, longest=LONGEST
    )
    return Form("admin.pause.on", Line("admin_pause.form_title"), (field,), submit=Line("admin_pause.button_pause"))


async def _on(ask: Ask) -> Answer:
    """New paintings are refused with this text; points are not touched."""
    await change_rules(ask, "pause.on", {"paused": text(ask, "text")[:LONGEST]})
    resume = Button(Line("admin_pause.button_resume"), "admin.pause.off", style="primary")
    return done(Line("admin_pause.now_paused"), back="admin", buttons=(resume,))


async def off(ask: Ask) -> Answer:
    """Everybody may paint again."""
    await change_rules(ask, "pause.off", {"paused": None})
    return done(Line("admin_pause.now_running"), back="admin")


VERBS: Mapping[str, Command] = {"admin.pause": pause, "admin.pause.on": formed(_form, _on), "admin.pause.off": off}
