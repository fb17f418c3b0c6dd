"""Every verb of the admin's desk, in both languages: answered in words, drawn within each platform's limits, never with an unexpected error."""

import pytest

from core import examples, gallery, templates
from core.commands.verbs import every_verb
from core.replies import Form
from core.requests import FieldValue
from tests.desk.admin import KEY, PRICES, acts, add_key, filled
from tests.desk.stage import ADMIN, Stage, buttons_of, words
from tests.desk.test_every_verb import drawn

ADMINS = [verb for verb in every_verb() if verb.startswith("admin")]
LAST = ("admin.access.role", "admin.access.deny", "admin.access.approve")
FORMS = {
    "admin.prices.edit": PRICES | {"sd": 120},
    "admin.keys.add": KEY | {"alias": "another", "pool": "spare"},
    "admin.keys.edit": KEY | {"secret_access_key": "", "access_key_id": ""},
    "admin.keys.bind": {"pool": "spare"},
    "admin.points.find": {"words": "ann"},
    "admin.points.grant": {"points": 10, "reason": "thanks"},
    "admin.points.take": {"points": 10, "reason": "oops"},
    "admin.points.limits": {"allowance": "10", "daily_pictures": "", "at_once": ""},
    "admin.points.team": {"welcome": 10, "allowance": 10, "daily_pictures": "", "at_once": "5"},
    "admin.budgets.change": {"points": 98},
    "admin.budgets.set": {"scope": "team", "subject": "", "period": "day", "points": 99},
    "admin.records.filter": {"words": "cat"},
    "admin.inspirations.add": {"title": "new", "line": "a new cat"},
    "admin.inspirations.edit": {"title": "cat", "line": "an edited cat"},
    "admin.inspirations.from": {"title": "made", "line": "a made cat"},
    "admin.inspirations.import": {"lines": "one | a cat"},
    "admin.examples.add": {"scene": "story", "language": "en", "line": "a new line"},
    "admin.examples.edit": {"scene": "story", "language": "en", "line": "an edited line"},
    "admin.examples.import": {"scene": "story", "language": "en", "lines": "a line of many"},
    "admin.examples.several": {"which": ("1",), "act": "disable"},
    "admin.inspirations.several": {"which": ("1",), "act": "disable"},
    "admin.access.invite": {"uses": 2, "days": 2},
    "admin.access.where": {"channels": "slack:C1", "workspaces": ""},
    "admin.access.words": {"words": "dragon"},
    "admin.access.role": {"role": "reviewer"},
    "admin.team.edit": {"in_charge": "@boss", "expected": "40", "final_review": "yes"},
    "admin.team.form": {"shown": ("ratio", "count")},
    "admin.pause.on": {"text": "soon back"},
    "admin.pause.auto": {"n": 3},
}
LOOKS_ONLY = {
    "admin.prices.edit",
    "admin.points.find",
    "admin.records.filter",
    "admin.examples.import",
    "admin.inspirations.import",
}
"""Forms that only look or prepare; every other one leaves a trace."""
ACTS = {
    "admin.keys.test", "admin.keys.enable", "admin.keys.disable", "admin.keys.reset", "admin.keys.remove.sure", "admin.budgets.remove",
    "admin.records.reveal", "admin.records.delete.sure", "admin.records.batch.sure", "admin.records.csv", "admin.records.json",
    "admin.inspirations.enable", "admin.inspirations.disable", "admin.inspirations.delete.sure", "admin.inspirations.import.save",
    "admin.examples.enable", "admin.examples.disable", "admin.examples.delete", "admin.examples.import.save", "admin.templates.share",
    "admin.examples.several.sure", "admin.inspirations.several.sure",
    "admin.templates.enable", "admin.templates.disable", "admin.templates.delete.sure", "admin.access.strangers", "admin.access.label",
    "admin.access.here", "admin.access.approve", "admin.access.deny", "admin.pause.off", "admin.prices.save", "admin.link",
}  # fmt: skip


def draft_of(answer: object, verb: str) -> str:
    return next(one.subject for one in buttons_of(answer) if one.verb == verb)  # type: ignore[arg-type]


