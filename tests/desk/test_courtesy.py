"""Greetings, thanks, praise, bare emoji and bare punctuation are answered; they are neither painted nor charged, on any platform."""

import pytest

from core.desk import courtesy
from core.requests import Offered, Painted
from tests.desk.stage import Stage, png, words

THANKS = [
    "thanks", "Thanks!", "thank you so much 🙏", "ok", "OK, thanks", "thx", "Love it!", "That's great", "nice one", "Wow, perfect",
    "谢谢", "谢谢你！", "好的", "好嘞", "太好了，谢谢", "不错不错", "真好看", "辛苦了", "收到", "哈哈哈", "666", "ok谢谢", "ＯＫ", "+1", "很喜欢～",
]  # fmt: skip
PROMPTS = [
    "make it blue", "换成黄昏", "ok --hd", "好看一点", "a thank you card", "谢谢卡片", "okra", "nicety", "cool colours", "再来一张", "好的猫", "K2", "7",
    "great wall", "hello kitty", "hi-fi",
    "who killed it", "什么", "你是一只猫", "good morning in the mountains", "你好李焕英", "早餐", "大家好的猫", "老师", "牛", "美", "爱", "love", "this one",
    "i", "不要猫", "晚霞", "嗨歌", "在海边", "\"thanks\"", "美女", "酷暑", "行人", "爱心", "绝壁", "可爱的猫", "完美日记", "好莱坞",
    "a beautiful evening", "lovely morning",
]  # fmt: skip


HELLOS = [
    "hi", "Hello!", "hey", "Hi there", "good morning", "你好", "您好！", "你好呀～", "在吗？", "在吗 在吗", "在不在", "有人吗", "嗨", "哈喽", "早", "早上好",
    "大家好", "👋", ":wave:", "ＨＩ", "你好，在吗", "hi, 你好", "Good evening all",
    "how are you?", "what can you do?", "Who are you", "怎么用？", "你是谁", "你能做什么？",
]  # fmt: skip


@pytest.mark.parametrize("text", THANKS)
def test_thanks_are_no_prompt(text: str) -> None:
    assert courtesy(text, below=True) is not None and courtesy(text) is not None


@pytest.mark.parametrize("text", PROMPTS)
def test_a_prompt_is_no_thanks(text: str) -> None:
    assert courtesy(text, below=True) is None and courtesy(text) is None


@pytest.mark.parametrize("text", HELLOS)
def test_a_greeting_alone_is_told_what_to_type_and_how_to_paint_the_word_itself(text: str) -> None:
    """ "你好" in a direct message was painted and charged."""
    said = words(courtesy(text))
    assert "Send /paint" in said and said.endswith(f"/paint “{text}”.") and courtesy(text, below=True) is not None


@pytest.mark.parametrize("text", ["？？", "?", "...", "…", "。。。", "~", "!!!", "-"])
def test_bare_punctuation_is_asked_about_and_not_painted(text: str) -> None:
    """ "？？" said to the bot in a group was painted and charged."""
    assert "not sure" in words(courtesy(text)) and "make it dusk" not in words(courtesy(text))
    assert "make it dusk" in words(courtesy(text, below=True))


@pytest.mark.parametrize("text", ["👍", "👍🏽👍🏽", ":+1:", ":+1::skin-tone-2:", ":pray: :clap:", "🙏 👏"])
def test_a_gesture_is_no_prompt_anywhere(text: str) -> None:
    assert courtesy(text, below=True) is not None and courtesy(text) is not None


@pytest.mark.parametrize(
    "text",
    ["好的" * 390 + "猫", "哈" * 16 + "猫", "哈" * 15 + "猫", "谢谢" * 7 + "猫", "好的" * 7 + "猫", "ok " * 19 + "cat"],
)
def test_long_words_are_read_in_no_time(text: str) -> None:
    assert courtesy(text, below=True) is None


def test_other_emoji_are_a_prompt_but_not_under_a_painting() -> None:
    assert courtesy("🦊") is None and courtesy("🦊", below=True) is not None
    assert courtesy(":fox_face:") is None and courtesy(":fox_face:", below=True) is not None


@pytest.mark.parametrize("text", ["thanks!", "谢谢", "👍", "ok", ":heart:"])
@pytest.mark.parametrize("who", ["telegram:501", "slack:T1/U1", "page:ann"])
async def test_thanks_under_a_painting_are_answered_and_cost_nothing(stage: Stage, text: str, who: str) -> None:
    await stage.rule(open_to_strangers=True)
    view = await stage.painted(who=who)
    before = (await stage.member(who)).points
    said = words(await stage.ask("paint", text, who=who, reply_to=view.id, references=(Painted(view.id, 1),)))
    assert "Glad to help" in said and "not charged" in said
    after = await stage.member(who)
    assert (after.points, after.held) == (before, 0) and (await stage.newest()).id == view.id


async def test_thanks_alone_cost_nothing_and_in_quotes_they_are_painted(stage: Stage) -> None:
    assert "put them in quotes after" in words(await stage.ask("paint", "thanks"))
    assert (await stage.order('"thanks"')).prompt_typed == '"thanks"'
    stage.messengers["page"].files["own"] = png()
    assert await stage.ask("paint", "thanks", references=(Offered("own"),)) is None


@pytest.mark.parametrize("text", ["hi", "你好", "在吗？", "？？"])
@pytest.mark.parametrize("who", ["telegram:501", "slack:T1/U1", "page:ann"])
async def test_a_greeting_and_bare_punctuation_cost_nothing_on_any_platform(stage: Stage, text: str, who: str) -> None:
    await stage.rule(open_to_strangers=True)
    before = (await stage.member(who)).points
    said = words(await stage.ask("paint", text, who=who))
    assert "/paint a cat in the snow" in said
    after = await stage.member(who)
    assert (after.points, after.held) == (before, 0)
    assert (await stage.order(f"“{text}”", who=who)).prompt_typed == f"“{text}”"


async def test_thanks_in_the_form_ask_for_words_again(stage: Stage) -> None:
    answer = await stage.form("paint", values={"prompt": "谢谢"})
    assert [name for name, _ in answer.problems] == ["prompt"] and (await stage.member()).held == 0
