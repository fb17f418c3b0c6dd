"""A Form asked question by question in the private chat: kept in notes, so that it survives restarts; one question a person."""

from adapters.telegram.forms.asking import Forms, Submission

__all__ = ["Forms", "Submission"]
