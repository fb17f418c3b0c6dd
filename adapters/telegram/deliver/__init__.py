"""What leaves for Telegram: paintings' messages by slot, answers in place, private words, and pictures that come in."""

from adapters.telegram.deliver.answers import Answers
from adapters.telegram.deliver.messenger import TelegramMessenger
from adapters.telegram.deliver.posting import Posting
from adapters.telegram.deliver.private import PrivateChats
from adapters.telegram.deliver.sent import Spot

__all__ = ["Answers", "Posting", "PrivateChats", "Spot", "TelegramMessenger"]
