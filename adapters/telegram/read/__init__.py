"""Raw updates of the Bot API -> what was asked; pure, and strict: a shape nobody expects raises and is skipped by the caller."""

from adapters.telegram.read.heard import Heard, Me, Press, Replied
from adapters.telegram.read.update import EDITED, event_key, language_in, read

__all__ = ["EDITED", "Heard", "Me", "Press", "Replied", "event_key", "language_in", "read"]
