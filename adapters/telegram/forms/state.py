"""A half-filled form as it is kept in a note."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from adapters.telegram.forms.questions import Asked, skippable, value_of
from core.requests import FieldValue, Place


@dataclass(slots=True)
class State:
    """`order` are the fields to ask, `at` the place in it; `message` is the question on screen (0: not asked yet), `last` the event answered last.

    `pictures` came along with typed answers (handle, name, mime, size).
    `problems` stand above the next question, `notes` (by field) above the question they are about.
    Secret values never stand here: `values` holds None for them.
    """

    token: str
    verb: str
    subject: str
    language: str
    title: str
    submit: str
    preview: str
    place: dict[str, Any]
    fields: list[dict[str, Any]]
    order: list[int]
    at: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    message: int = 0
    last: str = ""
    problems: list[str] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    pictures: list[list[Any]] = field(default_factory=list)

    @property
    def asked(self) -> Asked:
        """The field asked now."""
        return self.fields[self.order[self.at]]

    @property
    def full(self) -> bool:
        """Whether every question has been answered."""
        return self.at >= len(self.order)

    @property
    def rest_skippable(self) -> bool:
        """Whether this question and all that follow may be left as they are."""
        return all(
            skippable(self.fields[one]) or self.fields[one]["name"] in self.values for one in self.order[self.at :]
        )

    @property
    def origin(self) -> Place:
        """Where the form was asked for."""
        return Place(**self.place)

    def chosen(self) -> list[str]:
        """What is ticked or sent so far at the field asked now."""
        value = self.values.get(self.asked["name"], self.asked["value"] if self.asked["kind"] == "choice" else [])
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def as_filled(self) -> list[dict[str, Any]]:
        """The fields with what was answered in them; secrets stay out of sight."""
        shown = {
            one["name"]: self.values[one["name"]]
            for one in self.fields
            if one["name"] in self.values and one["kind"] != "file" and not one.get("secret")
        }
        return [one | {"value": shown[one["name"]]} if one["name"] in shown else one for one in self.fields]

    def filled(self, secrets: Mapping[str, str]) -> dict[str, FieldValue]:
        """All values by name, fields nobody answered with what they held."""
        found: dict[str, FieldValue] = {}
        for one in self.fields:
            name = one["name"]
            found[name] = secrets[name] if name in secrets else value_of(one, self.values.get(name, one["value"]))
        return found

    def to_json(self) -> dict[str, Any]:
        """As a note."""
        return asdict(self)
