"""A Reply drawn with native elements: every part of `core/replies` has its look here, in the reader's language."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol, assert_never

from nicegui.element import Element

from adapters.page.elements import Tag, box, button, icon, link, lost, shows_when_lost, spoken
from core.replies import (
    Button,
    Document,
    Facts,
    Item,
    LinkButton,
    Meter,
    Part,
    Picture,
    Pictures,
    Quote,
    Reply,
)
from core.requests import Line
from core.texts import say, say_value

BACK = "admin.button_back"
TAGS = {"title": "h3", "": "p", "fact": "p", "money": "p", "alert": "p"}


class Stage(Protocol):
    """What a drawn reply needs of the page that shows it."""

    language: str

    def image(self, image: str, kind: str) -> str:
        """The address of an image (thumb, preview, original) for this reader."""
        ...

    def enlarge(self, pictures: Sequence[Picture], at: int) -> None:
        """Show pictures in full size, beginning with the one at this index."""
        ...

    def hand_over(self, document: Document) -> None:
        """Let the reader save a file."""
        ...

    async def put(self, text: str) -> None:
        """Put a text into the command box."""
        ...


Press = Callable[[Button], Awaitable[None] | None]


@dataclass(slots=True)
class Spoken:
    """The same page, spoken in the language its reader chose."""

    stage: Stage
    language: str

    def image(self, image: str, kind: str) -> str:
        """As on the page."""
        return self.stage.image(image, kind)

    def enlarge(self, pictures: Sequence[Picture], at: int) -> None:
        """As on the page."""
        self.stage.enlarge(pictures, at)

    def hand_over(self, document: Document) -> None:
        """As on the page."""
        self.stage.hand_over(document)

    async def put(self, text: str) -> None:
        """As on the page."""
        await self.stage.put(text)


def spoken_in(language: str, stage: Stage) -> Stage:
    """The stage in a chosen language; "" leaves it as it is."""
    return Spoken(stage, language) if language and language != stage.language else stage


def draw(reply: Reply, stage: Stage, press: Press) -> None:
    """Draw a reply into the current slot, in its own language where it has one: parts in order, then its buttons."""
    stage = spoken_in(reply.language, stage)
    for is_item, run in groupby(reply.parts, lambda part: isinstance(part, Item)):
        if is_item:
            with box("pb-items"):
                for part in run:
                    draw_part(part, stage, press)
        else:
            for part in run:
                draw_part(part, stage, press)
    if reply.buttons or reply.copy:
        with box("pb-buttons", role="group"):
            for one in reply.buttons:
                draw_button(one, stage, press)
            if reply.copy:
                label = say(Line("page.put"), stage.language)
                button(label, lambda: stage.put(reply.copy), "quiet").mark("put")


def draw_part(part: Part, stage: Stage, press: Press) -> None:
    """Draw one part; a part this page cannot draw is a type error."""
    match part:
        case Line():
            spoken(TAGS.get(part.tone, "p"), say(part, stage.language), f"pb-line {part.tone}".strip())
        case Quote():
            Tag("blockquote", part.text, "pb-quote", dir="auto")
        case Facts():
            _facts(part, stage)
        case Pictures():
            _pictures(part, stage)
        case Document():
            _document(part, stage)
        case Meter():
            meter(part, stage)
        case Item():
            _item(part, stage, press)
        case _:
            assert_never(part)


def draw_button(one: Button | LinkButton, stage: Stage, press: Press) -> Element:
    """One button; a link opens beside the page."""
    match one:
        case Button():
            style = one.style if one.style in ("primary", "danger") else "plain"
            return button(say(one.label, stage.language), lambda: press(one), style).mark(f"press {one.press}")
        case LinkButton():
            return link(say(one.label, stage.language), one.url, "pb-button plain")
        case _:
            assert_never(one)


def meter(part: Meter, stage: Stage) -> None:
    """A bar that says in words how much is done."""
    share = 100 * part.done / part.total if part.total else 0
    said = say(Line("page.meter", {"done": part.done, "total": part.total}), stage.language)
    with box("pb-meter", role="progressbar", aria_label=said) as bar:
        bar.props.update({"aria-valuemin": 0, "aria-valuemax": part.total, "aria-valuenow": part.done})
        Tag("span").style(f"width:{share:.0f}%")


def shot(picture: Picture, pictures: Sequence[Picture], stage: Stage, kind: str, classes: str = "") -> None:
    """One picture that opens large; its room is kept before it has come."""
    alt = say(picture.alt, stage.language)
    with button("", lambda: stage.enlarge(pictures, pictures.index(picture)), "bare", name=alt) as frame:
        frame.classes(f"pb-shot {classes}").mark(f"shot {picture.image}")
        image = Tag("img", "", "", src=stage.image(picture.image, kind), alt=alt, loading="lazy", decoding="async")
        shows_when_lost(image)
        lost(say(Line("page.unopened"), stage.language))
        if picture.width and picture.height:
            image.style(f"aspect-ratio:{picture.width}/{picture.height}")
        if picture.number:
            Tag("span", str(picture.number), "pb-number", aria_hidden="true")


def strip(pictures: Sequence[Picture], stage: Stage) -> None:
    """A result's pictures, small, under its receipt in the channel."""
    with box("pb-strip"):
        for picture in pictures:
            shot(picture, pictures, stage, "thumb")


