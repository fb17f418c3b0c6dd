"""What stands on the page: channels, sections, what is new, languages, and everybody seeing the same."""

from nicegui.testing import User

from adapters.page.people import COLOURS, PEOPLE, direct, place_in
from adapters.page.talk import line_body, reply_body
from core.commands.line import FLAGS
from core.commands.names import COMMANDS
from core.replies import Button, Document, Facts, Item, LinkButton, Meter, Part, Picture, Pictures, Quote, Reply
from core.requests import Line, Request
from core.texts import LANGUAGES
from core.texts import say as said_in
from tests.page.conftest import Studio, opened, say, sees
from tests.page.fakes import START
from tests.page.scene import result, words
from tests.waiting import eventually

LIN, ZHOU = "page:xiaolin", "page:zhouzhou"


async def test_everybody_in_the_channel_sees_a_painting_live(studio: Studio) -> None:
    lin, zhou = await studio.member(LIN), await studio.member(ZHOU)
    await say(lin, "/paint 一只猫")
    await sees(zhou, "/paint 一只猫")
    place = place_in("spring", message=1)
    await studio.page.messenger.show("K7Q2/receipt", LIN, place, Reply((words("正在画"),)), "zh")
    await sees(zhou, "正在画")
    await studio.page.messenger.show("K7Q2/receipt", LIN, place, Reply((words("马上好"),)), "zh")
    await studio.page.messenger.show("K7Q2/result", LIN, place, result(), "zh")
    for user in (lin, zhou):
        await sees(user, "马上好")
        await sees(user, "4 张图 · 1 条回复")
        await user.should_not_see("正在画")


async def test_a_section_is_a_view_with_a_way_back(studio: Studio) -> None:
    user = await studio.member()
    user.find(marker="section-works").click()
    await sees(user, "共 38 件，最近的在前")
    user.find(marker="press details:K7Q2").click()
    await sees(user, "种子")
    user.find(marker="section-back").click()
    await sees(user, "共 38 件，最近的在前")
    assert not studio.chat.said


async def test_a_section_is_drawn_anew_when_a_question_in_it_is_settled(studio: Studio) -> None:
    sure = Button(words("确认删除"), "gone", "K7Q2", "danger")
    studio.door.script |= {
        "details": lambda request: Reply((words("删除 #K7Q2？"),), (sure,)),
        "gone": lambda request: Reply((words("#K7Q2 已删除"),)),
    }
    user = await studio.member()
    user.find(marker="section-works").click()
    await sees(user, "共 38 件，最近的在前")
    user.find(marker="press details:K7Q2").click()
    await sees(user, "确认删除")
    user.find(marker="press gone:K7Q2").click()
    await sees(user, "共 38 件，最近的在前")
    await user.should_not_see(marker="section-back")
    assert len(studio.door.of("works")) == 2


async def test_a_word_in_a_section_is_said_and_the_section_shown_as_it_is_now(studio: Studio) -> None:
    """After "resume", the section was that sentence alone, without a button."""
    state = {"paused": True}

    def pause(request: Request) -> Reply:
        line = words("暂停画画中" if state["paused"] else "大家正常画画中")
        return Reply((line,), (Button(words("恢复画画"), "resume"),), instead=True)

    def resume(request: Request) -> Reply:
        state["paused"] = False
        return Reply((words("好了"),), (Button(Line("admin.button_back"), "defaults"),), instead=True)

    studio.door.script |= {"defaults": pause, "resume": resume}
    user = await studio.member(path="/?s=defaults")
    await sees(user, "暂停画画中")
    user.find(marker="press resume:").click()
    await sees(user, "大家正常画画中")


async def test_a_list_is_gone_back_to_where_it_was_left(studio: Studio) -> None:
    """After an act on its second page, and with Back from a question, it began again at its first."""

    def shelf(request: Request) -> Reply:
        page = request.subject or "1"
        return Reply(
            (Facts(((words("第几页"), page),)),),
            (Button(words("下一页"), "defaults", "2"), Button(words("删除"), "shelf.delete", page, "danger")),
            instead=True,
        )

    back = Button(Line("admin.button_back"), "defaults")
    studio.door.script |= {
        "defaults": shelf,
        "shelf.delete": lambda request: Reply(
            (words(f"删除第 {request.subject} 页的？"),), (Button(words("删"), "shelf.gone"), back), instead=True
        ),
        "shelf.gone": lambda request: Reply((words("删掉了"),), (back,), instead=True),
    }
    user = await studio.member(path="/?s=defaults")
    await sees(user, "第几页")
    user.find(marker="press defaults:2").click()
    for leave in ("press defaults:", "press shelf.gone:"):
        await eventually(lambda: studio.door.of("defaults")[-1].subject == "2")
        await sees(user, "press shelf.delete:2")
        user.find(marker="press shelf.delete:2").click()
        await sees(user, "删除第 2 页的？")
        user.find(marker=leave).click()
    await sees(user, "第几页")
    await user.should_not_see(marker="section-back")
    assert [one.subject for one in studio.door.of("defaults")] == ["", "2", "2", "2"]
    user.find(marker="section-works").click()
    user.find(marker="section-defaults").click()
    await eventually(lambda: studio.door.of("defaults")[-1].subject == "")


