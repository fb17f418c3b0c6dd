"""One of every element of `core.replies`, filled as far as people fill it, and everything of it that somebody must be able to read."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from core import replies
from core.replies import (
    Button,
    Choice,
    ChoiceField,
    Document,
    Facts,
    FileField,
    Form,
    Item,
    LinkButton,
    Meter,
    NumberField,
    Picture,
    Pictures,
    Quote,
    Reply,
    TextField,
)
from core.requests import Line
from core.texts import say, say_value

NASTY = "<b>a</b> & *b* _c_ `d` [e](f) ~g~ ||h|| <!channel> <@U1> {i} \\j 猫🐈‍⬛𠮷"
ELEMENTS = (*get_args(replies.Part), *get_args(replies.Field), Button, LinkButton, Picture, Choice, Form, Reply)
"""Every kind of element there is; a new Part or Field is in it by itself."""


def line(text: str, tone: str = "") -> Line:
    """Any words as a Line."""
    return Line("telegram.plain", {"text": text}, tone)


def prompt(start: str, length: int = 800) -> str:
    """The longest prompt there may be, half of it in pairs of UTF-16."""
    return (start + "，🐈‍⬛橘猫<b>&*_" * length)[:length]


def picture(name: str, number: int = 0, alt: str = "") -> Picture:
    return Picture(name, line(alt), number, 640, 480)


def buttons(start: str, many: int) -> tuple[Button, ...]:
    styles = ("primary", "plain", "danger")
    return tuple(Button(line(f"{start} {n} {NASTY}"), "show", f"{start}{n}", styles[n % 3]) for n in range(many))


TONES = tuple(line(f"tone {tone or 'plain'} {NASTY}", tone) for tone in ("title", "", "fact", "money", "alert"))
LONG = (line(prompt("long plain")), line(prompt("long title"), "title"), line(prompt("long fact"), "fact"))
EMPTY = (line(""), line("", "title"), Quote(""), Facts(()), Facts(((line("empty value"), ""),)), Meter(0, 0))
ROWS = tuple((line(f"label {n} {NASTY}"), (n, f"value {n} {NASTY}", line(f"said {n}"))) for n in range(12))
ITEMS = tuple(
    Item(
        (line(f"row {n} {NASTY}"), Quote(prompt(f"words {n}", 160)), line(f"fact {n}", "fact")),
        picture(f"thumb{n}", alt=f"alt {n}"),
        (*buttons(f"item{n}", 2), LinkButton(line(f"link {n}"), f"https://a.example/{n}")),
        f"K{n}",
    )
    for n in range(40)
)
REPLIES: dict[str, Reply] = {
    "tones": Reply(TONES),
    "long": Reply(LONG),
    "quotes": Reply((Quote(prompt("quoted")), Quote(NASTY))),
    "empty": Reply((line("not empty"), *EMPTY)),
    "nothing": Reply(()),
    "facts": Reply((Facts(ROWS), Facts(((line("long value"), prompt("a value", 3500)),)))),
    "one picture": Reply((Pictures((picture("single"),)), line("under it")), buttons("single", 3), about="K7Q2"),
    "pictures": Reply((Pictures(tuple(picture(f"of{n}", n, NASTY) for n in range(1, 5))),), buttons("result", 12)),
    "originals": Reply((Pictures((picture("raw1", 1), picture("raw2", 2)), originals=True), line("the files"))),
    "document": Reply((line("a file"), Document(f"导出 & {NASTY[:12]}.csv", "text/csv", b"id\n1"))),
    "meter": Reply((Meter(1, 4), Meter(4, 4))),
    "list": Reply((line("a list", "title"), *ITEMS), buttons("list", 3)),
    "bare item": Reply((Item((), picture("bare", alt="alt of bare")), line("after it"))),
    "buttons": Reply((line("press"),), (*buttons("many", 25), LinkButton(line("away"), "https://a.example/x?y=<z>&q"))),
    "unreachable": Reply((line("links"),), (LinkButton(line("at home"), "http://127.0.0.1:8080/page"),)),
    "copy": Reply((Quote("a cat"),), copy="/paint a cat", private=True, instead=True, language="en"),
    "long copy": Reply((line("copy this"),), copy=f"/paint {prompt('copied')}"),
    "empty label": Reply((line("a sign"),), (Button(line(""), "show", "empty"),)),
}
"""Replies by what they are about; `longest` stands apart, for platforms split it."""

LONGEST = Reply(
    (*TONES, *LONG, Quote(prompt("longest quoted")), Facts(ROWS), Meter(2, 4), *ITEMS[:8], Document("x.csv", "", b"1")),
    buttons("longest", 25),
    copy=prompt("longest copied"),
)

FIELDS: tuple[replies.Field, ...] = (
    TextField("words", line(f"words label {NASTY}"), prompt("words value"), line(f"words hint {NASTY}"), 6, True, 900),
    TextField("plain", line("plain label"), "", None, required=False),
    TextField("key", line("secret label"), "the secret that was", line("secret hint"), secret=True, longest=400),
    NumberField("price", line("price label"), 1000, 0, 100_000, line("price hint")),
    NumberField("count", line("count label"), None, 1, 4, None, False),
    ChoiceField(
        "few",
        line("few label"),
        tuple(Choice(str(n), line(f"few {n} {NASTY[:29]}")) for n in range(3)),
        "1",
        line("few hint"),
    ),
    ChoiceField(
        "many", line("many label"), tuple(Choice(f"m{n}", line(f"option {n} of many")) for n in range(40)), "m7"
    ),
    ChoiceField(
        "some",
        line("some label"),
        tuple(Choice(f"s{n}", line(f"some {n}")) for n in range(10)),
        ("s1", "s2"),
        None,
        False,
        several=True,
    ),
    FileField("pictures", line("pictures label"), 3, line("pictures hint"), required=True),
    FileField("table", line("table label"), 1, line("table hint"), required=False, pictures=False),
)
FORM = Form(
    "paint",
    line("a title that is longer than a modal's"),
    FIELDS,
    "K7Q2",
    line("submit it now please, all of it"),
    "price",
    (line("intro words", "fact"), Quote(prompt("intro quoted")), Item((), picture("intro", alt="alt of intro"))),
    (("price", line(f"price problem {NASTY}")), ("", line("problem of all")), ("gone", line("problem of none"))),
    "",
)
PREVIEW = Reply((line("4 pictures, 400 points", "money"),))


def instances(value: Any) -> Iterator[Any]:
    """Every element inside a value, itself first."""
    if isinstance(value, tuple):
        for one in value:
            yield from instances(one)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from instances(getattr(value, field.name))


def readable(value: Any, language: str) -> Iterator[str]:
    """Everything in an answer that a person must be able to read, and `picture:ID` for each picture to be seen.

    What it does not know it walks through: the sentences of a new element must be seen as well.
    """
    match value:
        case Line():
            yield say(value, language)
        case Quote():
            yield value.text
        case Picture():
            yield f"picture:{value.image}"
        case Document():
            yield value.name
        case Facts():
            for label, held in value.rows:
                yield say(label, language)
                yield say_value(held, language)
        case Meter():
            yield f"{value.done}/{value.total}"
        case tuple():
            for one in value:
                yield from readable(one, language)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from readable(getattr(value, field.name), language)
            if isinstance(value, TextField) and not value.secret:
                yield value.value
            if isinstance(value, NumberField) and value.value is not None:
                yield str(value.value)
            if isinstance(value, Reply):
                yield value.copy
        case _:
            pass  # names, numbers and subjects are not read by people


def squeezed(text: str) -> str:
    """Without spaces, line breaks, and the commas of numbers: platforms break lines and count as they like."""
    return "".join(text.split()).replace(",", "")


ENOUGH = 10


def missing(wanted: Iterator[str], shown: str) -> list[str]:
    """What of the wanted texts is neither shown nor shown in part with a … where it was cut."""
    there = squeezed(shown)
    return [text for text in wanted if not _seen(squeezed(text), there)]


def _seen(text: str, there: str) -> bool:
    if text in there:
        return True
    start = there.find(text[:ENOUGH])
    while start >= 0 and len(text) > ENOUGH:
        length = next((n for n in range(len(text)) if there[start + n : start + n + 1] != text[n]), len(text))
        if there[start + length : start + length + 1] == "…":
            return True
        start = there.find(text[:ENOUGH], start + 1)
    return False
