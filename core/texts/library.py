"""Lists of words beside the sentences: the first library of example prompts, and what is said without asking for a picture."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SCENES = ("social", "shop", "story", "design", "teaching")
_FILE = Path(__file__).with_name("library.toml")


@dataclass(frozen=True, slots=True)
class Example:
    """A sample line (prompt with flags) of one of `SCENES`, as a native writer of each language would type it after `/paint`."""

    scene: str
    zh: str
    en: str


@cache
def said_without_prompt() -> Mapping[str, Mapping[str, Any]]:
    """Greetings, thanks and nods: `latin` words by kind, `chinese` patterns by what they are (see courtesy.toml)."""
    return tomllib.loads(_FILE.with_name("courtesy.toml").read_text("utf-8"))


@cache
def load_examples() -> tuple[Example, ...]:
    """All examples, scene by scene. KeyError or TypeError when the file is not what it should be."""
    table = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(Example(scene, **entry) for scene in SCENES for entry in table[scene])
