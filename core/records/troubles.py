"""What a database raises when it is full, gone, or too busy: for those who must say so in one line."""

import sqlalchemy as sa

TROUBLES = (
    sa.exc.DBAPIError,
    sa.exc.TimeoutError,
    ConnectionRefusedError,  # asyncpg's way to a server that is down is not wrapped; a missing file is its socket
    ConnectionResetError,
    FileNotFoundError,
)


def reason(error: BaseException) -> str:
    """The driver's own words, one line, without the statement."""
    words = str(getattr(error, "orig", None) or error).strip().splitlines()
    return words[0] if words else type(error).__name__


PASSING = ("08", "40", "53", "55", "57", "58")
"""Classes of PostgreSQL's states: connection, conflict, resources, another's lock, an operator's hand, the system below."""


def passes(error: BaseException) -> bool:
    """Whether the same statement may work later: the database is away, full or busy. False where the statement itself is at fault."""
    if not isinstance(error, sa.exc.DBAPIError) or error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    return state[:2] in PASSING if state else isinstance(error, sa.exc.OperationalError)
