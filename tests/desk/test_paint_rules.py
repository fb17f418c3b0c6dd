"""What `/paint` promises, sentence by sentence: defaults, notes for each changed value, what is told and never charged."""

import pytest

from core.cards import announce
from tests.desk.stage import Stage, words


def receipt(view: object, language: str = "en") -> str:
    return words(announce(view).receipt, language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a cat --n 2 --n 3", "Count was given more than once"),
        ("a cat --size 2048x1152 --ar 1:1", "2048x1152 is exact"),
        ("a cat --seed 5 --hd", "close, not exact"),
        ("a cat --iw 0.5", "the weight was not used"),
        ("a cat --wm off", "keeps the AI label"),
        ("a cat --no text", "written into the prompt"),
        ("a cat 9:99", "too extreme"),
    ],
)
async def test_the_receipt_notes_each_value_that_was_changed(stage: Stage, line: str, told: str) -> None:
    assert told in receipt(await stage.order(line))
