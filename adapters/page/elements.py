"""Small components: native elements with our classes, faces, icons and spoken text."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

MARK = re.compile(r"(#[0-9A-HJKMNP-TV-Z]{4,8}\b)")
"""A painting's id as it is said: `#K7Q2`."""

FRAMES = ".pb-chip, .pb-shot, .thumb, .pb-lightbox-stage"
LOST = f"(e) => e.target.closest('{FRAMES}').classList.add('lost')"

Handler = Callable[[], Awaitable[None] | None]


class Tag(TextElement):
    """A native element: text is text (never markup), classes and attributes are ours."""

    def __init__(self, tag: str, text: str = "", classes: str = "", **attributes: str | bool | int) -> None:
        super().__init__(tag=tag, text=text)
        self.classes(classes)
        for name, value in attributes.items():
            self.props[name.rstrip("_").replace("_", "-")] = value


def box(classes: str = "", tag: str = "div", **attributes: str | bool | int) -> Element:
    """A native element that holds others."""
    held = ui.element(tag).classes(classes)
    for name, value in attributes.items():
        held.props[name.rstrip("_").replace("_", "-")] = value
    return held


def spoken(tag: str, text: str, classes: str = "") -> Element:
    """Text in which a painting's id stands out."""
    pieces = MARK.split(text)
    if len(pieces) == 1:
        return Tag(tag, text, classes)
    with box(classes, tag) as held:
        for piece in pieces:
            if piece:
                Tag("span", piece, "pb-id" if MARK.fullmatch(piece) else "")
    return held


def icon(name: str, classes: str = "") -> Element:
    """A sign beside words; says nothing to a screen reader."""
    return ui.icon(name).classes(f"pb-icon {classes}").props("aria-hidden=true")


def nothing(sign: str, text: str = "") -> Element:
    """A place with nothing in it yet, in the middle of the view: its sign, a sentence, and room for what to do next."""
    with box("pb-nothing") as held:
        icon(sign)
        if text:
            Tag("p", text)
    return held


def shows_when_lost(picture: Element) -> None:
    """A picture that does not come marks its frame `lost`; what says so stands in the frame and shows then."""
    picture.on("error", js_handler=LOST)


def lost(text: str) -> None:
    """What is seen in place of a picture that did not come; its button or its alt text is read out in any case."""
    with box("pb-lost", "span", aria_hidden="true"):
        icon("o_broken_image")
        Tag("span", text)


def button(text: str, press: Handler, style: str = "plain", *, sign: str = "", name: str = "") -> Tag:
    """A button: `style` is primary, plain, danger, quiet or bare; `name` is read out where the text is only a sign."""
    made = Tag("button", "" if sign else text, f"pb-button {style}", type="button")
    if name or (sign and not text):
        made.props["aria-label"] = name or text
        made.props["title"] = name or text
    if sign:
        with made:
            icon(sign)
            if text:
                Tag("span", text)
    made.on("click", lambda: press(), args=[])
    return made


def link(text: str, address: str, classes: str = "", **attributes: str | bool | int) -> Tag:
    """A link; an address of another site opens beside the page."""
    away: dict[str, Any] = {} if address.startswith("/") else {"target": "_blank", "rel": "noopener noreferrer"}
    return Tag("a", text, classes, href=address, **away, **attributes)


def face(name: str, colour: str, classes: str = "") -> Element:
    """A member's face: the letter people would call them by (小林 林, 周舟 周, Zhouzhou Z), on their colour."""
    letter = name[-1] if name[:1] in "小老阿" and name else name[:1].upper()
    return Tag("span", letter, f"pb-face {classes}", aria_hidden="true").style(f"background:{colour}")
