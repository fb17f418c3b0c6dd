"""Payloads read into requests, without a wire."""

import pytest

from adapters.slack.payload import Me, Thread, secrets_lost, without_secrets
from adapters.slack.read import Asked, key_of, understand
from adapters.slack.words import command_of, in_passing, unmarked
from core.requests import Account, Offered
from tests.slack.stand_in import payload

ME = Me("U0BOT0001", "B0BOT00001", "T0PAINT01")
ANN = Account("slack", "T0PAINT01", "U0ANN0001")


def asked(body: dict, thread: Thread | None = None) -> Asked:
    key = key_of(body, ME)
    assert key is not None
    found = understand(body, key, ME, thread)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("command", "text", "verb", "rest"),
    [
        ("/paint", "a cat\nin snow --ar 16:9", "paint", "a cat\nin snow --ar 16:9"),
        ("/paint", "help params", "help", "params"),
        ("/paint", "/paint a cat --hd", "paint", "a cat --hd"),
        ("/paint", "/paint-works cat", "works", "cat"),
        ("/paint", "/imagine a cat", "paint", "/imagine a cat"),
        ("/random", "3", "random", "3"),
        ("/paint-works", "cat since:7d", "works", "cat since:7d"),
        ("/paint-show", "K7Q2", "show", "K7Q2"),
        ("/paint-cancel", "K7Q2", "cancel", "K7Q2"),
        ("/paint-points", "", "points", ""),
        ("/paint-gallery", "", "gallery", ""),
        ("/paint-templates", "", "templates", ""),
        ("/paint-admin", "prices", "admin", "prices"),
    ],
)
def test_every_command_asks_its_verb(command: str, text: str, verb: str, rest: str) -> None:
    found = asked(payload("command", command=command, text=text))
    assert (found.request.verb, found.request.text, found.request.account) == (verb, rest, ANN)
    assert found.request.place.channel == "C0ART00001" and found.request.place.hook and found.trigger
    assert found.request.event_key == "slash:100.1.abc"


def test_a_mention_and_the_message_of_that_mention_are_one_event_with_the_same_words() -> None:
    mention, message = payload("mention"), payload("mention_message")
    assert key_of(mention, ME) == key_of(message, ME) == "C0ART00001:1764460800.000100"
    assert asked(mention).request == asked(message).request
    assert asked(mention).request.text == "a cat"


def test_files_keep_their_order_and_a_stranger_keeps_their_workspace() -> None:
    files = asked(payload("thread_files"), Thread("K7Q2")).request
    assert [one.name for one in files.references if isinstance(one, Offered)] == ["cat.png", "dog.jpg"]
    assert files.reply_to == "K7Q2" and files.text == "like these"
    stranger = asked(payload("connect_files")).request
    assert stranger.account == Account("slack", "T0FAR00001", "U0FAR0001")
    assert stranger.references == (Offered("F0STRANGE1"),)


def test_pictures_of_a_message_passed_on_are_references_and_those_of_a_link_preview_are_not() -> None:
    """They were left out, and the words alone were painted and charged."""
    files = payload("thread_files")["event"]["files"]
    shared = {"is_share": True, "files": files, "text": "the brief"}
    body = payload("mention_message", attachments=[{"title": "a page", "files": files[:1]}, shared])
    assert [one.name for one in asked(body).request.references if isinstance(one, Offered)] == ["cat.png", "dog.jpg"]
    shortcut = payload("shortcut")
    shortcut["message"] = {**shortcut["message"], "files": [], "attachments": [shared]}
    assert len(asked(shortcut).request.references) == 2


def test_words_in_a_thread_count_from_the_asker_of_a_painting_there_and_from_nobody_else() -> None:
    words = payload("thread_words")
    key = key_of(words, ME)
    assert key is not None
    assert understand(words, key, ME, None) is None
    assert understand(words, key, ME, Thread("K7Q2", {"slack:T0PAINT01/U0BEN0001": "K7Q2"})) is None
    mine = understand(words, key, ME, Thread("M3M3", {str(ANN): "K7Q2"}))
    assert mine is not None and mine.request.reply_to == "K7Q2" and mine.request.text == "make it blue"


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("<@U0BEN0001> what do you think?", False),
        ("<!here> look", False),
        ("<@U0BEN0001> <@U0BOT0001> bluer", True),
        ("bluer, as <@U0BEN0001> said", True),
        (":+1::skin-tone-2: 👍!", False),
        ("", False),
        ("再蓝一点 :+1:", True),
    ],
)
def test_cheers_and_words_to_a_colleague_under_a_painting_are_not_painted(text: str, ours: bool) -> None:
    words = payload("thread_words", text=text)
    asked = understand(words, "k", ME, Thread("K7Q2", {str(ANN): "K7Q2"}))
    assert (asked is not None) is ours


