"""What a person at the page sees: the words of every visible element, in order, and the buttons that can be pressed."""

from collections.abc import Iterator
from typing import Any

from nicegui import ui
from nicegui.element import Element

SPOKEN = ("aria-label", "alt", "label", "placeholder")


def visible(element: Element) -> bool:
    """Whether it is shown; a closed dialog or menu shows nothing."""
    closed = isinstance(element, ui.dialog | ui.menu) and not element.value
    return element.visible and not closed and not element.is_deleted


def walk(element: Element) -> Iterator[Element]:
    """The element and all visible ones in it, as they stand on the page."""
    if visible(element):
        yield element
        for child in element:
            yield from walk(child)


def words_of(element: Element) -> Iterator[str]:
    """What is read at this very element: its text, its names, its value, its options; a picture by its id."""
    text = getattr(element, "text", "")
    if isinstance(text, str) and text:
        yield text
    yield from (str(element.props[name]) for name in SPOKEN if element.props.get(name))
    if element.tag == "img":
        yield f"picture:{_image(str(element.props['src']))}"
    if isinstance(element, ui.select | ui.radio):
        options: Any = element.options
        yield from options.values()
    elif isinstance(element, ui.input | ui.number) and element.value is not None:
        yield f"{element.value:g}" if isinstance(element.value, float) else str(element.value)


def _image(address: str) -> str:
    """`/page/image/ID?…` or `/page/thumb/ID/…` -> every part, the id among them."""
    return address.replace("/", " picture:").replace("?", " ")


def lines_of(element: Element) -> Iterator[str]:
    """Everything to be read in an element, a sentence each: one in which a painting's id stands out is still one."""
    if not visible(element):
        return
    yield from words_of(element)
    children = list(element)
    if any("pb-id" in child.classes for child in children):
        yield "".join(str(getattr(child, "text", "")) for child in children)
    else:
        for child in children:
            yield from lines_of(child)


def seen(element: Element) -> str:
    """Everything to be read in an element."""
    return "\n".join(lines_of(element))
