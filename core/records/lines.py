"""Sentences kept in the database: a Line with whatever fills it, as JSON and back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.requests import Line, Value


def written(line: Line) -> list[Any]:
    """A Line as JSON: its key and its values; the tone is the reader's affair."""
    return [line.key, {name: written_value(value) for name, value in line.values.items()}]


def line_of(stored: Sequence[Any], tone: str = "") -> Line:
    """The Line that `written` gave."""
    values: Mapping[str, Any] = stored[1]
    return Line(stored[0], {name: value_of(value) for name, value in values.items()}, tone)


def written_value(value: Value) -> Any:
    """What may fill a text, as JSON."""
    match value:
        case Line():
            return {"line": written(value)}
        case tuple():
            return {"all": [written_value(one) for one in value]}
        case datetime():
            return {"at": value.isoformat()}
        case Decimal():
            return {"number": str(value)}
        case _:
            return value


def value_of(stored: Any) -> Value:
    """The value that `written_value` gave."""
    match stored:
        case {"line": found}:
            return line_of(found)
        case {"all": found}:
            return tuple(value_of(one) for one in found)
        case {"at": found}:
            return datetime.fromisoformat(found)
        case {"number": found}:
            return Decimal(found)
        case _:
            plain: Value = stored
            return plain
