"""Every verb of the admin's desk, gathered from its sections."""

from collections.abc import Mapping

from core.commands.admin import (
    access,
    audit,
    budgets,
    examples,
    importing,
    inspirations,
    keys,
    keys_changes,
    limits,
    links,
    menu,
    pause,
    people,
    points,
    prices,
    records,
    records_many,
    status,
    team,
    templates,
)
from core.commands.asking import Command

MODULES = (
    menu,
    status,
    prices,
    keys,
    keys_changes,
    points,
    limits,
    budgets,
    records,
    records_many,
    inspirations,
    examples,
    importing,
    templates,
    team,
    access,
    people,
    audit,
    pause,
    links,
)
VERBS: Mapping[str, Command] = {verb: command for module in MODULES for verb, command in module.VERBS.items()}
