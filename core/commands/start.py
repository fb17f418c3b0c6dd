"""The first words: help, a tour of two minutes, what a deep link asked for, and the language one reads."""

import dataclasses
import re
from collections.abc import Mapping

from core import access, audit, members
from core.commands import shelf
from core.commands.arriving import welcome
from core.commands.asking import Ask, Command, number_of
from core.commands.help import help_reply, topic_of
from core.commands.link import join
from core.commands.names import spoken
from core.errors import Refusal
from core.replies import Answer, Button, Part, Quote, Reply
from core.requests import Line, Value
from core.texts import LANGUAGES, say

PARTS = 4
_LANGUAGES = {
    "zh": "zh", "中文": "zh", "chinese": "zh", "汉语": "zh",
    "en": "en", "english": "en", "英文": "en", "英语": "en",
}  # fmt: skip
_TEMPLATE = re.compile(r"tpl[-:](.{1,60})", re.DOTALL)
_PASS = re.compile(r"(invite|link)[-:]([A-Za-z0-9_]{8,60})")


async def help_(ask: Ask) -> Answer:
    """Help on a topic; its start also offers the tour, the other language, and joining accounts."""
    request = ask.request
    topic = topic_of(request.subject or request.text)
    reply = help_reply(topic, request.place.platform, str(request.account), ask.language)
    if topic:
        return reply
    more = (Button(Line("start.button_tour"), "start", "1"), _other_language(ask), _link_button())
    return dataclasses.replace(reply, buttons=(*reply.buttons, *more), instead=bool(request.subject))


def _other_language(ask: Ask) -> Button:
    other = "en" if ask.language == "zh" else "zh"
    return Button(Line(f"start.button_{other}"), "language", other)


def _link_button() -> Button:
    return Button(Line("link.button"), "link")


async def start(ask: Ask) -> Answer | None:
    """The tour; or what a deep link carries: `tpl-ID`, `tpl:NAME` opens a template, `invite-TOKEN` lets in, `link-CODE` joins accounts; else help."""
    if ask.request.subject:
        return _tour(ask, number_of(ask.request.subject) or 1)
    payload = ask.request.text.strip()
    if not payload:
        return _tour(ask, 1)
    if found := _TEMPLATE.fullmatch(payload):
        return await _template(ask, found[1])
    if found := _PASS.fullmatch(payload):
        return await (_invited(ask, found[2]) if found[1] == "invite" else join(ask, found[2]))
    return await help_(ask)


def _tour(ask: Ask, number: int) -> Reply:
    """One of four short parts, each a screen with a button to the next."""
    part = min(max(1, number), PARTS)
    platform = ask.request.place.platform
    sample = f"{spoken('paint', platform)} {say(Line('start.sample'), ask.language)}"
    where = platform if platform in ("slack", "telegram") else "page"
    parts: list[Part] = [Line(f"start.title_{part}", {"part": part, "parts": PARTS}, "title")]
    values: dict[str, Value] = {
        "name": ask.member.name,
        "points": ask.member.points,
        "sd": ask.team.price("sd"),
        "hd": ask.team.price("hd"),
        "works": spoken("works", platform),
        "help": spoken("help", platform),
        "paint": spoken("paint", platform),
    }
    match part:
        case 1:
            parts += [Line("start.what", values), Line("start.money", values, "money")]
            parts += [] if ask.member.standing == "approved" else [Line("start.waiting", tone="alert")]
        case 2:
            parts += [Line("start.line", values), Quote(sample), Line("start.flags", values)]
        case 3:
            parts += [Line(f"start.reference_{where}", values), Line("start.buttons", values)]
        case _:
            parts += [Line("start.find", values), Line("start.go", values)]
    return Reply(tuple(parts), _steps(ask, part), private=True, instead=number > 1, copy=sample if part == 2 else "")


def _steps(ask: Ask, part: int) -> tuple[Button, ...]:
    following = Button(Line("start.button_next"), "start", str(part + 1), "primary")
    if part == 1:
        waiting = ask.member.standing == "waiting"
        door = (Button(Line("desk.button_ask_access"), "access.ask"),) if waiting else ()
        return (following, _other_language(ask), *door)
    if part < PARTS:
        return (following, Button(Line("start.button_back"), "start", str(part - 1)))
    return (
        Button(Line("start.button_random"), "random", "1", "primary"),
        Button(Line("start.button_gallery"), "gallery", "1"),
        Button(Line("start.button_templates"), "templates", "1"),
        Button(Line("start.button_params"), "help", "params"),
    )


async def _template(ask: Ask, wanted: str) -> Answer | None:
    """A template by id or name; where the asker has none such (any more), that, and those there are."""
    template = await shelf.linked(ask, wanted)
    subject = str(template.id) if template else ""
    verb = "template.use" if template else "templates"
    request = dataclasses.replace(ask.request, verb=verb, subject=subject, text="")
    asked = dataclasses.replace(ask, request=request)
    if template:
        return await shelf.use(asked)
    listed = await shelf.show_templates(asked)
    return dataclasses.replace(listed, parts=(Line("template.link_gone"), *listed.parts))


async def _invited(ask: Ask, token: str) -> Answer:
    """An invitation makes a newcomer a member, with the welcome points. Refusal `start.invite_gone`, `access.blocked`; who is in already spends nothing."""
    if ask.member.standing == "blocked":
        raise Refusal("access.blocked")
    if ask.member.standing == "approved":
        return _tour(ask, 1)
    async with ask.tools.house.records.write() as tx:
        if await access.use_pass(tx, "invite", token) is None:
            raise Refusal("start.invite_gone")
        await members.change(tx, ask.member.id, standing="approved")
        await welcome(tx, ask.member.id, ask.team.welcome, ask.language)
        await audit.note(tx, ask.member.id, "access.invited", str(ask.request.account), after="approved")
        joined = await members.get(tx, ask.member.id)
    assert joined is not None
    tour = _tour(dataclasses.replace(ask, member=joined), 1)
    greeting = Line("access.welcomed", {"points": joined.points})
    return dataclasses.replace(tour, parts=(greeting, *tour.parts))


async def language(ask: Ask) -> Answer:
    """Read Paintbot in Chinese or English from now on; without one of them, the choice."""
    wanted = _LANGUAGES.get((ask.request.subject or ask.request.text).strip().lower(), "")
    if not wanted:
        buttons = tuple(Button(Line(f"start.button_{one}"), "language", one) for one in LANGUAGES)
        return Reply((Line("start.which_language"),), buttons, private=True)
    async with ask.tools.house.records.write() as tx:
        await members.change(tx, ask.member.id, language=wanted)
    said = (Line(f"start.language_{wanted}"),)
    return Reply(said, private=True, instead=bool(ask.request.subject), language=wanted)


VERBS: Mapping[str, Command] = {"help": help_, "start": start, "language": language}
