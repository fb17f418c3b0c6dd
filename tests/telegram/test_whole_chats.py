"""An unmodified bot whose chats change while it paints: moved, blocked, closed, silenced; secrets typed; a second poller."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiogram.methods import GetUpdates

from adapters.telegram.gate import Limits, Wire
from tests.telegram.process import Bot, Member, a_bot, keys, photos
from tests.telegram.scene import eventually
from tests.telegram.stand_in import TOKEN

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    folder: Path = tmp_path_factory.mktemp("chats")
    async with a_bot(folder) as made, made.running():
        await made.at_once()
        yield made


async def begun(bot: Bot, who: Member, chat: int = 0, **more: Any) -> int:
    """A painting that goes on until the test says `at_once`; the number of the message that asked for it."""
    await bot.late()
    number = who.says(f"/paint{'@paint_bot' if chat else ''} a red fox", chat, **more)
    await who.sees("#", chat=chat)
    return number


async def test_a_group_that_becomes_a_supergroup_while_it_paints_gets_its_pictures_there(bot: Bot) -> None:
    who, old, new = Member(bot.server, 601), bot.server.chat(-2600, "group"), bot.server.chat(-1002600)
    await begun(bot, who, old.id)
    old.moved = new.id
    who.says(chat=old.id, migrate_to_chat_id=new.id)
    await bot.at_once()
    await who.sees_pictures(1, chat=new.id)
    who.says("/paint@paint_bot a blue fox", new.id)
    await who.sees_pictures(2, chat=new.id)
    assert not photos(old.ours)


async def test_a_member_who_blocks_the_bot_while_it_paints_finds_the_picture_in_their_works_later(bot: Bot) -> None:
    who = Member(bot.server, 602)
    await begun(bot, who)
    who.chat.refuses = "bot was blocked by the user"
    await bot.at_once()
    await eventually(lambda: bot.count("SELECT id FROM generations WHERE delivery = 'undeliverable'"))
    assert not photos(who.chat.ours)
    who.chat.refuses = ""
    who.says("/works")
    who.presses(await who.sees("undelivered"), "show")
    await eventually(lambda: [one for one in photos(who.chat.ours) if "caption" in one])


@pytest.mark.parametrize("what", ["closed", "deleted"])
async def test_pictures_for_a_topic_that_is_gone_stand_in_the_group_itself(bot: Bot, what: str) -> None:
    who, forum = Member(bot.server, 603), bot.server.chat({"closed": -1002601, "deleted": -1002602}[what])
    forum.forum, forum.topics = True, {7}
    root = {"message_id": 7, "chat": {"id": forum.id, "type": "supergroup"}, "forum_topic_created": {"name": "Covers"}}
    topic = {"message_thread_id": 7, "is_topic_message": True, "reply_to_message": root}
    await begun(bot, who, forum.id, **topic)
    assert (await who.sees("#", chat=forum.id))["message_thread_id"] == 7
    if what == "closed":
        forum.closed = {7}
    else:
        forum.topics = set()
    await bot.at_once()
    (shown,) = await who.sees_pictures(1, chat=forum.id)
    assert "message_thread_id" not in shown


@pytest.mark.parametrize(
    ("silenced", "photo"),
    [
        ("not enough rights to send text messages to the chat", True),
        ("have no write access to the chat", True),
        ("CHAT_SEND_PLAIN_FORBIDDEN", True),
        ("", False),
    ],
)
async def test_pictures_a_group_does_not_take_come_to_the_asker(bot: Bot, silenced: str, photo: bool) -> None:
    who = Member(bot.server, 610 + len(silenced))
    group = bot.server.chat(-1002700 - who.id)
    group.refuses, group.photos = silenced, photo
    await bot.at_once()
    who.says(f"/paint@paint_bot a green fox --n {1 if photo else 2}", group.id)
    await who.sees_pictures(1 if photo else 2)
    assert bool(group.ours) is not photo, "where words are taken, the receipt stands in the group"
    await who.sees("The group does not take this")
    assert not photos(group.ours)


async def test_a_group_where_we_may_not_write_keeps_the_pictures_until_the_private_chat_is_opened(bot: Bot) -> None:
    who, group = Member(bot.server, 604), bot.server.chat(-1002604)
    who.chat.refuses = "bot can't initiate conversation with a user"
    group.refuses = "CHAT_WRITE_FORBIDDEN"
    await bot.at_once()
    who.says("/paint@paint_bot a quiet fox", group.id)
    await eventually(
        lambda: bot.count("SELECT id FROM generations WHERE prompt_typed LIKE '%quiet%' AND delivery <> 'pending'")
    )
    who.chat.refuses = ""
    who.says("/start inbox")
    await eventually(lambda: photos(who.chat.ours))


async def test_a_deleted_command_costs_nobody_the_picture(bot: Bot) -> None:
    who, group = Member(bot.server, 605), bot.server.chat(-1002605)
    number = await begun(bot, who, group.id)
    del group.messages[number]
    await bot.at_once()
    (shown,) = await who.sees_pictures(1, chat=group.id)
    assert "reply_to_message" not in shown


async def test_a_typed_secret_leaves_the_chat_or_its_author_is_asked_to_delete_it(bot: Bot) -> None:
    async def asked_for_a_secret(admin: Member) -> None:
        gone = {"message_id": 1, "chat": {"id": admin.id, "type": "private"}, "date": 0}
        admin.presses(gone, data="1~admin.keys.add:")
        await admin.sees("(1/8)")
        admin.says("main")
        await admin.sees("(2/8)")
        admin.says("AKLTexample")
        await admin.sees("(3/8)")

    quick, late = Member(bot.server, 501), Member(bot.server, 502)
    await asyncio.gather(asked_for_a_secret(quick), asked_for_a_secret(late))
    number = quick.says("SECRET-0123456789")
    await eventually(lambda: number in quick.chat.deleted)
    await quick.sees("(4/8)")
    late.chat.keeps = True
    number = late.says("SECRET-0123456789")
    assert (await late.sees("delete it yourself"))["reply_to_message"]["message_id"] == number
    await late.sees("(4/8)")
    assert not bot.leaks("SECRET-0123456789")


async def test_admins_are_offered_no_page_where_none_is_served(bot: Bot) -> None:
    admin = Member(bot.server, 504)
    admin.says("/paint_admin")
    assert "admin.link" not in keys(await admin.sees("Admin desk"))
    admin.says("/paint_admin page")
    await admin.sees("page.enabled")


async def test_a_second_poller_is_noticed_and_said_and_outlived(bot: Bot) -> None:
    admin = Member(bot.server, 503)
    stranger = Wire(TOKEN, bot.server.base, Limits.lifted())
    await stranger.call(GetUpdates(timeout=0))
    await stranger.close()
    await admin.sees("Another program")
    assert "another program" in (await bot.ready())["problems"]["telegram"]
    admin.says("/points")
    await admin.sees("points left")
    assert (await bot.ready())["ready"]
