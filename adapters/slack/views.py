"""Modals: a Form as a view and a view's preview, pure; a field's block is named by the field, its element by the kind of value."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from adapters.slack.blocks import MOST_IN_VIEW, Block, cut, plain, section, soft, units_of
from adapters.slack.payload import SECRET, Meta, mapped
from adapters.slack.render import actions, draw, number_actions
from core.replies import Button, ChoiceField, Field, FileField, Form, LinkButton, NumberField, Reply, TextField
from core.requests import FieldValue, Line
from core.texts import say

MODAL_TITLE = 24
LABEL = 2000
HINT = 2000
OPTIONS = 100
OPTION = 75
INPUT = 3000
FILES = 10
PREVIEW = "preview"
NOTE = "note"
PICTURE_TYPES = ["png", "jpg", "jpeg", "gif", "webp", "heic", "heif", "bmp", "tiff"]

View = dict[str, Any]
Problem = tuple[str, Line]


def form_view(
    form: Form, language: str, meta: Meta, kept: Mapping[str, int] | None = None, shown: Reply | None = None
) -> View:
    """The form as a modal. `kept` says how many files of a field we still hold from before; `shown` is the preview's answer."""
    beyond = {one.name: len(one.options) - OPTIONS for one in form.fields if isinstance(one, ChoiceField)}
    fields = [_field(one, form, language) for one in form.fields]
    tail = _noted(fields, form.problems, language, kept or {}, beyond)
    tail += preview_blocks(shown, language) if shown is not None else []
    most = max(1, MOST_IN_VIEW - len(tail) - 2)
    intro = draw(Reply(form.intro), language, most=most).blocks if form.intro else []
    view = modal(say(form.title, language), [*intro, *tail][:MOST_IN_VIEW], language, meta)
    view["submit"] = plain(say(form.submit, language), MODAL_TITLE)
    return view


def same_form(
    view: Mapping[str, Any],
    problems: Sequence[Problem],
    language: str,
    meta: Meta,
    kept: Mapping[str, int],
    buttons: Sequence[Button | LinkButton] = (),
) -> View:
    """The modal that was submitted, as it was filled in, with the problems at its fields and what may be pressed about them (secrets are typed anew)."""
    state = mapped(mapped(view.get("state")).get("values"))
    blocks = [_refilled(one, mapped(state.get(one.get("block_id")))) for one in view.get("blocks", ())]
    blocks = [one for one in blocks if not _is_note(one)]
    noted = _noted([*number_actions(actions(buttons, language)), *blocks], problems, language, kept, {})
    same = {name: view[name] for name in ("type", "callback_id", "title", "close", "submit") if view.get(name)}
    return {**same, "private_metadata": meta.dumps(), "blocks": noted[:MOST_IN_VIEW]}


def file_field(view: Mapping[str, Any]) -> str:
    """The first field of a modal that takes files, "" for none."""
    blocks = [mapped(one) for one in view.get("blocks", ())]
    files = [one for one in blocks if mapped(one.get("element")).get("type") == "file_input"]
    return str(files[0].get("block_id", "")) if files else ""


def is_form(view: Mapping[str, Any] | None) -> bool:
    """Whether there is something to fill in."""
    return view is not None and any(one.get("type") == "input" for one in view.get("blocks", ()))


def reply_view(blocks: Sequence[Block], language: str, meta: Meta) -> View:
    """An answer as a modal with nothing to fill in."""
    return modal(say(Line("slack.title"), language), list(blocks), language, meta)


def words_view(key: str, language: str, meta: Meta | None = None) -> View:
    """A modal with one sentence: loading, working, accepted."""
    return modal(say(Line("slack.title"), language), [section(say(Line(key), language))], language, meta or Meta())


def modal(title: str, blocks: list[Block], language: str, meta: Meta) -> View:
    """The frame of every modal of ours."""
    return {
        "type": "modal",
        "callback_id": "paintbot",
        "title": plain(title, MODAL_TITLE),
        "close": plain(say(Line("slack.close"), language), MODAL_TITLE),
        "private_metadata": meta.dumps(),
        "blocks": blocks or [section("–")],
    }


def preview_blocks(reply: Reply, language: str) -> list[Block]:
    """What the preview verb answered, marked so that it can be replaced."""
    blocks = draw(reply, language, most=10).blocks
    return [{**block, "block_id": f"{PREVIEW}.{number}"} for number, block in enumerate(blocks)]


def with_preview(view: Mapping[str, Any], reply: Reply, language: str) -> View:
    """The view as Slack gave it back, its preview replaced; block ids stay, so what was typed stays too."""
    blocks = [one for one in view.get("blocks", ()) if not str(one.get("block_id", "")).startswith(f"{PREVIEW}.")]
    kept = {
        name: view[name]
        for name in ("type", "callback_id", "title", "close", "submit", "private_metadata")
        if view.get(name)
    }
    return {**kept, "blocks": [*blocks, *preview_blocks(reply, language)][:MOST_IN_VIEW]}


