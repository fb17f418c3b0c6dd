"""A platform that only remembers."""

from dataclasses import dataclass, field

from core.replies import Reply
from core.requests import Offered, Place


@dataclass
class Recorder:
    """A Messenger that remembers what it was asked to say; `files` are the offered ones by handle."""

    platform: str
    shown: list[tuple[str, Reply]] = field(default_factory=list)
    told: list[tuple[str, Reply]] = field(default_factory=list)
    once: set[str] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    async def show(self, slot: str, account: str, place: Place, reply: Reply, language: str) -> None:
        """Remember what stands under a slot."""
        self.shown.append((slot, reply))

    async def tell(self, account: str, place: Place | None, reply: Reply, language: str, once: str = "") -> None:
        """Remember what one account was told; at most once under a key."""
        if once and once in self.once:
            return
        self.once.add(once)
        self.told.append((account, reply))

    async def hide(self, generation: str) -> bool:
        """Remember whose messages were taken back."""
        self.hidden.append(generation)
        return True

    async def fetch(self, offered: Offered, most: int) -> bytes:
        """The bytes a test put under this handle."""
        return self.files[offered.handle]
