"""What is typed, and what the box offers while it is typed."""

from datetime import UTC, datetime

import pytest

from adapters.page.completion import completed, offers
from adapters.page.people import BOT
from adapters.page.read import Typed, copied, nearest, secret, typed
from adapters.page.timeline import beside_receipts
from core.replies import Said
from tests.page.scene import COMMANDS, FLAGS


@pytest.mark.parametrize(
    ("line", "verb", "text"),
    [
        ("/paint 一只猫 --n 2", "paint", "一只猫 --n 2"),
        ("/paint 第一行\n第二行", "paint", "第一行\n第二行"),
        ("／PAINT　猫", "paint", "猫"),
        ("/paint", "paint", ""),
        ("/paint help params", "help", "params"),
        ("/paint help me draw a cat", "paint", "help me draw a cat"),
        ("/paint-works 猫 status:failed", "works", "猫 status:failed"),
        ("/language en", "language", "en"),
        ("/paint_admin", "admin", ""),
        ("这张好看", "", "这张好看"),
        ("a / b", "", "a / b"),
    ],
)
def test_a_typed_line_is_a_command_and_its_words(line: str, verb: str, text: str) -> None:
    assert typed(line) == Typed(verb, text)


@pytest.mark.parametrize(
    "line", ["/points", "/works 猫", "/link a1B2", "/paint 猫 --private", "/paint 猫 —private", "/paint 猫 私密"]
)
def test_what_is_nobody_elses_business_is_seen_by_its_author_only(line: str) -> None:
    assert secret(typed(line))


@pytest.mark.parametrize("line", ["/paint 私密花园", "/random", "大家好"])
def test_the_channel_reads_the_rest(line: str) -> None:
    assert not secret(typed(line))


def test_a_dash_offers_the_flags_and_letters_narrow_them() -> None:
    assert [offer.word for offer in offers("/paint 猫 --", COMMANDS, FLAGS)] == [flag for flag, _ in FLAGS]
    assert [offer.word for offer in offers("/paint 猫 —a", COMMANDS, FLAGS)] == ["--ar"]
    assert not offers("/paint 猫 --ar", COMMANDS, FLAGS)
    assert not offers("大家好 --", COMMANDS, FLAGS)
    assert offers("再亮一点 --", COMMANDS, FLAGS, painting=True)


def test_a_slash_offers_the_commands() -> None:
    found = offers("/p", COMMANDS, FLAGS)
    assert [offer.word for offer in found] == ["/paint", "/points", "/paint-admin"]
    assert completed("/p", found[0]) == "/paint "
    assert completed("/paint 猫 --", offers("/paint 猫 --", COMMANDS, FLAGS)[0]) == "/paint 猫 --ar "


def test_an_example_becomes_a_command_in_the_box() -> None:
    assert copied("一只猫") == "/paint 一只猫"
    assert copied("/random") == "/random"


def test_a_misspelt_command_is_understood() -> None:
    assert (nearest("pain"), nearest("galery"), nearest("xyz")) == ("paint", "gallery", "")


def test_a_reason_stands_under_its_receipt_whatever_was_said_meanwhile() -> None:
    slots = ("DQ1A/receipt", "", "M3XD/receipt", "DQ1A/why", "")
    said = [
        Said(at, "spring", 0, BOT, {"slot": slot}, datetime(2026, 11, 30, tzinfo=UTC))
        for at, slot in enumerate(slots, start=1)
    ]
    assert [one.id for one in beside_receipts(said)] == [1, 4, 2, 3, 5]