def _pictures(part: Pictures, stage: Stage) -> None:
    with box(f"pb-pictures of-{min(len(part.pictures), 4)}"):
        for picture in part.pictures:
            shot(picture, part.pictures, stage, "preview")
    if not part.originals:
        return
    with box("pb-originals"):
        for picture in part.pictures:
            line = Line("page.original", {"n": picture.number}) if picture.number else Line("page.original_one")
            with link("", stage.image(picture.image, "original"), "pb-file", download=True):
                icon("o_download")
                Tag("span", say(line, stage.language))


def _facts(part: Facts, stage: Stage) -> None:
    with box("pb-facts", "dl"):
        for label, value in part.rows:
            Tag("dt", say(label, stage.language))
            spoken("dd", say_value(value, stage.language))


def _document(part: Document, stage: Stage) -> None:
    with button("", lambda: stage.hand_over(part), "bare", name=part.name) as held:
        held.classes("pb-file").mark("file")
        icon("o_description")
        Tag("span", part.name)


def _item(part: Item, stage: Stage, press: Press) -> None:
    with box("pb-item", "section"):
        if part.picture is not None:
            shot(part.picture, (part.picture,), stage, "thumb")
        with box("pb-item-words"):
            for line in part.lines:
                draw_part(line, stage, press)
            if part.buttons:
                with box("pb-buttons small", role="group"):
                    for one in part.buttons:
                        draw_button(one, stage, press)


def line_of(reply: Reply, language: str) -> tuple[str, bool]:
    """A reply in one line, and whether it warns (then only its warnings are said): the price under the box."""
    language = reply.language or language
    lines = [part for part in reply.parts if isinstance(part, Line)]
    alerts = [line for line in lines if line.tone == "alert"]
    return " · ".join(say(line, language) for line in alerts or lines), bool(alerts)


def balance_of(reply: Reply, language: str) -> str:
    """The first line about points in the answer to `points`, "" when there is none."""
    found = (part for part in reply.parts if isinstance(part, Line) and part.tone == "money")
    return next((say(line, reply.language or language) for line in found), "")


def way_back(reply: Reply) -> Button | None:
    """The button of a reply that leads back to where it came from."""
    found = (one for one in reply.buttons if isinstance(one, Button) and one.label.key == BACK)
    return next(found, None)


def is_word(reply: Reply) -> bool:
    """Whether a reply only says that something was done (or not): sentences, and at most a way back."""
    others = [one for one in reply.buttons if isinstance(one, LinkButton) or one.label.key != BACK]
    titled = any(isinstance(part, Line) and part.tone == "title" for part in reply.parts)
    return not others and not titled and all(isinstance(part, Line) for part in reply.parts)
