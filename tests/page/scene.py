"""A page with something on it: two members, examples, paintings in every state; for the browser tests and for looking at."""

import asyncio
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import cast

import uvicorn
from fastapi import FastAPI

from adapters.page.app import PageApp
from adapters.page.login import Login
from adapters.page.people import place_in
from adapters.page.talk import line_body, reply_body
from core.replies import (
    Answer,
    Button,
    Choice,
    ChoiceField,
    Document,
    Facts,
    FileField,
    Form,
    Item,
    Meter,
    NumberField,
    Picture,
    Pictures,
    Quote,
    Reply,
    TextField,
)
from core.requests import Account, Line, Request
from core.texts import LANGUAGES, catalogue
from tests.page.fakes import Clock, FakeChat, FakeImages, FakeStore, ScriptedDoor

for language in LANGUAGES:
    cast(dict[str, str], catalogue(language))["scene.words"] = "{text}"


def words(text: str, tone: str = "") -> Line:
    """Any words as a Line, without a catalogue of their own."""
    return Line("scene.words", {"text": text}, tone)


def picture(name: str, number: int = 0) -> Picture:
    return Picture(name, words(f"第 {number} 张" if number else "一张图"), number, 1664, 936)


def example(request: Request) -> Reply:
    return Reply(
        (Quote("写实猫咪：一只可爱的橘猫坐在窗台上，阳光洒在毛发上，浅景深，温暖色调"),),
        (Button(words("画这个 · 100 积分"), "paint", "x1", "primary"), Button(words("换一个"), "random")),
        instead=not request.text and not request.event_key.startswith("page:said"),
        copy="写实猫咪：一只可爱的橘猫坐在窗台上",
    )


def brief(request: Request) -> Form:
    shapes = tuple(Choice(value, words(said)) for value, said in (("1:1", "方"), ("16:9", "横"), ("9:16", "竖")))
    problems = (("prompt", words("写几个字说说想画什么")),) if request.values else ()
    return Form(
        "paint",
        words("画一张"),
        (
            TextField("prompt", words("想画什么"), lines=3, hint=words("主体、场景、风格、光线，越具体越好")),
            ChoiceField("ratio", words("画面比例"), shapes, "16:9"),
            NumberField("n", words("几张"), 1, 1, 4),
            FileField("files", words("参考图"), 4),
        ),
        submit=words("画"),
        preview="paint.preview",
        problems=problems,
    )


def paint(request: Request) -> Answer | None:
    return None if request.text or request.values.get("prompt") else brief(request)


def works(request: Request) -> Reply:
    items = tuple(
        Item(
            (
                words(f"#K7Q{n} 草稿 4 张 · 16:9", "fact"),
                Quote("一只橘猫坐在窗台上，晨光，浅景深，窗外是刚下过雨的老街"),
            ),
            picture(f"work{n}"),
            (Button(words("再来"), "again", f"K7Q{n}"), Button(words("详情"), "details", f"K7Q{n}")),
        )
        for n in range(2, 9)
    )
    return Reply((words("共 38 件，最近的在前", "fact"), *items), (Button(words("更多"), "works", "p2"),))


def admin(request: Request) -> Reply:
    rows = tuple((words(name), value) for name, value in (("本月画了", 128), ("失败", 3), ("用了积分", 12800)))
    items = tuple(
        Item((words(f"#M3X{n} 小林 · 高清 2 张", "fact"), words("画好了 · 用了 200 积分", "money")))
        for n in range(2, 7)
    )
    return Reply((Facts(rows), *items, Document("records.csv", "text/csv", b"id\n")))


SCRIPT = {
    "random": example,
    "paint": paint,
    "works": works,
    "gallery": works,
    "templates": admin,
    "admin": admin,
    "price": lambda request: Reply((words("1 张 · 标清 · 预计 100 积分"),)),
    "paint.preview": lambda request: Reply((words("1 张 · 标清 · 预计 100 积分", "money"),)),
    "points": lambda request: Reply(
        (words("余额 1 060 积分", "money"), Facts(((words("本月用了"), 940),))), private=True
    ),
    "details": lambda request: Reply(
        (words("#K7Q2", "title"), Facts(((words("种子"), "1234"), (words("尺寸"), "1664×936"))))
    ),
}
FLAGS = tuple(
    (flag, words(said))
    for flag, said in (
        ("--ar", "画面比例，例如 16:9、3:4"),
        ("--n", "几张，1 到 4"),
        ("--hd", "高清 2K"),
        ("--seed", "固定种子"),
        ("--tpl", "用团队模板"),
    )
)
COMMANDS = tuple(
    (f"/{verb}", words(said))
    for verb, said in (
        ("paint", "画一张"),
        ("random", "随机来一个示例"),
        ("works", "我的作品"),
        ("points", "积分余额"),
        ("paint-admin", "管理"),
    )
)


