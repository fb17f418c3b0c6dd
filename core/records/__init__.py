"""The one way to open a transaction, on SQLite and on PostgreSQL alike."""

from core.records.opening import AlreadyRunning, Records, open_records
from core.records.transactions import Row, Tx

__all__ = ["AlreadyRunning", "Records", "Row", "Tx", "open_records"]
