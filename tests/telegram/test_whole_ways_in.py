"""An unmodified bot: every way in, every bad input, every fault of the wire, and what Telegram does that nobody expects."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiogram.utils.payload import encode_payload

from tests.telegram.process import Bot, Member, a_bot, keys, photos, words
from tests.telegram.scene import eventually, payload

pytestmark = pytest.mark.asyncio(loop_scope="module")
FAULTS = ("before", "html", "500", "429", "after")
LIN = {"id": 902, "is_bot": False, "first_name": "林", "language_code": "zh-hans"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    folder: Path = tmp_path_factory.mktemp("ways-in")
    async with a_bot(folder) as made, made.running():
        await made.at_once()
        yield made


BAD = [
    ("private_document_25mb", {}, "25 MB"),
    ("private_document_25mb", {"caption": "/paint like this"}, "25 MB"),
    ("private_document_pdf", {"caption": "/paint like this"}, "JPG, PNG or WebP"),
    ("private_sticker", {}, "sticker"),
    ("private_voice", {}, "cannot listen"),
    ("private_video", {}, "A video cannot"),
    ("private_animation", {}, "An animation cannot"),
    ("private_command", {"text": "/paint--ar 1:1"}, "/paint --ar 1:1"),
    ("private_photo_caption", {"caption": "/paint " + "x" * 1100}, "the limit is 800"),
    ("private_command", {"text": "/paint a fox --ar 16"}, "--ar"),
    ("private_command", {"text": "a < b & c"}, "/paint a < b & c"),
    ("private_command", {"text": "/paint@other_bot x"}, "no command /paint@other_bot"),
    ("private_command", {"text": "/dance"}, "no command /dance"),
    ("private_command", {"text": "/paint"}, "What to paint"),
    ("private_command", {"text": "/show K7Q2"}, "K7Q2"),
    ("private_photo", {}, "Got your picture"),
    ("private_command", {"text": "thanks!"}, "Glad to help"),
]


async def test_every_bad_input_has_its_sentence_and_costs_nothing(bot: Bot) -> None:
    people = [Member(bot.server, 1000 + number) for number in range(len(BAD))]
    for who, (name, changes, _) in zip(people, BAD, strict=True):
        there = {"chat": {"id": who.id, "type": "private"}, "from": who.me, "message_id": next(Member.numbers)}
        bot.server.push(payload(name, **(changes | there)))
    for who, (_, _, sentence) in zip(people, BAD, strict=True):
        await who.sees(sentence)
    assert bot.count("SELECT count(*) FROM generations") == 0


async def test_every_command_of_the_menu_is_answered(bot: Bot) -> None:
    menu = await eventually(lambda: bot.server.menus.get(("all_private_chats:", "en")))
    people = [Member(bot.server, 1100 + number) for number in range(len(menu) + 2)]
    for who, name in zip(people, [*menu, "start", "paint_admin"], strict=True):
        who.says(f"/{name}")
    for who in people:
        await eventually(lambda who=who: who.chat.ours)  # type: ignore[misc]
        assert words(who.chat.ours[-1]) != "·", words(who.chat.ours[-1])


async def test_pictures_come_with_words_as_photo_as_file_and_as_album_and_are_painted_from(bot: Bot) -> None:
    one, two, three, four = (Member(bot.server, 1200 + number) for number in range(4))
    one.sends("/paint from a photo")
    bot.server.files["a-file"] = bot.server.files["member0"]
    file = {"file_id": "a-file", "file_name": "logo.png", "mime_type": "image/png", "file_size": 2211000}
    two.says(document=file, caption="/paint from a file")
    three.sends(media_group_id="51")
    three.sends("/paint from an album", media_group_id="51")
    four.sends(media_group_id="52", caption="/paint both")
    four.says(media_group_id="52", video={"file_id": "v", "duration": 3})
    await one.sees("from a photo", "Image 1")
    await two.sees("from a file", "Image 1")
    await three.sees("from an album", "Image 1 · Image 2")
    await four.sees("There is a video in this album")


async def test_in_groups_a_reply_paints_from_a_picture_an_album_or_our_own_picture(bot: Bot) -> None:
    who, groups = Member(bot.server, 1300), [bot.server.chat(-1001300 - number) for number in range(3)]
    for name in ("catphoto", "two"):
        bot.server.files[name] = bot.server.files["member0"]
    for group, name in zip(groups, ("group_reply_to_photo", "group_reply_to_album_item"), strict=False):
        there = {"chat": {"id": group.id, "type": "supergroup"}, "from": who.me}
        bot.server.push(payload(name, message_id=next(Member.numbers), **there))
    number = who.says("@paint_bot a mentioned fox", groups[2].id)
    for group in groups[1:]:
        await who.sees_pictures(1, chat=group.id)
    (mine,) = await who.sees_pictures(1, chat=groups[0].id)
    who.says("make it blue", groups[0].id, reply_to_message=mine)
    await who.sees("make it blue", "In reply to", chat=groups[0].id)
    await eventually(lambda: (number, ["🎉"]) in groups[2].reactions)


async def test_in_privacy_mode_everything_the_bot_says_one_can_do_in_a_group_works(bot: Bot) -> None:
    who, group, elsewhere = Member(bot.server, 1310), bot.server.chat(-1001310), bot.server.chat(-1001311)
    bot.server.privacy = True
    try:
        joined = payload("joined_group")["my_chat_member"]
        chat = {"id": group.id, "title": "Design", "type": "supergroup"}
        bot.server.push({"my_chat_member": joined | {"chat": chat, "from": who.me}})
        greeting = await who.sees("/paint@paint_bot", chat=group.id)
        line = words(greeting).partition("like this: ")[2].partition(".")[0]
        who.says(line, group.id)
        (shown,) = await who.sees_pictures(1, chat=group.id)
        who.says("what shall we eat", group.id)
        who.says("make it blue", group.id, reply_to_message=shown)
        await eventually(lambda: len(photos(group.ours)) == 2)
        who.sends(chat=elsewhere.id)
        (theirs,) = elsewhere.messages.values()
        who.says("/paint@paint_bot from yours", elsewhere.id, reply_to_message=theirs)
        await who.sees("from yours", "Image 1", chat=elsewhere.id)
        assert len(bot.server.unheard) == 2
    finally:
        bot.server.privacy = False


async def test_in_a_topic_in_general_and_in_a_thread_answers_stand_where_they_were_asked(bot: Bot) -> None:
    who, forum, group = Member(bot.server, 1320), bot.server.chat(-1001320), bot.server.chat(-1001321)
    forum.forum, forum.topics = True, {7}
    root = {"message_id": 7, "chat": {"id": forum.id, "type": "supergroup"}, "forum_topic_created": {"name": "Covers"}}
    topic = {"message_thread_id": 7, "is_topic_message": True, "reply_to_message": root}
    who.says("/paint a cover", forum.id, **topic)
    (shown,) = await who.sees_pictures(1, chat=forum.id)
    assert shown["message_thread_id"] == 7 and "Image 1" not in words(shown)
    hello = {"message_id": 40, "from": LIN, "chat": {"id": forum.id, "type": "supergroup"}, "date": 1, "text": "hi"}
    for chat in (forum, group):
        chat.messages[40] = hello
        before = len(photos(chat.ours))
        who.says("/paint@paint_bot a thread", chat.id, message_thread_id=40, reply_to_message=hello)
        shown = (await who.sees_pictures(before + 1, chat=chat.id))[-1]
        assert "message_thread_id" not in shown


async def test_a_button_is_pressed_twice_by_its_owner_and_once_by_another_and_paints_once(bot: Bot) -> None:
    owner, other, group = Member(bot.server, 1400), Member(bot.server, 1401), bot.server.chat(-1001400)
    owner.says("/paint@paint_bot a wanted fox", group.id)
    (shown,) = await owner.sees_pictures(1, chat=group.id)
    await eventually(lambda: "again" in keys(shown))
    first, second = owner.presses(shown, "again"), owner.presses(shown, "again")
    alien = await other.toast(other.presses(shown, "delete"))
    assert alien["show_alert"] == "true" and alien["text"]
    await asyncio.gather(owner.toast(first), owner.toast(second))
    await owner.sees_pictures(2, chat=group.id)
    other.says("/points")
    await other.sees("5,000")
    assert len(photos(group.ours)) == 2


async def test_presses_that_are_old_late_or_of_a_message_nobody_sees_are_answered(bot: Bot) -> None:
    who = Member(bot.server, 1410)
    who.says("/paint a lasting fox")
    (shown,) = await who.sees_pictures(1)
    await eventually(lambda: "details" in keys(shown))
    old = await who.toast(who.presses(shown, data="paint_again:77:xyz"))
    assert "outdated" in old["text"]
    bare = {"chat": {"id": who.id, "type": "private"}, "message_id": shown["message_id"], "date": 0}
    await who.toast(who.presses(bare, data=keys(shown)["details"]))
    await who.sees("a lasting fox", "Jimeng")
    before, late = len(who.chat.ours), who.presses(shown, "details")
    bot.server.queries.discard(late)
    await eventually(lambda: len(who.chat.ours) > before)
    assert late not in [one["callback_query_id"] for one in bot.server.toasts]


async def test_of_two_quick_answers_to_one_question_the_first_is_painted_and_the_second_costs_nothing(bot: Bot) -> None:
    who = Member(bot.server, 1415)
    who.says("/paint")
    await who.sees("What to paint")
    who.says("a first fox")
    who.says("a second fox")
    (shown,) = await who.sees_pictures(1)
    await who.sees("/paint a second fox")
    assert "a first fox" in words(shown)
    assert bot.count("SELECT count(*) FROM generations WHERE account = 'telegram:1415'") == 1


async def test_who_writes_without_a_language_reads_the_bots_and_chinese_members_chinese(bot: Bot) -> None:
    plain, chinese = Member(bot.server, 1420, None), Member(bot.server, 1421, "zh-hans")
    for who in (plain, chinese):
        who.says("/points")
    await plain.sees("points left")
    await chinese.sees("积分")


async def test_poison_is_skipped_and_what_comes_twice_is_painted_once(bot: Bot) -> None:
    who = Member(bot.server, 1430)
    bot.server.push(payload("poison"))
    bot.server.push({"update_id": bot.server._number, "message": None})
    number = who.says("/paint a single fox")
    twice = {"message": who.chat.messages[number]}
    bot.server.push(twice)
    await who.sees_pictures(1)
    who.says("/points")
    await who.sees("4,900")


async def test_faults_of_the_wire_cost_nobody_an_answer_and_show_nothing_twice_but_what_was_perhaps_sent(
    bot: Bot,
) -> None:
    server = bot.server
    faults = [(method, fault) for method in ("sendMessage", "sendPhoto") for fault in FAULTS]
    people = [Member(server, 1500 + number) for number in range(len(faults))]
    for who, (method, fault) in zip(people, faults, strict=True):
        server.fail(f"{method}:{who.id}", fault)
        who.says(f"/paint through {fault}")
    server.fail("getMe", "html")
    for who, broken in zip(people, faults, strict=True):
        receipts, pictures = (1 + (broken == (method, "after")) for method in ("sendMessage", "sendPhoto"))
        shown = await who.sees_pictures(pictures)
        await eventually(lambda shown=shown: "again" in keys(shown[-1]))  # type: ignore[misc]
        assert len(who.chat.ours) == receipts + pictures, (broken, who.chat.texts)
    charged = "SELECT count(*) FROM generations WHERE prompt_typed LIKE 'through%' AND charged = 100"
    await eventually(lambda: bot.count(charged) == len(faults))


async def test_of_an_album_that_went_out_in_part_only_the_rest_is_sent_again(bot: Bot) -> None:
    who = Member(bot.server, 1510)
    bot.server.break_item = 2
    who.says("/paint several foxes --n 3")
    await who.sees("several foxes", "3 drafts")
    assert len(photos(who.chat.ours)) == 3


async def test_a_prompt_of_signs_and_emoji_comes_back_as_it_was(bot: Bot) -> None:
    who = Member(bot.server, 1520)
    prompt = "a < b & c > d <b>x</b> *y* _z_ 🦊 " + "🦊" * 150
    who.says(f"/paint {prompt}")
    (shown,) = await who.sees_pictures(1)
    quote = next(one for one in shown["caption_entities"] if one["type"].endswith("blockquote"))
    wide = shown["caption"].encode("utf-16-le")[quote["offset"] * 2 : (quote["offset"] + quote["length"]) * 2]
    assert wide.decode("utf-16-le") == prompt.strip()


async def test_a_link_to_a_template_that_is_not_there_says_so_and_shows_what_there_is(bot: Bot) -> None:
    who = Member(bot.server, 1530)
    for payload_ in ("tpl-99", encode_payload("tpl:海报")):
        number = who.says(f"/start {payload_}")
        await who.sees("no longer there", "no templates yet")
        assert who.chat.ours[-1]["message_id"] > number and len(payload_) <= 64
