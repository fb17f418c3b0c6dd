"""What members do on the page, as NiceGUI's simulated users: lines, presses, forms, references, threads."""

import asyncio

from nicegui import ui
from nicegui.elements.upload_files import SmallFileUpload

from adapters.page.keep import reply_of
from adapters.page.people import direct, place_in
from core.replies import Button, Form, Reply
from core.requests import Line, Offered, Request
from tests.page.conftest import Studio, box, say, sees
from tests.page.fakes import ScriptedDoor
from tests.page.scene import example, talk, words
from tests.waiting import eventually

LIN, ZHOU = "page:xiaolin", "page:zhouzhou"


async def test_a_typed_line_reaches_the_desk_and_its_answer_stands_below(studio: Studio) -> None:
    user = await studio.member()
    await say(user, "/random")
    await sees(user, "换一个")
    (request,) = studio.door.of("random")
    assert (str(request.account), request.place.channel, request.name) == (LIN, "spring", "小林")
    assert request.event_key in studio.store.finished
    assert [said.body["kind"] for said in studio.chat.said.values()] == ["line", "reply"]
    assert box(user).value == ""


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


async def test_a_refused_line_is_one_press_away_from_being_mended(studio: Studio) -> None:
    """It was gone from the box, and had to be typed again."""
    studio.door.script["paint"] = lambda request: Reply((words("字太多了", "alert"),), private=True)
    user = await studio.member()
    await say(user, "/paint 一只猫 --hd")
    await sees(user, "字太多了")
    user.find(marker="put").click()
    await eventually(lambda: box(user).value == "/paint 一只猫 --hd")


async def test_a_text_of_many_screens_is_folded_until_asked(studio: Studio) -> None:
    """Ten thousand letters pasted into the channel were all that anybody saw."""
    user = await studio.member()
    await say(user, "很长的一段话，" * 100)
    await sees(user, "展开全文")
    (text,) = user.find("很长的一段话").elements
    assert "folded" in text.classes
    user.find(marker="unfold").click()
    await sees(user, "收起")
    assert "folded" not in text.classes


async def test_thanks_in_a_channel_are_left_alone_and_in_private_answered(studio: Studio) -> None:
    """They got the hint how to paint "谢谢", which used up the day's only one."""
    user = await studio.member()
    for said, line in ((1, "谢谢"), (2, "thanks")):
        await say(user, line)
        await eventually(lambda said=said: len(studio.chat.said) == said)  # type: ignore[misc]
    await say(user, "一只猫")
    await sees(user, "想把这句话画出来？前面加上 /paint 就行。")
    await say(await studio.member(path=f"/?c={direct(LIN)}"), "谢谢！")
    await eventually(lambda: len(studio.chat.said) == 6)
    thanked = reply_of(studio.chat.said[6].body)
    assert [part.key for part in thanked.parts if isinstance(part, Line)] == ["courtesy.alone"]
    assert not studio.door.of("paint")


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


async def test_a_form_that_comes_back_shows_the_references_it_still_holds(studio: Studio) -> None:
    """They travelled along unseen, and could not be taken away."""
    user = await studio.member()
    await say(user, "/paint")
    await sees(user, "想画什么")
    (upload,) = user.find(kind=ui.upload, marker="field-files").elements
    await upload.handle_uploads([SmallFileUpload("猫.png", "image/png", b"\x89PNG....")])
    await sees(user, "猫.png")
    user.find(marker="form-submit").click()
    await sees(user, "写几个字说说想画什么")
    await sees(user, "猫.png")
    user.find(marker="drop-1").click()
    await user.should_not_see("猫.png")


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
