"""What the chat's history holds comes back as what was said."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.page.keep import decode, encode
from core.replies import Button, Document, Facts, Item, LinkButton, Meter, Picture, Pictures, Quote, Reply
from core.requests import Account, Line, Offered, Painted, Place, Request

words = st.text(max_size=12)
values = st.one_of(
    words,
    st.integers(-9, 9),
    st.decimals(allow_nan=False, places=2, min_value=-9, max_value=9),
    st.datetimes(timezones=st.just(UTC)),
    st.builds(Line, st.just("page.unread"), st.fixed_dictionaries({"n": st.integers(0, 9)})),
    st.tuples(words, st.integers(0, 9)),
)
lines = st.builds(Line, words, st.dictionaries(words.filter(lambda name: name != "$"), values, max_size=3), words)
pictures = st.builds(Picture, words, lines, st.integers(0, 4), st.integers(0, 9), st.integers(0, 9))
buttons = st.one_of(
    st.builds(Button, lines, st.just("again"), st.just("K7Q2.3"), st.sampled_from(["plain", "primary"])),
    st.builds(LinkButton, lines, words),
)
parts = st.one_of(
    lines,
    st.builds(Quote, words),
    st.builds(Facts, st.lists(st.tuples(lines, values), max_size=2).map(tuple)),
    st.builds(Pictures, st.lists(pictures, max_size=4).map(tuple), st.booleans()),
    st.builds(Document, words, words, st.binary(max_size=8)),
    st.builds(Meter, st.integers(0, 4), st.just(4)),
    st.builds(Item, st.tuples(lines), st.none() | pictures, st.tuples(buttons)),
)
replies = st.builds(
    Reply,
    st.lists(parts, max_size=4).map(tuple),
    st.lists(buttons, max_size=3).map(tuple),
    st.booleans(),
    st.booleans(),
    words,
)


@settings(max_examples=60, deadline=None)
@given(replies)
def test_every_reply_comes_back_as_it_was(reply: Reply) -> None:
    assert decode(encode(reply)) == reply


def test_a_request_comes_back_with_its_references_and_values() -> None:
    request = Request(
        Account("page", "", "xiaolin"),
        Place("page", "", "spring", "4", "9"),
        "paint",
        "一只猫",
        references=(Offered("0" * 32, "a.png", "image/png", 12), Painted("K7Q2", 3)),
        values={"n": 2, "when": None, "files": (Offered("1" * 32),)},
        event_key="page:said:9",
    )
    assert decode(encode(request)) == request


def test_numbers_and_times_keep_their_kind() -> None:
    held = (Decimal("1.20"), datetime(2026, 11, 30, tzinfo=UTC), b"\x00")
    assert decode(encode(held)) == held


def test_what_is_not_of_the_house_is_refused() -> None:
    with pytest.raises(TypeError):
        encode(object())