async def furnished(stage: Stage) -> dict[str, str]:
    """A team with one of everything; the subject of each verb that needs one."""
    await stage.admin()
    ann = await stage.member()
    stranger = await stage.member("telegram:9")
    done, spare = await stage.painted("a cat --n 2 --for spring"), await stage.painted("a dog")
    await stage.painted("fog", failing=1)
    await stage.painted("a ship --for old")
    key = await add_key(stage)
    async with stage.records.write() as tx:
        for name in ("cat", "dog"):
            await gallery.add(tx, name, f"a {name}")
            await examples.add(tx, "story", "en", f"a line of a {name}")
        await templates.add(tx, "cups", "a {what}", owner=ann.id)
    await filled(stage, "admin.budgets.set", {"scope": "label", "subject": "spring", "period": "day", "points": 500})
    prices = await filled(stage, "admin.prices.edit", PRICES | {"hd": 200})
    rows = await filled(stage, "admin.examples.import", {"scene": "story", "language": "en", "lines": "one more"})
    entries = await filled(stage, "admin.inspirations.import", {"lines": "one | a cat"})
    old = await stage.ask("admin.records", "label:old", who=ADMIN)
    batch = await stage.press(old, "admin.records.batch", who=ADMIN)
    found = {verb: done.id for verb in ADMINS if verb.startswith("admin.records.")} | {
        "admin.inspirations.from": done.id
    }
    for group, subject in (
        ("keys", key),
        ("points", ann.id),
        ("inspirations", 1),
        ("examples", 1),
        ("templates", 1),
        ("budgets", 1),
    ):
        found |= {verb: str(subject) for verb in ADMINS if verb.startswith(f"admin.{group}.") and verb not in found}
    chosen: dict[str, FieldValue] = {"which": ("2",), "act": "delete"}
    some = {
        verb: await filled(stage, verb, chosen) for verb in ("admin.examples.several", "admin.inspirations.several")
    }
    return found | dict.fromkeys(some, "") | {f"{verb}.sure": draft_of(asked, f"{verb}.sure") for verb, asked in some.items()} | {
        "admin.records.filter": "",
        "admin.records.csv": "",
        "admin.records.json": "",
        "admin.records.batch": draft_of(old, "admin.records.batch"),
        "admin.records.batch.sure": draft_of(batch, "admin.records.batch.sure"),
        "admin.records.delete.sure": spare.id,
        "admin.prices.save": draft_of(prices, "admin.prices.save"),
        "admin.examples.import.save": draft_of(rows, "admin.examples.import.save"),
        "admin.inspirations.import.save": draft_of(entries, "admin.inspirations.import.save"),
        "admin.access.role": str(ann.id),
        "admin.access.approve": str(stranger.id),
        "admin.access.deny": str(stranger.id),
        "admin.access.strangers": "yes",
        "admin.access.label": "yes",
        "admin.access.here": "+slack:C7",
    }  # fmt: skip


def order_of(verb: str) -> tuple[bool, bool, str]:
    """What takes something away comes last: first looks, then switches, then removals."""
    takes = any(word in verb for word in ("delete", "remove", "batch.sure", "off"))
    return verb in LAST, takes, verb


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_verb_is_answered_and_every_act_leaves_a_trace(stage: Stage, language: str) -> None:
    subjects = await furnished(stage)
    for verb in sorted(ADMINS, key=order_of):
        before = len(await acts(stage))
        answer = await stage.ask(verb, subject=subjects.get(verb, ""), who=ADMIN, language=language)
        if isinstance(answer, Form):
            for platform in ("slack", "telegram"):
                drawn(answer, language, platform)
            values = FORMS[verb]
            answer = await stage.ask(verb, subject=answer.subject, values=values, who=ADMIN, language=language)  # type: ignore[arg-type]
            assert not isinstance(answer, Form), (verb, answer)
        assert answer is not None and words(answer, language)
        told = [getattr(part, "key", "") for part in answer.parts]
        assert "error.unexpected" not in told, verb
        assert "admin" in [one.verb.partition(".")[0] for one in buttons_of(answer)], (verb, words(answer))
        assert answer.private and answer.instead, verb
        for platform in ("slack", "telegram"):
            drawn(answer, language, platform)
        acted = len(await acts(stage)) > before
        assert acted or (verb not in ACTS and (verb not in FORMS or verb in LOOKS_ONLY)), verb
