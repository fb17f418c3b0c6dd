"""The contract of every platform: each element of `core.replies` is drawn in both languages, nothing of it dropped in silence, within the platform's limits."""

import re
from dataclasses import MISSING, fields
from typing import Any

import pytest
from nicegui import ui

from adapters.page.talk import reply_body
from adapters.slack import blocks
from adapters.slack import render as slack
from adapters.slack.payload import Meta
from adapters.slack.views import form_view, preview_blocks, reply_view
from adapters.telegram.render import Drawn, draw
from core.replies import Button, Form, LinkButton, Reply, TextField
from core.requests import Line
from core.texts import LANGUAGES, say
from tests.adapters.page_screen import seen, walk
from tests.adapters.specimens import (
    ELEMENTS,
    FORM,
    LONGEST,
    PREVIEW,
    REPLIES,
    instances,
    line,
    missing,
    readable,
)
from tests.page.conftest import Studio, opened, sees
from tests.slack.limits import check_message, check_view
from tests.telegram import strict
from tests.telegram.scene import ANA, Scene, payload
from tests.waiting import eventually

BOTH = pytest.mark.parametrize("language", LANGUAGES)
EVERY = pytest.mark.parametrize("name", REPLIES)
SPECIMENS = tuple(instances((*REPLIES.values(), LONGEST, FORM, PREVIEW)))


@pytest.mark.parametrize("kind", ELEMENTS, ids=lambda kind: kind.__name__)
def test_every_element_and_every_value_it_can_hold_has_a_specimen(kind: Any) -> None:
    made = [one for one in SPECIMENS if type(one) is kind]
    assert made, f"{kind.__name__} is drawn by nobody: give it a specimen"
    for field in fields(kind):
        plain = field.default if field.default is not MISSING else None
        if kind is not Form or field.name != "language":
            assert any(getattr(one, field.name) != plain for one in made), f"{kind.__name__}.{field.name}"


# -- Slack ---------------------------------------------------------------------------------------------------------


def slack_uploads(reply: Reply) -> dict[tuple[str, str], str]:
    """An upload for every picture the drawing asks for."""
    return {(one.image, one.size): f"F{at:09d}" for at, one in enumerate(slack.pictures_of(reply))}


def slack_words(value: Any) -> str:
    """Every string people read in blocks; texts that follow one another are one text."""
    if isinstance(value, list):
        return "".join(slack_words(one) for one in value)
    if not isinstance(value, dict):
        return ""
    own = [
        str(value[name]) for name in ("text", "alt_text", "initial_value", "url") if isinstance(value.get(name), str)
    ]
    if "slack_file" in value:
        own.append(f" file:{value['slack_file']['id']} ")
    return "".join(own) + "".join(slack_words(one) for one in value.values())


def slack_shown(reply: Reply, language: str, most: int = blocks.MOST_BLOCKS, *, uploaded: bool = True) -> str:
    """What a Reply looks like on Slack, its files among it."""
    uploads = slack_uploads(reply) if uploaded else {}
    drawn = slack.draw(reply, language, uploads, most)
    if most == blocks.MOST_BLOCKS and drawn.blocks:
        check_message({"text": drawn.text, "blocks": drawn.blocks}, 4000)
    else:
        check_view(reply_view(drawn.blocks, language, Meta()))
    words = slack_words(drawn.blocks)
    for (image, _), file in uploads.items():
        words = words.replace(f"file:{file} ", f"picture:{image} ")
    return words + "".join(f"picture:{one.image} " for one in slack.originals_of(reply))


@BOTH
@EVERY
@pytest.mark.parametrize("most", [blocks.MOST_BLOCKS, blocks.MOST_IN_VIEW])
def test_slack_shows_everything_or_says_how_much_more_there_is(name: str, language: str, most: int) -> None:
    reply = REPLIES[name]
    shown = slack_shown(reply, language, most)
    kept = _until_more(reply, shown, language)
    assert not missing(readable(kept, language), shown)


def _until_more(reply: Reply, shown: str, language: str) -> Reply:
    """The reply without the parts of which the drawing says that they are not there: exactly so many."""
    for left_out in range(1, len(reply.parts)):
        if say(Line("slack.more", {"n": left_out}), language) in shown:
            return Reply(reply.parts[:-left_out], reply.buttons, copy=reply.copy)
    return reply


