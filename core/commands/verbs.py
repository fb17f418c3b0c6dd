"""Every verb of the house and the command that answers it."""

from collections.abc import Mapping

from core.commands import (
    again,
    confirming,
    defaults,
    finals,
    inspirations,
    life,
    link,
    paint,
    points,
    random,
    reviewing,
    saving,
    shelf,
    start,
    works,
)
from core.commands.admin import every as admin
from core.commands.asking import Command

MODULES = (
    paint,
    confirming,
    again,
    finals,
    reviewing,
    life,
    points,
    works,
    random,
    inspirations,
    shelf,
    saving,
    start,
    link,
    defaults,
    admin,
)


def every_verb() -> Mapping[str, Command]:
    """The verb table; ValueError when two modules claim one verb."""
    found: dict[str, Command] = {}
    for module in MODULES:
        for verb, command in module.VERBS.items():
            if verb in found:
                raise ValueError(f"two commands for {verb}")
            found[verb] = command
    return found
