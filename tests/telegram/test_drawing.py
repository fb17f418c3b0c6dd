"""Every element of `core.replies` in Telegram, within Telegram's lengths, whatever people write."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.render import Drawn, cut, draw, units
from core.replies import Button, Document, Facts, Item, LinkButton, Meter, Part, Quote, Reply
from core.requests import Line
from tests.telegram import strict
from tests.telegram.scene import button, pictures

PICTURE = pictures("a").pictures[0]


def say(text: str, tone: str = "") -> Line:
    return Line("telegram.plain", {"text": text}, tone)


def checked(reply: Reply) -> Drawn:
    """Drawn, and accepted by a strict server."""
    drawn = draw(reply, "en")
    for page in drawn.pages:
        strict.text({"text": page.text, "entities": [dict(entity) for entity in page.entities]})
    strict.keyboard({"inline_keyboard": [[dict(key) for key in row] for row in drawn.rows]})
    assert Drawn.from_json(json.loads(json.dumps(drawn.to_json()))) == drawn
    return drawn


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (say("words"), "words"),
        (say("head", "title"), "head"),
        (say("careful", "alert"), "⚠️ careful"),
        (say("100 points", "money"), "100 points"),
        (Quote("a < b & c"), "a < b & c"),
        (Facts(((say("Size"), "1664×936"), (say("Seed"), 12345))), "Size  1664×936\nSeed  12,345"),
        (Meter(2, 4), "▰▰▱▱ 2/4"),
        (Meter(0, 0), "▱ 0/0"),
        (Item((say("one"), Quote("two")), PICTURE, (button("show", "show", "K7Q2"),)), "one\ntwo"),
    ],
)
def test_each_element_in_words(part: Part, shown: str) -> None:
    assert checked(Reply((part,))).pages[0].text == shown


def test_pictures_and_documents_are_no_words() -> None:
    drawn = checked(Reply((pictures("a", "b"), Document("x.csv", "text/csv", b"1"))))
    assert (len(drawn.pictures), drawn.files[0].name, drawn.pages) == (2, "x.csv", ())


def test_buttons_under_nothing_still_stand_somewhere() -> None:
    assert checked(Reply((pictures("a", "b"),), (button("again", "again", "K7Q2"),))).pages[0].text == "·"
    assert checked(Reply(())).pages


def test_links_telegram_would_refuse_become_words() -> None:
    links = (
        LinkButton(say("Page"), "http://127.0.0.1:8080/x"),
        LinkButton(say("Home"), "http://localhost:8080/"),
        LinkButton(say("Web"), "https://paint.example.com/x"),
    )
    drawn = checked(Reply((say("x"),), links))
    assert drawn.pages[0].text == "x\nPage: http://127.0.0.1:8080/x\nHome: http://localhost:8080/"
    assert [key["text"] for row in drawn.rows for key in row] == ["Web"]


def test_a_text_to_copy_stands_in_the_message_and_on_a_button_when_it_fits() -> None:
    short = checked(Reply((say("try"),), copy="/paint a fox"))
    assert short.rows[0][0]["copy_text"] == {"text": "/paint a fox"} and "/paint a fox" in short.pages[0].text
    assert checked(Reply((say("try"),), copy="x" * 300)).rows == ()


def test_a_prompt_that_stands_in_a_list_is_not_shown_twice() -> None:
    drawn = checked(Reply((Item((Quote("a fox"),)),), copy="/paint a fox"))
    assert drawn.pages[0].text == "a fox" and drawn.rows


def test_buttons_stand_in_rows_a_phone_can_show() -> None:
    numbers = tuple(button(str(one), "choose", f"K7Q2.{one}") for one in range(1, 5))
    drawn = checked(
        Reply(
            (say("x"),),
            (*numbers, button("另存为团队模板", "template.save", "K7Q2"), button("删除", "delete", "K7Q2", "danger")),
        )
    )
    assert [len(row) for row in drawn.rows] == [4, 2]
    assert drawn.rows[1][1]["style"] == "danger"
    card = ("Final HD", "Again", "Edit prompt", "Save as template", "Details", "Adopt", "Delete")
    drawn = checked(Reply((say("x"),), tuple(button(label, "again") for label in card)))
    assert [len(row) for row in drawn.rows] == [2, 2, 3]
    drawn = checked(Reply((say("x"),), tuple(button("7", "works", str(page)) for page in range(20))))
    assert max(len(row) for row in drawn.rows) == 8


def test_long_replies_become_several_messages() -> None:
    drawn = checked(Reply(tuple(say("x" * 900) for _ in range(10)), (button("again", "again"),)))
    assert len(drawn.pages) == 3 and sum(page.text.count("x") for page in drawn.pages) == 9000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=1500), min_size=1, max_size=6))
def test_whatever_people_write_is_accepted(texts: list[str]) -> None:
    checked(Reply((say("title", "title"), *(Quote(text) for text in texts), Facts(((say("a"), texts[0]),)))))


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 40))
def test_cutting_never_splits_a_pair(text: str, most: int) -> None:
    short = cut(text, most)
    assert units(short) <= most and (short == text or short.endswith("…"))


def test_a_button_cannot_be_made_too_long() -> None:
    with pytest.raises(ValueError, match="60 bytes"):
        Button(say("x"), "again", "é" * 40)
