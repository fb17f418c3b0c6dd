"""A hint for prompts that leave everything open: on a newcomer's receipt, never in the way, never for long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cards import announce
from core.commands.hints import FILLERS, FIRST, STYLES, hint
from core.generations import GenerationView
from core.replies import Reply
from core.requests import Offered
from tests.desk.stage import Stage, png, words


@pytest.mark.parametrize(
    ("prompt", "key"),
    [
        ("猫", "short"), ("一只橘猫", "short"), ("a cat", "short"), ("A red cat!", "short"), ("🐱", "short"), ("海报", "short"), ("风", "short"),
        ("水彩风格，高清，8K", "style"), ("油画", "style"), ("赛博朋克风的二次元插画", "style"), ("Ｃｉｎｅｍａｔｉｃ, ultra detailed, 8k", "style"),
        ("in the style of an oil painting", "style"), ("很唯美的小清新", "style"),
        ("一只橘猫趴在窗台上", ""), ("水彩风格的橘猫", ""), ("水彩风格的橘猫在窗台", ""), ("an orange cat on a mat", ""), ("8k TV in a shop", ""),
        ("flatiron building at night", ""), ("inkwell and quill on a desk", ""), ('招牌写着"早安咖啡"', ""),
    ],
)  # fmt: skip
def test_a_prompt_that_leaves_everything_open_is_told_apart(prompt: str, key: str) -> None:
    found = hint(prompt)
    assert (found.key if found else "") == (f"card.hint_{key}" if key else "")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*STYLES.split(), *FILLERS.split(), "，", " ", "!"]), max_size=8),
    st.sampled_from(STYLES.split()),
    st.sampled_from(["", "灯塔站在悬崖边上", "lighthouse on a steep cliff"]),
)
def test_styles_in_any_order_are_only_a_style_until_something_is_painted_in_them(
    around: list[str], style: str, subject: str
) -> None:
    found = hint(" ".join([*around, style, subject]))
    assert (found.key if found else None) == (None if subject else "card.hint_style")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_hint_or_none(text: str) -> None:
    found = hint(text)
    assert found is None or found.key in ("card.hint_short", "card.hint_style")
    assert hint(f"{text} 一座灯塔站在悬崖边上，晨光") is None


def receipt(view: GenerationView) -> str:
    return words(announce(view, final=100).receipt, "en")


async def test_the_hint_stands_on_the_receipt_of_the_first_few_paintings_and_nothing_is_charged_differently(
    stage: Stage,
) -> None:
    for number in range(FIRST + 2):
        view = await stage.order("a cat")
        assert ("A short prompt" in receipt(view)) == (number < FIRST)
        assert view.held == 100
        done = await stage.paint(view.id)
        assert "A short prompt" not in words(announce(done, final=100).result), "the picture tells more"


async def test_no_hint_where_there_is_more_to_go_by_or_something_else_to_say(stage: Stage) -> None:
    stage.messengers["page"].files["cup"] = png()
    assert "prompt:" not in receipt(await stage.order("blue", references=(Offered("cup"),)))
    view = await stage.painted("a cat")
    await stage.ask("again", subject=view.id)
    assert "A short prompt" not in receipt(await stage.newest())
    assert "A short prompt" not in receipt(await stage.order("red", reply_to=view.id))
    bob = await stage.order("a cat --n 2 --n 3", who="page:bob")
    assert "more than once" in receipt(bob) and "A short prompt" not in receipt(bob)


async def test_the_hint_is_read_before_a_price_is_agreed_and_stays_with_it(stage: Stage) -> None:
    await stage.rule(confirm_above=100)
    asked = await stage.ask("paint", "watercolor --n 2")
    assert isinstance(asked, Reply) and "Only a style so far" in words(asked)
    await stage.press(asked, "paint.go")
    assert "Only a style so far" in receipt(await stage.newest())
