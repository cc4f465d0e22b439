"""What two bots do that answer each other."""

from datetime import UTC, datetime, timedelta

import pytest

from registrar.engine.budget import MOST, REST, SPAN, Budget

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WHY = "How often something is looked at is counted here, whichever forge tells of it."


def looks(budget: Budget, count: int, *, key: str = "acme/registry#7", at: datetime = NOON) -> int:
    """How many of so many it had room for."""
    return sum(budget.rest(key, now=at) is None for _ in range(count))


@pytest.mark.fault(78, because=WHY)
def test_who_is_looked_at_without_end_is_looked_at_once_a_minute() -> None:
    budget = Budget()

    assert looks(budget, MOST + 50) == MOST
    assert budget.rest("acme/registry#7", now=NOON) == NOON + REST
    assert looks(budget, 50, at=NOON + REST) == 1
    assert looks(budget, 50, at=NOON + REST + timedelta(seconds=59)) == 0
    assert looks(budget, 50, at=NOON + 2 * REST) == 1


@pytest.mark.fault(78, because=WHY)
def test_nothing_else_rests_with_it_and_it_rests_for_a_while() -> None:
    budget = Budget()
    looks(budget, MOST + 1)

    assert looks(budget, 5, key="acme/registry#8") == 5
    assert looks(budget, 5, at=NOON + SPAN) == 5
