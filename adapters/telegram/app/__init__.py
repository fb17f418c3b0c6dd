"""Telegram's connection: updates in, written down, answered; opened and closed by the process."""

from adapters.telegram.app.telegram import TelegramApp, TokenRefused

__all__ = ["TelegramApp", "TokenRefused"]
