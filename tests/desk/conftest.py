"""What tests of commands ask for: the stage, its desk, and `ask`."""

from collections.abc import Awaitable, Callable

import pytest

from core.desk import Desk
from core.records import Records
from core.replies import Answer
from tests.conftest import Clock
from tests.desk.stage import Stage, build


@pytest.fixture
def stage(sqlite_records: Records, clock: Clock) -> Stage:
    """The desk with everything behind it, no rows yet; see `Stage` for what it can do."""
    return build(sqlite_records, clock)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    """The desk of the stage."""
    return stage.desk


@pytest.fixture
def ask(stage: Stage) -> Callable[..., Awaitable[Answer | None]]:
    """`await ask("paint", "a cat", who="page:ann", language="zh")`."""
    return stage.ask
