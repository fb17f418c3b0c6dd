"""`paintbot doctor`: looks at everything an operator sets up, paints one picture that works and one that must fail, and says what it saw."""

from bot.doctor.examining import examine

__all__ = ["examine"]
