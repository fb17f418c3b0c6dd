"""One field as a question and its answer as a value; pure, over the plain data a form is kept as."""

import unicodedata
from collections.abc import Mapping
from typing import Any, assert_never

from adapters.telegram.read import Heard
from core.errors import Refusal
from core.replies import ChoiceField, Field, FileField, Form, NumberField, TextField
from core.requests import FieldValue, Line, Offered
from core.texts import say

Asked = Mapping[str, Any]
"""A field as kept: kind, name, label, hint, required, value, and what its kind needs."""
SKIPS = ("skip", "/skip", "跳过", "-")
CANCELS = ("cancel", "取消")


def pack(form: Form, language: str) -> list[dict[str, Any]]:
    """The fields as plain data, every sentence said already."""
    return [_pack(field, language) for field in form.fields]


def _pack(field: Field, language: str) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "name": field.name,
        "label": say(field.label, language),
        "hint": say(field.hint, language) if field.hint else "",
        "required": field.required,
    }
    match field:
        case TextField():
            shown = "" if field.secret else field.value
            return kept | {"kind": "text", "value": shown, "longest": field.longest, "secret": field.secret}
        case NumberField():
            return kept | {"kind": "number", "value": field.value, "low": field.low, "high": field.high}
        case ChoiceField():
            options = [[option.value, say(option.label, language)] for option in field.options]
            value = list(field.value) if isinstance(field.value, tuple) else field.value
            return kept | {"kind": "choice", "value": value, "options": options, "several": field.several}
        case FileField():
            return kept | {"kind": "file", "value": [], "most": field.most, "pictures": field.pictures}
        case _:
            assert_never(field)


def current(field: Asked) -> str:
    """The value a field has already, as people read it; "" for none."""
    value = field["value"]
    if field["kind"] == "choice":
        chosen = value if isinstance(value, list) else [value]
        return " · ".join(label for one, label in field["options"] if one in chosen)
    return "" if value in (None, "", []) else str(value)


def skippable(field: Asked) -> bool:
    """Whether a field may be left as it is."""
    return not field["required"] or bool(current(field))


def understand(field: Asked, heard: Heard) -> Any:
    """The typed or sent answer as a JSON value. Raises `Refusal` with the sentence why not."""
    words = heard.request.text.strip()
    match field["kind"]:
        case "text":
            if heard.problem and words:
                raise Refusal(heard.problem.key, heard.problem.values)
            return _text(field, words)
        case "number":
            return _number(field, words)
        case "choice":
            return _choice(field, words)
        case _:
            return _files(field, heard)


def _text(field: Asked, words: str) -> str:
    if not words or words.lower() in SKIPS:  # nobody wants a picture of "/skip"
        raise Refusal("telegram.form_type")
    if len(words) > field["longest"]:
        raise Refusal("telegram.form_long", {"n": len(words), "most": field["longest"]})
    return words


def _number(field: Asked, words: str) -> int:
    try:
        number = int(unicodedata.normalize("NFKC", words).replace(",", ""))
    except ValueError as error:
        raise Refusal("telegram.form_number", {"low": field["low"], "high": field["high"]}) from error
    if not field["low"] <= number <= field["high"]:
        raise Refusal("telegram.form_number", {"low": field["low"], "high": field["high"]})
    return number


def _choice(field: Asked, words: str) -> Any:
    wanted = words.casefold()
    for value, label in field["options"]:
        if wanted in (value.casefold(), label.casefold()):
            return [value] if field["several"] else value
    raise Refusal("telegram.form_choice")


def _files(field: Asked, heard: Heard) -> list[list[Any]]:
    if field["pictures"] and heard.problem:
        raise Refusal(heard.problem.key, heard.problem.values)
    found = pictures_of(heard)
    if not field["pictures"] and heard.file:
        found = [[heard.file.handle, heard.file.name, heard.file.mime, heard.file.size]]
    if not found:
        raise Refusal("telegram.form_picture" if field["pictures"] else "telegram.form_file")
    return found


def pictures_of(heard: Heard) -> list[list[Any]]:
    """The pictures that came with an answer, as kept."""
    given = [one for one in heard.request.references if isinstance(one, Offered)]
    return [[one.handle, one.name, one.mime, one.size] for one in given]


def value_of(field: Asked, value: Any) -> FieldValue:
    """A kept value as a Request carries it."""
    if field["kind"] == "file":
        return tuple(Offered(*file) for file in value or ())
    if field["kind"] == "choice" and field["several"]:
        return tuple(value or ())
    return value  # type: ignore[no-any-return]


def empty(field: Asked) -> Any:
    """What a field holds when nobody answers it: its value so far."""
    return field["value"]


def keys(
    field: Asked, token: str, at: int, chosen: list[str], *, last: bool, submit: str, language: str
) -> list[dict[str, Any]]:
    """The buttons of a question: options, then done, skip, submit the rest as it is, cancel. Data: `q~TOKEN:AT:ACT`."""

    def key(act: str, label: str) -> dict[str, Any]:
        return {"text": label, "callback_data": f"q~{token}:{at}:{act}"}

    found = []
    for place, (value, label) in enumerate(field.get("options", ())):
        found.append(key(f"c{place}", f"✓ {label}" if value in chosen else label))
    many = field.get("several") or field["kind"] == "file"
    if many and (chosen or not field["required"]):
        found.append(key("d", say(Line("telegram.form_done"), language)))
    elif skippable(field):
        found.append(key("s", say(Line("telegram.form_keep" if current(field) else "telegram.form_skip"), language)))
    if last and at > 0:
        found.append(key("e", f"✅ {submit}"))
    found.append(key("x", say(Line("telegram.form_cancel"), language)))
    return found
