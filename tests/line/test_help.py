"""Help says the same in both languages, with the names of the platform it is read on."""

import pytest

from core.commands.help import TOPICS, asks_help, help_reply
from core.commands.line import FLAGS, parse
from core.commands.names import COMMANDS, spoken
from core.replies import Facts, Quote, Reply
from core.requests import Line
from core.texts import LANGUAGES, catalogue, say, say_value


def spoken_reply(reply: Reply, language: str) -> str:
    out: list[str] = []
    for part in reply.parts:
        match part:
            case Line():
                out.append(say(part, language))
            case Quote():
                out.append(part.text)
            case Facts():
                out += [f"{say(label, language)} {say_value(value, language)}" for label, value in part.rows]
            case _:
                raise AssertionError(part)
    return "\n".join(out + [say(button.label, language) for button in reply.buttons])


@pytest.mark.parametrize("platform", ["slack", "telegram", "page"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_can_be_said(platform: str, language: str) -> None:
    """All four topics, with buttons to the other three, and the names of this platform."""
    for topic in TOPICS:
        reply = help_reply(topic, platform, f"{platform}:T1/U1", language)
        assert spoken_reply(reply, language)
        assert sorted(button.subject for button in reply.buttons) == sorted(set(TOPICS) - {topic})  # type: ignore[union-attr]
    start = spoken_reply(help_reply("", platform, f"{platform}:T1/U1", language), language)
    assert f"{platform}:T1/U1" in start
    for verb in COMMANDS:
        assert verb == "admin" or spoken(verb, platform) in start


def test_the_start_never_speaks_of_another_platform() -> None:
    """Slack's names are not shown on Telegram."""
    assert "/paint-works" not in spoken_reply(help_reply("", "telegram", "telegram:1"), "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_flags_topic_explains_every_flag(language: str) -> None:
    """No flag the parser takes is missing from the page of flags."""
    text = spoken_reply(help_reply("params", "slack", "slack:U1", language), language)
    for info in FLAGS:
        assert info.flag in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_in_help_are_lines_the_parser_takes(language: str) -> None:
    """The sample prompt and each flag's sample read as they are meant."""
    assert parse(say(Line("help.sample"), language)).draft
    for key in catalogue(language):
        if key.startswith("line.sample_"):
            order = parse(f"cat {say(Line(key), language)}")
            assert order.prompt == "cat" and order.notes == ()


def test_help_is_asked_with_exact_words_only() -> None:
    """A prompt that begins with help is a prompt."""
    assert asks_help("help") == "" and asks_help(" 帮助 参数 ") == "params" and asks_help("help prompt") == "prompt"
    assert asks_help("help me draw a cat") is None and asks_help("猫") is None


def test_both_languages_hold_the_same_sentences() -> None:
    """A key of `line` or `help` in one language stands in the other."""
    mine = [{key for key in catalogue(language) if key.startswith(("line.", "help."))} for language in LANGUAGES]
    assert mine[0] == mine[1]
