"""Where a database is: the address in the settings as its driver reads it."""

from typing import Any

import sqlalchemy as sa

OURS = "prepared_statement_"
"""How the options begin that SQLAlchemy takes for itself and the driver does not know."""


def database_address(url: str) -> sa.URL:
    """`sqlite:///file` or `postgresql://…` -> the same with its driver; sa.exc.ArgumentError for a wrong one.

    `sslmode`, as PostgreSQL's own tools and every provider write it, is what the driver calls `ssl`.
    """
    address = sa.make_url(url)
    if address.get_backend_name() != "postgresql":
        return address.set(drivername="sqlite+aiosqlite")
    if mode := address.query.get("sslmode"):
        address = address.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return address.set(drivername="postgresql+asyncpg")


def driver_options(dialect: sa.Dialect, address: sa.URL) -> dict[str, Any]:
    """What every other connection of this address is opened with, for one that is opened past SQLAlchemy."""
    _, options = dialect.create_connect_args(address)
    return {name: value for name, value in options.items() if not name.startswith(OURS)}