async def test_a_sentence_alone_stands_in_the_middle_of_its_section(studio: Studio) -> None:
    """What an empty section said was lost at its top left."""
    studio.door.script |= {"works": lambda request: Reply((words("还没有作品"),), (Button(words("抽一个"), "random"),))}
    user = await studio.member(path="/?s=works")
    await sees(user, "还没有作品")
    (sentence,) = user.find("还没有作品").elements
    held = sentence.parent_slot
    assert held is not None and "pb-nothing" in held.parent.classes
    assert any("抽一个" in str(vars(one).get("_text")) for one in held.parent.descendants())


def test_white_letters_can_be_read_on_every_face() -> None:
    for colour in (*COLOURS, *(person.colour for person in PEOPLE)):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5, colour


async def test_only_admins_see_the_admin_sections(studio: Studio) -> None:
    admin, lin = await studio.member("page:admin"), await studio.member(LIN)
    await lin.should_not_see(marker="section-admin-keys")
    admin.find(marker="section-admin-keys").click()
    await sees(admin, "本月画了")
    assert studio.door.of("admin")[-1].text == "keys"


def unread(user: User, channel: str) -> str:
    """What the list of channels says beside a channel's name."""
    (entry,) = user.find(marker=f"channel-{channel}").elements
    (beside,) = [one for one in entry.descendants() if "pb-unread" in one.classes]
    return str(vars(beside)["_text"]) if beside.visible else ""


async def test_what_is_new_elsewhere_is_counted_until_it_is_read(studio: Studio) -> None:
    lin, zhou = await studio.member(LIN), await studio.member(ZHOU, "/?c=articles")
    await say(zhou, "头图谁来？")
    await eventually(lambda: unread(lin, "articles") == "1")
    lin.find(marker="channel-articles").click()
    await sees(lin, "头图谁来？")
    await eventually(lambda: unread(lin, "articles") == "")


async def test_nobody_opens_another_members_direct_messages(studio: Studio) -> None:
    await studio.chat.add(direct(ZHOU), 0, ZHOU, line_body("周舟", "悄悄话"))
    user = await studio.member(LIN, f"/?c={direct(ZHOU)}")
    await user.should_not_see("悄悄话")
    await user.should_see("# 春季上新")
    await sees(await studio.member(ZHOU, f"/?c={direct(ZHOU)}"), "悄悄话")


async def test_an_address_that_leads_nowhere_opens_the_first_channel(studio: Studio) -> None:
    """A thread that was no number was answered with a page of braces."""
    for path in ("/?t=abc", f"/?t={'9' * 40}", "/?t=77", "/?s=nowhere", "/?c=nowhere"):
        answer = await studio.web().get(path)
        assert answer.status_code == 200 and "春季上新" in answer.text, path


async def test_a_message_of_another_version_does_not_take_the_channel_with_it(studio: Studio) -> None:
    await studio.chat.add("spring", 0, "paintbot", {"kind": "reply", "reply": {"$": "Hologram"}, "asker": LIN})
    await studio.chat.add("spring", 0, ZHOU, line_body("周舟", "还在"))
    user = await studio.member()
    await user.should_see("这条消息来自别的版本，这里显示不了")
    await user.should_see("还在")


async def test_the_page_speaks_its_readers_language(studio: Studio) -> None:
    web = studio.web()
    assert 'lang="zh-CN"' in (await web.get("/")).text
    await web.get("/page/look", params={"language": "en"})
    page = (await web.get("/")).text
    assert 'lang="en-US"' in page and "spring-launch" in page
    assert 'lang="zh-CN"' in (await studio.web().get("/")).text


def test_every_command_and_flag_has_its_meaning_in_both_languages() -> None:
    for language in LANGUAGES:
        assert all(said_in(Line(f"help.command_{verb}"), language) for verb in COMMANDS)
        assert all(said_in(flag.meaning, language) for flag in FLAGS)


async def test_every_element_has_its_look(studio: Studio) -> None:
    shown = Picture("square-1", words("一只橘猫"), 1, 1328, 1328)
    parts: tuple[Part, ...] = (
        *(words(f"语气{tone}", tone) for tone in ("", "title", "fact", "money", "alert")),
        Quote("<b>一字不改</b>"),
        Facts(((words("种子"), 1234), (words("时间"), START))),
        Pictures((shown,), originals=True),
        Document("记录.csv", "text/csv", b"id"),
        Meter(1, 3),
        Item((words("一行"),), shown, (LinkButton(words("去看"), "https://example.org"),)),
    )
    await studio.chat.add("spring", 0, "paintbot", reply_body(Reply(parts, copy="一只猫"), LIN))
    user = await studio.member()
    for text in (
        "语气alert",
        "<b>一字不改</b>",
        "1,234",
        "11月30日 10:02",
        "原图 1",
        "记录.csv",
        "一行",
        "去看",
        "放进输入框",
    ):
        await user.should_see(text)
    user.find(marker="file").click()
    await eventually(lambda: bool(user.download.http_responses))
    assert user.download.http_responses[0].content == b"id"
    user.find(marker="shot square-1").click()
    await sees(user, "下载原图")


async def test_what_another_replica_said_appears_without_being_told() -> None:
    async with opened(refresh=0.05) as studio:
        user = await studio.member()
        await studio.chat.add("spring", 0, ZHOU, line_body("周舟", "我在另一台上"))
        await sees(user, "我在另一台上")


async def test_the_balance_follows_what_a_painting_cost(studio: Studio) -> None:
    user = await studio.member()
    await sees(user, "余额 1 060 积分")
    studio.door.script["points"] = lambda request: Reply((words("余额 960 积分", "money"),))
    await studio.page.messenger.show("K7Q2/receipt", LIN, place_in("spring"), Reply((words("画好了"),)), "zh")
    await sees(user, "余额 960 积分")