@pytest.mark.parametrize("name", ["message_changed", "own_message"])
def test_edits_and_our_own_messages_are_nothing_to_us(name: str) -> None:
    assert key_of(payload(name), ME) is None


def test_talk_in_a_channel_that_does_not_name_the_bot_is_not_even_stored() -> None:
    assert key_of(payload("mention_message", text="lunch?"), ME) is None


def test_presses_choices_and_submissions_are_read_from_messages_and_modals() -> None:
    press = asked(payload("press"))
    assert (press.request.verb, press.request.subject, press.how) == ("again", "K7Q2", "press")
    assert (press.request.place.thread, press.request.place.message) == ("1764460800.000100", "1764460810.000100")
    meta = '{"verb":"paint","subject":"K7Q2","preview":"paint.price","channel":"C9"}'
    choice = payload("choice_in_view")
    choice["view"]["private_metadata"] = meta
    assert (asked(choice).how, asked(choice).request.verb) == ("preview", "paint.price")
    submission = payload("submission")
    submission["view"]["private_metadata"] = meta
    request = asked(submission).request
    assert (request.verb, request.subject, request.place.channel) == ("paint", "K7Q2", "C9")
    files = request.values["references"]
    assert isinstance(files, tuple) and isinstance(files[0], Offered) and files[0].name == "cat.png"
    rest = {name: value for name, value in request.values.items() if name != "references"}
    assert rest == {"prompt": "a cat", "tier": "hd", "count": 2, "labels": ("spring",)}


def test_a_pressed_link_is_acked_and_nothing_else() -> None:
    body = payload("press", actions=[{"type": "button", "action_id": "link.1", "url": "https://a.example"}])
    assert key_of(body, ME) is None


def test_a_secret_typed_into_a_form_is_never_stored() -> None:
    body = payload("submission")
    body["view"]["state"]["values"]["sk"] = {"secret": {"type": "plain_text_input", "value": "TOP"}}
    stored = without_secrets(body)
    assert "TOP" not in str(stored) and "verification-token" not in str(stored)
    assert secrets_lost(stored) and not secrets_lost(body)
    assert body["view"]["state"]["values"]["sk"]["secret"]["value"] == "TOP"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("<@U0BOT0001> a &lt;b&gt; &amp; c", "a <b> & c"),
        ("like <https://x.example/a|x.example/a> and <https://y.example>", "like x.example/a and https://y.example"),
        ("for <@U2|ann> in <#C2|art> <!here>", "for @ann in #art @here"),
        ("line one\nline two", "line one\nline two"),
        ("夜晚——霓虹灯 &amp;amp;", "夜晚——霓虹灯 &amp;"),
    ],
)
def test_slacks_markup_is_taken_off(typed: str, plain: str) -> None:
    assert unmarked(typed, "U0BOT0001") == plain


@pytest.mark.parametrize(
    ("said", "verb", "rest"),
    [
        ("help", "help", ""),
        ("random 3", "random", "3"),
        ("/paint a cat", "paint", "a cat"),
        ("/paint help params", "help", "params"),
        ("/paint-works cat", "works", "cat"),
        ("/paint-language en", "language", "en"),
        ("show K7Q2", "show", "K7Q2"),
        ("show cats", "paint", "show cats"),
        ("works of art in a hall", "paint", "works of art in a hall"),
        ("random people in rain", "paint", "random people in rain"),
        ("/paintings of cats", "paint", "/paintings of cats"),
        ("积分", "points", ""),
    ],
)
def test_only_whole_commands_are_commands(said: str, verb: str, rest: str) -> None:
    assert command_of(said) == (verb, rest)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("<@U0BOT0001> a cat", False),
        ("a cat <@U0BOT0001>", False),
        ("a cat <@U0BOT0001>!", False),
        ("一只橘猫 <@U0BOT0001> —ar 16:9 --hd", False),
        ("Hey <@U0BOT0001|paint>, a cat", False),
        ("麻烦 <@U0BOT0001> 画一只猫", False),
        ("<@U0BEN0001> <@U0BOT0001> bluer", False),
        (":wave: <@U0BOT0001> a cat", False),
        ("昨天用 <@U0BOT0001> 画的猫真好看", True),
        ("try <@U0BOT0001>, it is great", True),
        ("<@U0BOT0001> a cat for <@U0BOT0001> and me", False),
        ("no name at all", False),
    ],
)
def test_a_name_between_other_words_is_said_about_us(text: str, about: bool) -> None:
    assert in_passing(text, "U0BOT0001") is about
