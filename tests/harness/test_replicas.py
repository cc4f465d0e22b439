"""Several replicas on one database, killed at random under load: everything happens, and happens once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from harness.crowds import Rush, a_registry_of, effects
from harness.served import PATIENCE, Served, listen_to
from parity import only_on
from registrar.sandbox.faults import Dropped, Spot
from stories.side import Side
from stories.town import Town, peopled
from waiting import until

WRITES = Spot(by="registrar-bot", is_write=True)


@contextmanager
def replicas(town: Town, database: sa.URL, *, count: int = 3) -> Iterator[Sequence[Served]]:
    """So many bots, each of which is told of everything."""
    url = database.set(drivername="postgresql").render_as_string(hide_password=False)
    bots = [Served(town, town.root / f"bot-{each}", {"REGISTRAR_DATABASE_URL": url}) for each in range(count)]
    try:
        for bot in bots:
            bot.start()
        for bot in bots:
            until(lambda bot=bot: bot.answers, patience=PATIENCE)  # type: ignore[misc] # a lambda of the loop
            listen_to(town, bot)
        yield bots
        for bot in bots:
            bot.stop()
    finally:
        for bot in bots:
            bot.kill()


def once_each(town: Town, models: Sequence[str]) -> None:
    """Nothing twice, and nothing missing: for each model an answer, a verdict, a pull request, a run, three notes."""
    counted = effects(town)
    assert {each: times for each, times in counted.items() if times > 1} == {}
    kinds = [each.split(" ", 1)[0] for each in counted]
    assert {kind: kinds.count(kind) for kind in ("comment", "pull", "run")} == {
        "comment": 2 * len(models),
        "pull": len(models),
        "run": len(models),
    }
    assert sum("merged-" in each for each in counted) == len(models)


@pytest.mark.slow  # half a minute is the lease
@pytest.mark.fault(70, 71)
@only_on("github", because="Replicas share a database and no forge: to three processes it is all the same which it is.")
def test_work_of_a_replica_that_is_killed_is_done_once_by_another(
    tmp_path: Path, side: type[Side], postgres: sa.URL
) -> None:
    models = ["digits", "letters"]
    with peopled(tmp_path, side, a_registry_of(models)) as town, replicas(town, postgres) as bots:
        for bot, point in zip(bots[:2], (3, 11), strict=True):
            town.faults.begin(WRITES, Dropped(acts=True, meanwhile=bot.kill), after=point, times=1)

        Rush(town, models, lambda: None).promote()

        town.sandbox.drain()
        assert [bot.kills for bot in bots] == [1, 1, 0]
        once_each(town, models)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_replicas_that_are_killed_at_random_do_everything_once(
    tmp_path: Path, side: type[Side], postgres: sa.URL, seed: int
) -> None:
    models = ["digits", "letters", "faces", "voices", "roads"]
    random = Random(seed)
    with peopled(tmp_path, side, a_registry_of(models)) as town, replicas(town, postgres) as bots:
        town.faults.random.seed(seed)
        faults = [Dropped(acts, meanwhile=lambda: random.choice(bots).kill()) for acts in (False, True)]
        town.faults.begin(WRITES, *faults, share=0.05)

        def alive() -> None:
            for bot in bots:
                bot.revive()

        Rush(town, models, alive).promote()

        town.faults.end()
        town.sandbox.drain()
        assert sum(bot.kills for bot in bots) >= 3
        once_each(town, models)
