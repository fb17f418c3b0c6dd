"""What the tables are made of: naming, kinds of columns, and moments. Times are UTC, stored as epoch seconds so that both databases compare them alike."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NUL = "\\u0000"
"""How it stands in JSON."""
Json = sa.JSON().with_variant(JSONB(), "postgresql")
Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def json_text(value: Any) -> str:
    """JSON as it is stored on either database: without NUL and halves of surrogate pairs, which PostgreSQL refuses and a hostile press may carry."""
    text = json.dumps(value, ensure_ascii=False)
    if NUL in text:
        text = json.dumps(_without_nul(value), ensure_ascii=False)
    return text.encode("utf-8", "ignore").decode()


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "")
        case dict():
            return {_without_nul(key): _without_nul(one) for key, one in value.items()}
        case list() | tuple():
            return [_without_nul(one) for one in value]
        case _:
            return value


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime in Python, epoch seconds in the database."""

    impl = sa.Double
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """datetime -> seconds; plain numbers pass."""
        return value.timestamp() if isinstance(value, datetime) else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """seconds -> aware UTC datetime."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


def own_id() -> sa.Column[int]:
    """A primary key the database counts up."""
    return sa.Column("id", Big, primary_key=True, autoincrement=True)


def text(name: str, **more: Any) -> sa.Column[str]:
    """Words, empty by default, never NULL."""
    return sa.Column(name, sa.Text, nullable=False, server_default="", **more)


def flag(name: str, default: bool = False) -> sa.Column[bool]:
    """True or false, never NULL."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def number(name: str, *more: Any) -> sa.Column[int]:
    """A whole number, zero by default, never NULL."""
    return sa.Column(name, Big, *more, nullable=False, server_default="0")


def ref(name: str, target: str, *, index: bool = False, nullable: bool = True) -> sa.Column[Any]:
    """A row of another table."""
    return sa.Column(name, sa.ForeignKey(target), index=index, nullable=nullable)
