"""What one browser tab is about: who looks, and where they are; and what all tabs share."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.page.answers import Answers
from adapters.page.completion import Words
from adapters.page.files import Addresses, Uploads
from adapters.page.login import Standing
from adapters.page.people import Channel, Person, direct, place_in
from adapters.page.read import Asker
from adapters.page.talk import Talk
from core.looks import Looker
from core.replies import ImageSource, PlatformStore
from core.requests import Place


@dataclass(frozen=True, slots=True)
class Given:
    """What every tab of the page shares; `switching`: members change freely; `refresh`: seconds between looks at the history.

    `looker` gives admins what they would rather look at than read; without one their sections are replies of the desk like the others.
    """

    answers: Answers
    store: PlatformStore
    talk: Talk
    uploads: Uploads
    addresses: Addresses
    commands: Words
    flags: Words
    people: Sequence[Person]
    channels: Sequence[Channel]
    looker: Looker | None
    images: ImageSource
    standing: Standing
    switching: bool
    refresh: float


@dataclass(slots=True)
class Tab:
    """One member's view: the channel, the thread beside it (0: none) and the section in its place ("": none)."""

    given: Given
    asker: Asker
    admin: bool
    theme: str
    channel: str
    thread: int = 0
    section: str = ""
    account: str = field(init=False)
    language: str = field(init=False)

    def __post_init__(self) -> None:
        self.account = str(self.asker.account)
        self.language = self.asker.language

    @property
    def channels(self) -> Sequence[str]:
        """Every channel this member may open."""
        return (*(one.id for one in self.given.channels), direct(self.account))

    def place(self, *, thread: int = 0, message: int = 0) -> Place:
        """A place in the open channel."""
        return place_in(self.channel, thread=thread, message=message)