def first_values(form: Form) -> dict[str, FieldValue]:
    """The values a form opens with, for its first preview."""
    return {one.name: () if isinstance(one, FileField) else one.value for one in form.fields}


def _field(one: Field, form: Form, language: str) -> Block:
    action, element = _element(one, language)
    hint = one.hint
    block: Block = {
        "type": "input",
        "block_id": one.name,
        "label": plain(say(one.label, language), LABEL),
        "element": {"action_id": action, **element},
        "optional": not one.required,
    }
    if form.preview and isinstance(one, ChoiceField | NumberField):
        block["dispatch_action"] = True
    if hint is not None:
        block["hint"] = plain(say(hint, language), HINT)
    return block


def _noted(
    blocks: list[Block],
    problems: Sequence[Problem],
    language: str,
    kept: Mapping[str, int],
    beyond: Mapping[str, int],
) -> list[Block]:
    """The blocks, with a note under each field there is something to say about; what is about no field stands on top."""
    fields = {str(one.get("block_id")) for one in blocks if one["type"] == "input"}
    noted = [section(f"⚠️ {say(line, language)}") for name, line in problems if name not in fields]
    for block in blocks:
        noted.append(block)
        if block["type"] != "input":
            continue
        name = str(block["block_id"])
        if kept.get(name):
            block["optional"] = True
            noted.append(soft(say(Line("slack.files_kept", {"n": kept[name]}), language)))
        if beyond.get(name, 0) > 0:
            noted.append(soft(say(Line("slack.more", {"n": beyond[name]}), language)))
        noted += [soft(f"⚠️ {say(line, language)}") for at, line in problems if at == name]
    number = 0
    for block in noted:
        if "block_id" not in block and block["type"] != "input":
            number += 1
            block["block_id"] = f"{NOTE}.{number}"
    return noted


def _is_note(block: Mapping[str, Any]) -> bool:
    return str(block.get("block_id", "")).startswith(f"{NOTE}.")


def _refilled(block: Mapping[str, Any], state: Mapping[str, Any]) -> Block:
    """An input block with what was typed in it as its first value."""
    element = dict(mapped(block.get("element")))
    action = str(element.get("action_id", ""))
    typed = mapped(state.get(action))
    if block.get("type") != "input" or action in (SECRET, "files"):
        return dict(block)
    for old in ("initial_value", "initial_option", "initial_options"):
        element.pop(old, None)
    chosen = [
        str(one.get("value")) for one in (typed.get("selected_option"), *typed.get("selected_options", ())) if one
    ]
    options = [one for one in element.get("options", ()) if one.get("value") in chosen]
    if action == "choices" and options:
        element["initial_options"] = options
    elif action == "choice" and options:
        element["initial_option"] = options[0]
    elif action in ("text", "number") and typed.get("value"):
        element["initial_value"] = typed["value"]
        if "max_length" in element:  # Slack may count otherwise: what was typed comes back whole
            element["max_length"] = min(INPUT, max(int(element["max_length"]), units_of(typed["value"])))
    return {**block, "element": element}


def _element(one: Field, language: str) -> tuple[str, Block]:
    match one:
        case TextField():
            return _text(one)
        case NumberField():
            element: Block = {
                "type": "number_input",
                "is_decimal_allowed": False,
                "min_value": str(one.low),
                "max_value": str(one.high),
                "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
            }
            return "number", element if one.value is None else {**element, "initial_value": str(one.value)}
        case ChoiceField():
            return _choice(one, language)
        case FileField():
            files: Block = {"type": "file_input", "max_files": min(max(one.most, 1), FILES)}
            return "files", {**files, "filetypes": PICTURE_TYPES} if one.pictures else files
        case _:
            assert_never(one)


def _text(one: TextField) -> tuple[str, Block]:
    longest = min(max(one.longest, 1), INPUT)
    element: Block = {"type": "plain_text_input", "multiline": one.lines > 1, "max_length": longest}
    if one.value and not one.secret:
        element["initial_value"] = cut(one.value, longest)
    return (SECRET if one.secret else "text"), element


def _choice(one: ChoiceField, language: str) -> tuple[str, Block]:
    # an option's value may not be empty on Slack: each carries a "=" in front, taken off when it is read
    options = [
        {"text": plain(say(option.label, language), OPTION), "value": f"={option.value}"}
        for option in one.options[:OPTIONS]
    ]
    chosen = (one.value,) if isinstance(one.value, str) else one.value
    initial = [option for option in options if str(option["value"])[1:] in chosen]
    if one.several:
        element: Block = {"type": "multi_static_select", "options": options}
        return "choices", {**element, "initial_options": initial} if initial else element
    element = {"type": "static_select", "options": options}
    return "choice", {**element, "initial_option": initial[0]} if initial else element


def home_view(blocks: Sequence[Block], language: str, meta: Meta) -> View:
    """App Home's page."""
    shown = list(blocks)[:MOST_IN_VIEW] or [section(say(Line("slack.home_empty"), language))]
    return {"type": "home", "callback_id": "paintbot", "private_metadata": meta.dumps(), "blocks": shown}
