"""The tables: what Paintbot knows. Times are UTC, stored as epoch seconds so that both databases compare them alike."""

from core.records.tables.columns import Moment, json_text, metadata
from core.records.tables.paintings import credentials, generations, ghosts, health, images, leases, references, tasks
from core.records.tables.people import accounts, alerts, audit, budgets, ledger, members, passes, rules, spent
from core.records.tables.platforms import chat, inbox, notes, posted, posted_messages, ticks
from core.records.tables.shelves import examples, inspirations, templates

__all__ = [
    "Moment",
    "accounts",
    "alerts",
    "audit",
    "budgets",
    "chat",
    "credentials",
    "examples",
    "generations",
    "ghosts",
    "health",
    "images",
    "inbox",
    "inspirations",
    "json_text",
    "leases",
    "ledger",
    "members",
    "metadata",
    "notes",
    "passes",
    "posted",
    "posted_messages",
    "references",
    "rules",
    "spent",
    "tasks",
    "templates",
    "ticks",
]
