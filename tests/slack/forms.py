"""A form as the desk gives it, and its submission as Slack sends it."""

from typing import Any

from core.replies import Choice, ChoiceField, FileField, Form, TextField
from core.requests import Line
from tests.slack.stand_in import payload

HELLO = Line("slack.more", {"n": 1})
LATER = Line("slack.more", {"n": 2})
SUBMIT = Line("slack.form_open")


def form(*problems: tuple[str, Line]) -> Form:
    fields = (
        TextField("prompt", HELLO),
        ChoiceField("tier", HELLO, (Choice("sd", HELLO), Choice("hd", LATER)), "sd"),
        FileField("references", HELLO, 3),
    )
    return Form("paint", HELLO, fields, submit=SUBMIT, preview="paint.price", problems=problems)


def submission(view: dict[str, Any], view_id: str, **changes: Any) -> dict[str, Any]:
    body = payload("submission", **changes)
    body["view"] |= {"id": view_id, "private_metadata": view["private_metadata"]}
    return body
