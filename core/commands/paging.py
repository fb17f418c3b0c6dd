"""Pages of a list: which part is shown, and the buttons to the others; filters travel in a draft because a button holds 60 bytes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from core import drafts
from core.commands.asking import Ask
from core.errors import Refusal
from core.replies import Button
from core.requests import Line

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page:
    """Page `number` (from 1) of a list of `total` rows, `size` on a page; `draft` keeps what it is narrowed to, "" for nothing."""

    number: int
    total: int
    size: int
    draft: str = ""

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def subject(self) -> str:
        """What a button about this page carries: `2` or `2.DRAFT`."""
        return f"{self.number}.{self.draft}" if self.draft else str(self.number)

    def count(self, topic: str) -> Line:
        """How many there are, and which page this is where there are several: `TOPIC.count` or `TOPIC.count_all`."""
        if self.pages == 1:
            return Line(f"{topic}.count_all", {"n": self.total}, "fact")
        return Line(f"{topic}.count", {"n": self.total, "page": self.number, "pages": self.pages}, "fact")

    def buttons(self, verb: str) -> tuple[Button, ...]:
        """To the page before and the page after, where there are any."""
        tail = f".{self.draft}" if self.draft else ""
        found = []
        if self.number > 1:
            found.append(Button(Line("works.button_back"), verb, f"{self.number - 1}{tail}"))
        if self.number < self.pages:
            found.append(Button(Line("works.button_next"), verb, f"{self.number + 1}{tail}"))
        return tuple(found)


def page_of(subject: str) -> tuple[int, str]:
    """`2.DRAFT` -> (2, "DRAFT"); anything else is the first page."""
    number, _, draft = subject.partition(".")
    return (max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1), draft


async def paged(
    listed: Callable[[int], Awaitable[tuple[Sequence[Row], int]]], offset: int, size: int
) -> tuple[Sequence[Row], int, int]:
    """(rows, how many there are in all, their offset): the last page there is, where the list has become shorter than `offset`."""
    found, total = await listed(offset)
    last = within(offset, total, size)
    return (found, total, offset) if offset == last else (*await listed(last), last)


def within(offset: int, total: int, size: int) -> int:
    """An offset, or that of the last page where a list of so many has become shorter."""
    return min(offset, max(0, total - 1) // size * size)


async def kept(ask: Ask, draft: str) -> Mapping[str, Any]:
    """What a list was narrowed to; nothing for an empty draft. Refusal `works.filter_gone` for one nobody kept: never all where some were asked for."""
    if not draft:
        return {}
    async with ask.tools.house.records.read() as tx:
        found = await drafts.get(tx, "list", draft)
    if found is None:
        raise Refusal("works.filter_gone")
    return found


async def kept_words(ask: Ask, draft: str) -> str:
    """The words a list was narrowed to."""
    return str((await kept(ask, draft)).get("words", ""))


async def keep(ask: Ask, value: Mapping[str, Any]) -> str:
    """The id of what a list is narrowed to; "" for nothing."""
    if not any(value.values()):
        return ""
    async with ask.tools.house.records.write() as tx:
        return await drafts.keep(tx, "list", value)
