"""The first library of example prompts: what `/random` draws from until admins keep their own."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SCENES = ("social", "shop", "story", "design", "teaching")
_FILE = Path(__file__).with_name("library.toml")


@dataclass(frozen=True, slots=True)
class Example:
    """A sample line (prompt with flags) of one of `SCENES`, as a native writer of each language would type it after `/paint`."""

    scene: str
    zh: str
    en: str


@cache
def load_examples() -> tuple[Example, ...]:
    """All examples, scene by scene. KeyError or TypeError when the file is not what it should be."""
    table = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(Example(scene, **entry) for scene in SCENES for entry in table[scene])