@BOTH
def test_slack_splits_or_shortens_the_longest_reply_in_words(language: str) -> None:
    shown = slack_shown(LONGEST, language)
    assert not missing(readable(_until_more(LONGEST, shown, language), language), shown)


@BOTH
@EVERY
def test_slack_says_a_picture_it_has_no_upload_of(name: str, language: str) -> None:
    reply = REPLIES[name]
    shown = slack_shown(reply, language, uploaded=False)
    kept = _until_more(reply, shown, language)
    alts = [text for one in instances(kept) for text in ([say(one.alt, language)] if hasattr(one, "alt") else [])]
    assert not missing(iter(alts), shown) or slack.originals_of(reply)


@BOTH
def test_slack_asks_a_whole_form(language: str) -> None:
    view = form_view(FORM, language, Meta("paint", preview="price"), shown=PREVIEW)
    check_view(view)
    shown = slack_words(view) + slack_words(preview_blocks(PREVIEW, language))
    wanted = [text for text in readable((FORM, PREVIEW), language) if not text.startswith("picture:")]
    assert not missing(iter([*wanted, "alt of intro"]), shown)
    blocks = {one["block_id"]: one for one in view["blocks"] if one["type"] == "input"}
    assert {name for name, one in blocks.items() if one["optional"]} == {"plain", "count", "some", "table"}
    assert blocks["few"]["element"]["initial_option"]["value"] == "=1"
    assert [one["value"] for one in blocks["some"]["element"]["initial_options"]] == ["=s1", "=s2"]
    assert blocks["pictures"]["element"]["filetypes"] and "filetypes" not in blocks["table"]["element"]
    below = view["blocks"][view["blocks"].index(blocks["price"]) + 1]
    assert "price problem" in slack_words(below) and "secret that was" not in str(view)


# -- Telegram ------------------------------------------------------------------------------------------------------


def telegram_shown(drawn: Drawn) -> str:
    """What a Drawn looks like in Telegram, accepted by a strict server."""
    for page in drawn.pages:
        strict.text({"text": page.text, "entities": [dict(entity) for entity in page.entities]})
    keys = [dict(key) for row in drawn.rows for key in row]
    strict.keyboard({"inline_keyboard": [[key] for key in keys]})
    assert len(keys) <= 100, "Telegram takes a hundred buttons"
    pictures = [one.image for one in (*drawn.pictures, *drawn.originals, *drawn.thumbs)]
    copies = [key["copy_text"]["text"] for key in keys if "copy_text" in key]
    shown = [page.text for page in drawn.pages] + [key["text"] for key in keys] + copies
    return "\n".join([*shown, *(file.name for file in drawn.files), *(f"picture:{one} " for one in pictures)])


@BOTH
@pytest.mark.parametrize("name", [name for name in REPLIES if name != "list"])
def test_telegram_shows_everything(name: str, language: str) -> None:
    drawn = draw(REPLIES[name], language)
    assert drawn.pages or drawn.pictures
    assert not missing(readable(REPLIES[name], language), telegram_shown(drawn))


@BOTH
def test_telegram_splits_the_longest_replies_over_messages_and_says_which_buttons_do_not_fit(language: str) -> None:
    for reply in (LONGEST, REPLIES["list"]):
        drawn = draw(reply, language)
        assert len(drawn.pages) > 1
        shown = telegram_shown(drawn)
        keys = sum(len(row) for row in drawn.rows)
        labels = [say(one.label, language) for one in instances(reply) if isinstance(one, Button | LinkButton)]
        away = max(0, len(labels) - keys)
        assert not away or say(Line("telegram.buttons_more", {"n": away}), language) in shown
        kept = {say(one.label, language) for one in reply.buttons} | set(labels[: keys - len(reply.buttons)])
        assert not missing((one for one in readable(reply, language) if one not in labels or one in kept), shown)


