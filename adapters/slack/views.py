"""Modals: a Form as a view and a view's preview, pure; a field's block is named by the field, its element by the kind of value."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from adapters.slack.payload import SECRET, Meta
from adapters.slack.render import MOST_IN_VIEW, Block, cut, draw, plain, section, soft
from core.replies import ChoiceField, Field, FileField, Form, NumberField, Reply, TextField
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
PICTURE_TYPES = ["png", "jpg", "jpeg", "gif", "webp", "heic", "heif", "bmp", "tiff"]

View = dict[str, Any]


def form_view(
    form: Form, language: str, meta: Meta, kept: Mapping[str, int] | None = None, shown: Reply | None = None
) -> View:
    """The form as a modal. `kept` says how many files of a field we still hold from before; `shown` is the preview's answer."""
    whole = [line for name, line in form.problems if not name or name not in {one.name for one in form.fields}]
    tail = [block for one in form.fields for block in _field(one, form, language, kept or {})]
    tail += preview_blocks(shown, language) if shown is not None else []
    head = [section(f"⚠️ {say(line, language)}") for line in whole]
    intro = (
        draw(Reply(form.intro), language, most=max(1, MOST_IN_VIEW - len(tail) - len(head) - 2)).blocks
        if form.intro
        else []
    )
    view = modal(say(form.title, language), [*head, *intro, *tail][:MOST_IN_VIEW], language, meta)
    view["submit"] = plain(say(form.submit, language), MODAL_TITLE)
    return view


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


def _field(one: Field, form: Form, language: str, kept: Mapping[str, int]) -> list[Block]:
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
    blocks = [block]
    if kept.get(one.name):
        block["optional"] = True
        blocks.append(soft(say(Line("slack.files_kept", {"n": kept[one.name]}), language)))
    if isinstance(one, ChoiceField) and len(one.options) > OPTIONS:
        blocks.append(soft(say(Line("slack.more", {"n": len(one.options) - OPTIONS}), language)))
    blocks += [soft(f"⚠️ {say(line, language)}") for name, line in form.problems if name == one.name]
    return blocks


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
