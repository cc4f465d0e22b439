"""What the replicas know of each other's effects."""

import pytest
import sqlalchemy as sa

from registrar.core.effects import Effects, acted, refuse_one_more
from registrar.database.effects import KeptEffects, UnderWay, counted
from registrar.database.tables import EFFECTS
from registrar.errors import ForgeUnavailable, NotConfirmed, Superseded

KEY = "7:verdict"


def a_replica(database: sa.Engine, *, under_way: UnderWay | None = None) -> KeptEffects:
    return KeptEffects(database, "acme/registry", fence=(under_way or UnderWay()).still_ours)


def long_ago(database: sa.Engine, *, seconds: float) -> None:
    """What was begun was begun so much earlier."""
    with database.begin() as connection:
        connection.execute(sa.update(EFFECTS).values(begun_at=EFFECTS.c.begun_at - seconds))


def lost() -> str:
    raise ForgeUnavailable("it may still have been done")


def superseded() -> None:
    raise Superseded("another replica does it")


def act(effects: Effects, *, answer: str | None = "31", listed: str | None = None) -> str:
    """What whoever comments does, where the forge lists this."""
    known = effects.known(KEY)
    if known is not None and known.result is not None:
        return known.result
    if listed is None:
        refuse_one_more(known, KEY)
        listed = acted(effects, KEY, "comment", (lambda: answer) if answer else lost)
    effects.done(KEY, listed)
    return listed


def test_a_replica_knows_what_another_one_did(database: sa.Engine) -> None:
    act(a_replica(database), answer="31")

    assert act(a_replica(database), answer="32") == "31"


def test_a_replica_looks_for_what_another_one_began(database: sa.Engine) -> None:
    with pytest.raises(ForgeUnavailable):
        act(a_replica(database), answer=None)

    assert act(a_replica(database), answer="32", listed="31") == "31"


def test_a_second_act_without_a_trace_is_the_last(database: sa.Engine) -> None:
    for _ in range(2):
        with pytest.raises(ForgeUnavailable):
            act(a_replica(database), answer=None)
        long_ago(database, seconds=60)

    with pytest.raises(NotConfirmed, match="sent 2 times"):
        act(a_replica(database))


def test_a_clock_that_went_back_makes_no_act_older_than_it_is(database: sa.Engine) -> None:
    with pytest.raises(ForgeUnavailable):
        act(a_replica(database), answer=None)
    long_ago(database, seconds=-600)

    with pytest.raises(ForgeUnavailable, match="looked for again"):
        act(a_replica(database))


def test_an_effect_of_one_registry_is_none_of_another(database: sa.Engine) -> None:
    act(a_replica(database), answer="31")

    other = KeptEffects(database, "acme/models", fence=UnderWay().still_ours)

    assert act(other, answer="32") == "32"


@pytest.mark.fault(71)
def test_who_was_taken_for_dead_records_nothing(database: sa.Engine) -> None:
    under_way = UnderWay()
    late = a_replica(database, under_way=under_way)
    act(a_replica(database), answer="31")

    with under_way.held_by(superseded):
        with pytest.raises(Superseded):
            late.begin(KEY, "comment")
        with pytest.raises(Superseded):
            late.done(KEY, "32")
        with pytest.raises(Superseded):
            late.dropped(KEY)

    assert act(a_replica(database)) == "31"
    under_way.still_ours()  # what comes next is nobody else's


def test_effects_are_counted_by_their_kind(database: sa.Engine) -> None:
    replica = a_replica(database)
    act(replica)
    replica.begin("deploy-7", "deploy")
    replica.done("comment:8:verdict", "32")

    assert counted(database) == {"comment": 1}
