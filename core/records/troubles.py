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
