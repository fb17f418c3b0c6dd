"""The admin's desk as tests use it: every verb with something real to act on."""

import json
from collections.abc import Sequence
from typing import Any

from core import audit
from core.replies import Answer, Form, Reply
from core.requests import FieldValue
from tests.desk.stage import ADMIN, Stage, buttons_of

SECRET = "pLaNtEd-SeCrEt-0123456789"
KEY: dict[str, FieldValue] = {
    "alias": "main",
    "access_key_id": "AKLTexample4F2A",
    "secret_access_key": SECRET,
    "api_url": "https://visual.volcengineapi.com",
    "region": "cn-north-1",
    "pool": "default",
    "at_once": 2,
    "per_second": "1.5",
}
PRICES: dict[str, FieldValue] = {"sd": 100, "hd": 100, "final": "", "confirm_above": 400}


async def acts(stage: Stage) -> Sequence[audit.Act]:
    """Every act in the audit, newest first."""
    async with stage.records.read() as tx:
        return await audit.latest(tx, most=500)


async def last(stage: Stage) -> tuple[str, str, Any, Any]:
    """(act, subject, before, after) of the newest act."""
    one = (await acts(stage))[0]
    return one.act, one.subject, one.before, one.after


async def fill(
    stage: Stage, verb: str, values: dict[str, FieldValue], *, subject: str = "", language: str = "zh"
) -> Answer | None:
    """Open a form as the admin and submit it with these values; its own subject travels with it, as every platform does it."""
    form = await stage.form(verb, subject=subject, who=ADMIN, language=language)
    known = {one.name for one in form.fields}
    assert set(values) <= known, set(values) - known
    return await stage.ask(form.verb, subject=form.subject, values=values, who=ADMIN, language=language)


async def filled(stage: Stage, verb: str, values: dict[str, FieldValue], *, subject: str = "") -> Reply:
    """As `fill`, where it is accepted."""
    answer = await fill(stage, verb, values, subject=subject)
    assert isinstance(answer, Reply), answer
    return answer


async def refused(stage: Stage, verb: str, values: dict[str, FieldValue], *, subject: str = "") -> tuple[str, str]:
    """(field, text key) of the one problem the form comes back with; what was typed still stands in it."""
    answer = await fill(stage, verb, values, subject=subject)
    assert isinstance(answer, Form), answer
    assert answer.fields and len(answer.problems) == 1
    field, line = answer.problems[0]
    return field, line.key


async def add_key(stage: Stage, **other: FieldValue) -> int:
    """A key added by form; its id."""
    answer = await filled(stage, "admin.keys.add", KEY | other)
    return int(next(one.subject for one in buttons_of(answer) if one.verb == "admin.keys.test"))


def dumped(value: object) -> str:
    """Anything as text, to be searched."""
    return json.dumps(value, default=str, ensure_ascii=False)