@BOTH
async def test_telegram_asks_a_whole_form(scene: Scene, language: str) -> None:
    person = {"from": payload("private_command")["message"]["from"] | {"language_code": language}}
    scene.desk.says |= {"admin": FORM, "price": PREVIEW, "paint": Reply((line("submitted"),))}
    app = await scene.open()
    scene.hear("private_command", text="/paint_admin", **person)
    answers = ("a cat", "/skip", "the secret", "1000", "/skip", "few 0", "option 7 of many", "some 1", "photo", "file")
    for at, answer in enumerate(answers, 1):
        await scene.said(ANA, f"{at}/{len(FORM.fields)}")
        more = {"message_id": 500 + at, **person}
        if answer == "photo":
            for number in range(3):
                scene.hear("private_photo", photo=[{"file_id": f"p{number}"}], **more | {"message_id": 600 + number})
        elif answer == "file":
            scene.hear("private_document_pdf", caption="", **more)
        else:
            full = next((say(one.label, language) for one in _options() if say(one.label, language)[:5] == answer), "")
            scene.hear("private_words", text=full or answer, **more)
    await scene.said(ANA, "submitted")
    calls = scene.server.called("sendMessage") + scene.server.called("editMessageText")
    keys = [
        key["text"]
        for one in calls
        if "reply_markup" in one
        for row in one["reply_markup"]["inline_keyboard"]
        for key in row
    ]
    shown = "\n".join([*(one["text"] for one in calls), *keys])
    wanted = [text for text in readable((FORM, PREVIEW), language) if not text.startswith("picture:")]
    assert not missing(iter(wanted), shown) and "secret that was" not in shown
    assert scene.server.called("sendPhoto"), "the intro's picture"
    first, fourth = (next(one["text"] for one in calls if f"{at}/{len(FORM.fields)}" in one["text"]) for at in (1, 4))
    assert "problem of all" in first and "price problem" in fourth and "price problem" not in first
    assert scene.desk.last.values["key"] == "the secret" and scene.desk.last.values["few"] == "0"
    await app.stop()


def _options() -> list[Any]:
    return [option for field in FORM.fields for option in getattr(field, "options", ())]


# -- the page ------------------------------------------------------------------------------------------------------


def page_words(element: Any) -> str:
    """What is read there; how much is done is said as a sentence on the page."""
    return re.sub(r"(\d+) of (\d+)", r"\1/\2", seen(element))


@BOTH
async def test_the_page_shows_everything(language: str) -> None:
    async with opened() as studio:
        replies = {**REPLIES, "longest": LONGEST}
        numbers = {
            name: await studio.chat.add("spring", 0, "paintbot", reply_body(reply, "page:xiaolin"))
            for name, reply in replies.items()
        }
        user = await studio.member(path=f"/page/look?language={language}")
        for name, number in numbers.items():
            (message,) = user.find(marker=f"message-{number}").elements
            shown = page_words(message)
            copied = replies[name].copy
            wanted = [text for text in readable(replies[name], language) if text != copied]
            assert not missing(iter(wanted), shown), name
            assert bool(copied) == any("put" in one._markers for one in walk(message)), name


@BOTH
async def test_the_page_asks_a_whole_form(language: str) -> None:
    async with opened() as studio:
        studio.door.script |= {"paint": lambda request: FORM, "price": lambda request: PREVIEW}
        user = await studio.member(path=f"/page/look?language={language}")
        await _typed(studio, user, "/paint")
        await sees(user, "4 pictures, 400 points")
        dialog = next(one for one in user.find(kind=ui.dialog).elements if one.value)
        shown = page_words(dialog)
        assert not missing(readable((FORM, PREVIEW), language), shown)
        keys = [one for one in walk(dialog) if "field-key" in one._markers]
        assert [one.props["type"] for one in keys] == ["password"] and "secret that was" not in shown


async def _typed(studio: Studio, user: Any, text: str) -> None:
    with user:
        next(iter(user.find(kind=ui.textarea, marker="box").elements)).set_value(text)
    user.find(marker="box-send").click()
    await eventually(lambda: bool(studio.door.of("paint")))


def test_a_secret_field_is_among_the_specimens() -> None:
    assert any(isinstance(one, TextField) and one.secret and one.value for one in FORM.fields)
