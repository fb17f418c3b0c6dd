"""A person at a platform: types, presses, fills in forms and reads, the same words for all three platforms."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.replies import Messenger


@dataclass(frozen=True)
class Upload:
    """A file a person hands over in a form."""

    name: str
    content: bytes
    mime: str = "image/png"


Typed = Mapping[str, str | int | tuple[str, ...] | tuple[Upload, ...]]
"""What a person puts into the fields of a form; the other fields stay as they are."""


class Driver(Protocol):
    """One person on one platform; every act ends when its answer has arrived."""

    account: str

    async def type(self, text: str) -> None:
        """Send a line, as it is typed on the page: `/paint a cat`, `/works`, `/admin prices`."""
        ...

    async def press(self, verb: str, subject: str | None = None) -> None:
        """Press the newest button of this verb. AssertionError where there is none on screen."""
        ...

    async def submit(self, values: Typed) -> None:
        """Fill these fields of the form on screen, leave the others as they are, and submit it."""
        ...

    def text_seen(self) -> str:
        """What the last act brought on screen."""
        ...

    def screen(self) -> str:
        """Everything on screen."""
        ...

    def buttons_seen(self) -> Sequence[str]:
        """`verb:subject` of every button on screen, newest last."""
        ...

    async def files(self) -> Sequence[bytes]:
        """Files this person was given, newest last."""
        ...

    async def look(self) -> None:
        """Wait until everything said by others has arrived."""
        ...


class Person(ABC):
    """What all drivers share: what is new on screen since the last act began."""

    def __init__(self, account: str) -> None:
        self.account = account
        self._before: Counter[str] = Counter()

    @abstractmethod
    def lines(self) -> list[str]:
        """Everything on screen, a line each."""

    def screen(self) -> str:
        return "\n".join(self.lines())

    def began(self) -> None:
        """An act begins: what stands on screen now is not its answer."""
        self._before = Counter(self.lines())

    def text_seen(self) -> str:
        left, found = self._before.copy(), []
        for line in self.lines():
            if left[line] > 0:
                left[line] -= 1
            else:
                found.append(line)
        return "\n".join(found)


class Site(Protocol):
    """A platform with the real adapter on the real desk."""

    @property
    def messenger(self) -> Messenger:
        """Its outgoing side."""
        ...

    async def person(self, account: str) -> Driver:
        """A person there."""
        ...
