"""The one way to open a transaction, on SQLite and on PostgreSQL alike."""

from core.records.opening import AlreadyRunning, Records, open_records
from core.records.transactions import DATABASE_CLOCK, INSERTS, Row, Tx

__all__ = ["DATABASE_CLOCK", "INSERTS", "AlreadyRunning", "Records", "Row", "Tx", "open_records"]