def result(short: str = "K7Q2", *, four: bool = True) -> Reply:
    count = 4 if four else 1
    shown = tuple(picture(f"{short}-{n}", n) for n in range(1, count + 1))
    facts = words(f"#{short} 小林 · 草稿 4 张 · 16:9 1664×936 · seed 1234 · 38 秒", "fact")
    buttons = [Button(words(str(n)), "pick", f"{short}.{n}") for n in range(1, count + 1)]
    buttons += [
        Button(words("出高清 · 100"), "final", short, "primary"),
        Button(words("再来"), "again", short),
        Button(words("改提示词"), "edit", short),
        Button(words("存模板"), "save", short),
        Button(words("详情"), "details", short),
        Button(words("采用"), "adopt", short),
        Button(words("删除"), "delete", short, "danger"),
    ]
    parts = (Pictures(shown), facts, Quote("一只橘猫坐在窗台上，晨光"), words("用了 400 积分 · 余额 1 060", "money"))
    return Reply(parts, tuple(buttons))


async def talk(page: PageApp, chat: FakeChat) -> None:
    """An ordinary morning in the channel."""
    show, lin, zhou = page.messenger.show, "page:xiaolin", "page:zhouzhou"
    await chat.add("spring", 0, zhou, line_body("", "/random"))
    await chat.add(
        "spring",
        0,
        "paintbot",
        reply_body(example(Request(Account("page", "", "zhouzhou"), place_in("spring"), "random", "1")), zhou),
    )
    asked = await chat.add("spring", 0, lin, line_body("", "/paint 一只橘猫坐在窗台上，晨光 --ar 16:9 --n 4 --draft"))
    await show(
        "K7Q2/receipt",
        lin,
        place_in("spring", message=asked),
        Reply((words("#K7Q2 画好了 · 16:9 1664×936 · 草稿 4 张 · seed 1234"), words("用了 400 积分 · 38 秒", "fact"))),
        "zh",
    )
    await show("K7Q2/result", lin, place_in("spring", message=asked), result(), "zh")
    await chat.add("spring", 2 + 2, lin, line_body("", "第三张的光最好，出它吧"))
    failed = (
        words("#P9TB 没画成：参考图没有通过即梦的内容检查。", "alert"),
        words("没扣积分，已退回 100，余额 1 060。", "money"),
        words("换一张图，或去掉人物和商标后再试。", "fact"),
    )
    again = (Button(words("换图再试"), "again", "P9TB"), Button(words("找管理员"), "help", "P9TB"))
    await chat.add("spring", 4, "paintbot", reply_body(Reply(failed, again, private=True), lin, only=lin))
    await chat.add("spring", 0, zhou, line_body("", "这组可以，先按 3 定调"))
    asked = await chat.add(
        "spring", 0, zhou, line_body("", "/paint 白底商品图，保温杯，图1 的产品放到图2 的场景 --ar 1:1 --n 2 --hd")
    )
    parts = (
        words("#M3XD 正在画 · 1/2 完成 · 1:1 2048×2048 · 高清 · 图1 商品照 图2 露营"),
        Meter(1, 2),
        words("预留 200 积分", "fact"),
    )
    await show(
        "M3XD/receipt",
        zhou,
        place_in("spring", message=asked),
        Reply(parts, (Button(words("取消"), "cancel", "M3XD"),)),
        "zh",
    )
    await chat.add("articles", 0, zhou, line_body("", "周五的头图谁来？"))


def built(
    login: Login | None = None, refresh: float = 5.0
) -> tuple[FastAPI, PageApp, FakeChat, ScriptedDoor, FakeStore]:
    """A page over fakes, mounted; nothing said yet."""
    clock = Clock()
    chat, store, door = FakeChat(clock.tick), FakeStore(), ScriptedDoor(SCRIPT)
    page = PageApp(
        door,
        store,
        chat,
        FakeImages(),
        clock,
        secret="a secret of the tests",
        uploads=Path(mkdtemp(prefix="page-")),
        login=login,
        commands=COMMANDS,
        flags=FLAGS,
        refresh=refresh,
    )
    app = FastAPI()
    page.mount(app)
    return app, page, chat, door, store


async def serve(port: int) -> None:
    """Serve the scene until interrupted."""
    app, page, chat, _, _ = built()
    await talk(page, chat)
    await uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning")).serve()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
