"""The one way out to Telegram: limits kept, retries decided, errors made ours, the token in no text."""

from adapters.telegram.gate.limits import Gate, Limits, Rate
from adapters.telegram.gate.patience import Patience
from adapters.telegram.gate.troubles import ApiTrouble, Refused, Unsure, scrub, translate
from adapters.telegram.gate.wire import Wire

__all__ = ["ApiTrouble", "Gate", "Limits", "Patience", "Rate", "Refused", "Unsure", "Wire", "scrub", "translate"]
