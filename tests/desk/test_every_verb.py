"""Every verb a member may ask, once in each language and on each platform: answered in words, never with an unexpected error."""

import pytest

from adapters.slack import render as slack
from adapters.slack.payload import Meta
from adapters.slack.views import form_view
from adapters.telegram.forms.questions import pack
from adapters.telegram.render import reply as telegram
from core import examples, gallery, templates
from core.commands.verbs import every_verb
from core.replies import Answer, Form, Reply
from core.requests import FieldValue
from tests.desk.stage import ADMIN, Stage, words
from tests.slack.limits import check_blocks

PLATFORMS = {"page": "page:ann", "slack": "slack:T1/U1", "telegram": "telegram:7"}


async def furnished(stage: Stage, who: str) -> dict[str, dict[str, object]]:
    """A house with one of everything, and how each verb is asked in it."""
    await stage.rule(open_to_strangers=True, welcome=9000, confirm_above=1000)
    done = await stage.painted("a cat --n 2", who=who)
    partly = await stage.painted("a dog --n 3", who=who, failing=1)
    failed = await stage.painted("fog", who=who, failing=1)
    waiting = await stage.order("a lighthouse", who=who)
    spare = [await stage.painted(f"ship {number}", who=who) for number in range(2)]
    member = await stage.member(who)
    async with stage.records.write() as tx:
        await examples.seed_examples(tx)
        await gallery.add(tx, "cat", "a cat --ar 16:9")
        kept = await templates.add(tx, "cups", "a {what}", owner=member.id)
    one: dict[str, object] = {"subject": f"{done.id}.1"}
    template: dict[str, object] = {"subject": str(kept)}
    return {
        **{verb: {"subject": done.id} for verb in ("show", "details", "originals", "edit", "evidence", "again")},
        **dict.fromkeys(("choose", "final", "final.upscale", "final.again", "same", "variation"), one),
        **dict.fromkeys(("adopt", "adopt.use", "template.save", "resend", "delete", "delete.keep"), one),
        "repaint": {"subject": partly.id},
        "support": {"subject": failed.id},
        "cancel": {"text": waiting.id},
        "delete.sure": {"subject": spare[0].id},
        "works.delete": {"values": {"which": (spare[1].id,)}},
        "example.paint": {"subject": "1.400"},
        **{verb: {"subject": "1"} for verb in ("example.edit", "inspire.paint")},
        **dict.fromkeys(("template.use", "template.price", "template.edit"), template),
        **dict.fromkeys(("template.delete", "template.delete.sure"), template),
        "paint": {"text": "a cat --tpl cups what=cup"},
        "price": {"text": "a cat --hd"},
        "random": {"text": "3"},
        "works": {"text": "ship status:done"},
        "language": {"text": ""},
    }


def drawn(answer: Answer, language: str, platform: str) -> None:
    """The answer in Slack's blocks and Telegram's messages, within their limits (the page draws anything of any size)."""
    if platform == "slack" and isinstance(answer, Reply):
        check_blocks(slack.draw(answer, language).blocks, "message")
    elif platform == "slack" and isinstance(answer, Form):
        check_blocks(form_view(answer, language, Meta())["blocks"], "modal")
    elif platform == "telegram" and isinstance(answer, Reply):
        assert telegram.draw(answer, language).pages
    elif platform == "telegram" and isinstance(answer, Form):
        assert pack(answer, language)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("platform", list(PLATFORMS))
async def test_every_verb_is_answered(stage: Stage, platform: str, language: str) -> None:
    who = PLATFORMS[platform]
    how = await furnished(stage, who)
    last = ["template.delete", "template.delete.sure", "delete.sure", "works.delete", "language"]
    verbs = [verb for verb in every_verb() if not verb.startswith("admin")]
    for verb in sorted(verbs, key=lambda verb: (verb in last, last.index(verb) if verb in last else 0)):
        answer = await stage.ask(verb, who=who, language=language, **how.get(verb, {}))  # type: ignore[arg-type]
        if answer is not None:
            said = words(answer, language)
            drawn(answer, language, platform)
            assert said and "error.unexpected" not in [
                getattr(part, "key", "") for part in getattr(answer, "parts", ())
            ]


@pytest.mark.parametrize("subject", ["9" * 25, f"1.{'9' * 25}", "1.²!²", "\0"])
async def test_a_button_nobody_made_is_answered_in_words(stage: Stage, subject: str) -> None:
    await stage.admin()
    await furnished(stage, ADMIN)
    filled: dict[str, FieldValue] = {"which": (subject,), "act": "enable", "points": subject, "scope": "member"}
    for verb in every_verb():
        for values in ({}, filled):
            said = words(await stage.ask(verb, subject=subject, values=values, who=ADMIN))
            assert said and "unexpected" not in said, verb
