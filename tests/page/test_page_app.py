"""The page through NiceGUI's simulated users: lines, presses, forms, threads, sections, and everybody seeing the same."""

import asyncio

from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User

from adapters.page.people import direct, place_in
from adapters.page.talk import line_body, reply_body
from core.commands.line import FLAGS
from core.commands.names import COMMANDS
from core.replies import Button, Document, Facts, Form, Item, LinkButton, Meter, Part, Picture, Pictures, Quote, Reply
from core.requests import Line, Offered, Request
from core.texts import LANGUAGES
from core.texts import say as said_in
from tests.page.conftest import Studio, eventually, opened, sees
from tests.page.fakes import START, ScriptedDoor
from tests.page.scene import example, result, talk, words

LIN, ZHOU = "page:xiaolin", "page:zhouzhou"


def box(user: User, name: str = "box") -> ui.textarea:
    """A command box."""
    (found,) = user.find(kind=ui.textarea, marker=name).elements
    return found


async def say(user: User, line: str, name: str = "box") -> None:
    with user:
        box(user, name).set_value(line)
    user.find(marker=f"{name}-send").click()


async def test_a_typed_line_reaches_the_desk_and_its_answer_stands_below(studio: Studio) -> None:
    user = await studio.member()
    await say(user, "/random")
    await sees(user, "换一个")
    (request,) = studio.door.of("random")
    assert (str(request.account), request.place.channel, request.name) == (LIN, "spring", "小林")
    assert request.event_key in studio.store.finished
    assert [said.body["kind"] for said in studio.chat.said.values()] == ["line", "reply"]
    assert box(user).value == ""


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


async def test_a_private_answer_is_seen_by_its_asker_alone(studio: Studio) -> None:
    lin, zhou = await studio.member(LIN), await studio.member(ZHOU)
    await say(lin, "/points")
    await sees(lin, "只有你看得到")
    await say(lin, "大家好")
    await sees(zhou, "大家好")
    await zhou.should_not_see("/points")
    await zhou.should_not_see("本月用了")


async def test_plain_words_are_talk_and_once_a_day_become_a_hint(studio: Studio) -> None:
    user = await studio.member()
    await say(user, "一只猫")
    await sees(user, "想把这句话画出来？前面加上 /paint 就行。")
    await say(user, "再来一只")
    await sees(user, "再来一只")
    assert not studio.door.of("paint")
    await eventually(lambda: len(studio.chat.said) == 3)
    user.find(marker="put").click()
    await eventually(lambda: box(user).value == "/paint 一只猫")


async def test_words_in_a_paintings_thread_paint_on_from_it(studio: Studio) -> None:
    await talk(studio.page, studio.chat)
    user = await studio.member(path="/?c=spring&t=4")
    await sees(user, "接着说怎么改，或者 /paint 重新画")
    await say(user, "天再暗一点", "thread-box")
    await eventually(lambda: bool(studio.door.of("paint")))
    (request,) = studio.door.of("paint")
    assert (request.reply_to, request.text, request.place.thread) == ("K7Q2", "天再暗一点", "4")


async def test_a_press_asks_once_however_often_it_is_clicked(studio: Studio) -> None:
    user = await studio.member()
    await say(user, "/random")
    await sees(user, "换一个")
    studio.door.hold = asyncio.Event()
    user.find("换一个").click()
    user.find("换一个").click()
    await eventually(lambda: len(studio.door.of("random")) == 2)
    studio.door.hold.set()
    await eventually(lambda: len(studio.store.finished) == 2)
    assert len(studio.chat.said) == 2, "the answer took the place of the pressed message"
    assert len(studio.door.of("random")) == 2


async def test_an_answer_never_replaces_a_paintings_own_message(studio: Studio) -> None:
    studio.door.script["again"] = lambda request: Reply((words("再画一组要 400"),), instead=True)
    ask = Reply((words("画好了"),), (Button(words("再来"), "again", "K7Q2"),))
    await studio.page.messenger.show("K7Q2/receipt", LIN, place_in("spring"), ask, "zh")
    user = await studio.member()
    user.find("再来").click()
    await sees(user, "再画一组要 400")
    await sees(user, "画好了")


async def test_a_form_shows_its_price_names_its_problems_and_is_accepted(studio: Studio) -> None:
    user = await studio.member()
    await say(user, "/paint")
    await sees(user, "想画什么")
    await sees(user, "1 张 · 标清 · 预计 100 积分")
    user.find(marker="form-submit").click()
    await sees(user, "写几个字说说想画什么")
    with user:
        next(iter(user.find(kind=ui.textarea, marker="field-prompt").elements)).set_value("一只猫")
    user.find(marker="form-submit").click()
    await eventually(lambda: any(request.values.get("prompt") == "一只猫" for request in studio.door.of("paint")))
    values = studio.door.of("paint")[-1].values
    assert (values["ratio"], values["n"], values["files"]) == ("16:9", 1, ())


async def test_a_form_that_comes_back_bare_keeps_its_fields(studio: Studio) -> None:
    first = studio.door.script["paint"]

    def desk(request: Request) -> Form | Reply | None:
        bare = Form("paint", words("请改一下"), (), problems=(("prompt", words("还没写想画什么")),))
        return bare if request.values else first(request)

    studio.door.script["paint"] = desk
    user = await studio.member()
    await say(user, "/paint")
    await sees(user, "想画什么")
    user.find(marker="form-submit").click()
    await sees(user, "还没写想画什么")
    await user.should_see("画面比例")


async def test_dropped_pictures_are_chips_and_travel_with_the_line(studio: Studio) -> None:
    user = await studio.member()
    (upload,) = user.find(kind=ui.upload, marker="box-files").elements
    await upload.handle_uploads([SmallFileUpload("猫.png", "image/png", b"\x89PNG....")])
    await sees(user, "图1")
    await say(user, "换成夜晚")
    await eventually(lambda: bool(studio.door.of("paint")))
    (reference,) = studio.door.of("paint")[-1].references
    assert isinstance(reference, Offered) and reference.name == "猫.png"
    assert await studio.page.messenger.fetch(reference, 100) == b"\x89PNG...."


async def test_the_box_offers_flags_and_says_the_price_before_anything_is_sent(studio: Studio) -> None:
    user = await studio.member()
    with user:
        box(user).set_value("/paint 猫 --")
    await sees(user, "画面比例，例如 16:9、3:4")
    await sees(user, "1 张 · 标清 · 预计 100 积分")
    assert studio.door.of("price")[-1].text == "猫 --"
    assert not studio.chat.said


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


async def test_what_a_crash_left_unanswered_is_answered_at_start(studio: Studio) -> None:
    user = await studio.member()
    studio.door.hold = asyncio.Event()
    await say(user, "/random")
    await eventually(lambda: bool(studio.door.of("random")))
    replacement = ScriptedDoor({"random": example})
    answers = studio.page._given.answers
    await type(answers)(replacement, answers.store, answers.talk).catch_up()
    assert len(replacement.of("random")) == 1
    assert not await studio.store.unfinished()
    studio.door.hold.set()


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
