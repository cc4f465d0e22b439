"""One server looks after two registries of one forge: each as if it were alone, and one that is gone stops alone."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from registrar.bootstrap import registries_for_server
from registrar.core.events import Event, FollowUp, PullRequestChanged, RunChanged
from registrar.errors import ForgeUnavailable, RegistryGone
from registrar.forges.connecting import forge_of
from registrar.forges.port import Forge
from registrar.handlers.registries import Registries
from registrar.sandbox.faults import LOST_REQUEST, Spot
from registrar.settings import server_from_environment
from stories.places import APPLICATION, REGISTRY
from stories.registries import a_registry
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town

OTHER = "acme/other"
FILES = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n")


@pytest.fixture
def two(town: Town, tmp_path: Path) -> Registries:
    """The registry of the town and another one, seen by one server beside the bot of the town."""
    town.sandbox.add_repository(OTHER)
    for login, role in {"mei": "write", "ana": "admin", "registrar-bot": "write"}.items():
        town.sandbox.grant(OTHER, login, role)  # type: ignore[arg-type] # literals in a dict are strings
    town.begin(FILES, repository=OTHER)
    return looked_after(town, tmp_path / "state", REGISTRY, OTHER)


def looked_after(town: Town, state: Path, *names: str) -> Registries:
    environment = {
        "REGISTRAR_FORGE": town.side.dialect,
        "REGISTRAR_FORGE_URL": town.sandbox.url,
        "REGISTRAR_REPOSITORY": ",".join(names),
        "REGISTRAR_TOKEN": town.tokens["registrar-bot"],
        "REGISTRAR_WEBHOOK_SECRET": "not asked for here",
        "REGISTRAR_STATE_DIR": str(state),
    }
    registries = registries_for_server(server_from_environment(environment), lambda _: None)
    registries.start()
    return registries


def seen_by(town: Town, login: str) -> Forge:
    return forge_of(town.side.dialect, town.sandbox.url, repository=OTHER, token=town.tokens[login])


def proposed_in_the_other(town: Town) -> tuple[int, str]:
    """A promotion there, and its head."""
    head = town.checkout("mei", repository=OTHER).push(PROMOTED, branch="change", onto="main", message="Promote")
    opened = seen_by(town, "mei").open_pull_request(title="Promote", body="", branch="change", base="main")
    return opened.number, head


def worked(registries: Registries, *events: Event) -> Sequence[Event]:
    """Every event that was worked on, with what followed at once."""
    done: list[Event] = []
    waiting = list(events)
    while waiting:
        done.append(waiting.pop(0))
        waiting += [each.event for each in registries.handle(done[-1]) if not each.after]
    return done


def verdict_in_the_other(town: Town, head: str) -> str:
    return next((said.description for said in seen_by(town, "mei").statuses(head)), "")


def test_each_registry_is_swept_with_a_mirror_of_its_own(town: Town, two: Registries, tmp_path: Path) -> None:
    town.lose_webhooks()
    mine, (_, theirs) = town.propose(PROMOTED, by="mei"), proposed_in_the_other(town)

    worked(two, *two.sweeps)

    assert town.status(mine) == ("pending", "waiting for ana or raj")
    assert verdict_in_the_other(town, theirs) == "waiting for ana"
    mirrors = sorted(path.name for path in (tmp_path / "state" / "mirrors").iterdir())
    assert mirrors == ["acme%2Fother.git", "acme%2Fregistry.git"]


def test_a_run_of_an_application_is_told_to_the_registry_that_started_it(town: Town, two: Registries) -> None:
    proposed_in_the_other(town)
    town.checkout("mei", repository=OTHER).push({"a.txt": "a"}, branch="second", onto="main", message="A")
    seen_by(town, "mei").open_pull_request(title="A", body="", branch="second", base="main")  # of the same number
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    (title,) = [title for title, _ in town.side.runs("ana")]

    looks = two.handle(RunChanged(APPLICATION, 1, title))

    assert looks == (FollowUp(PullRequestChanged(REGISTRY, number)),)


def gone(town: Town, how: str) -> Callable[[], None]:
    """The other registry is gone, until this is called."""
    repository = town.sandbox.store.repository(OTHER)
    match how:
        case "renamed":
            town.sandbox.move_repository(OTHER, "acme/models")
            return lambda: town.sandbox.move_repository("acme/models", OTHER)
        case "hidden":
            repository.private = True
            repository.roles.pop(town.sandbox.store.account("registrar-bot"))
            return lambda: town.sandbox.grant(OTHER, "registrar-bot", "write")
        case _:
            town.sandbox.archive(OTHER)
            return lambda: town.sandbox.archive(OTHER, archived=False)


def said_of_registries(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line.getMessage() for line in caplog.records if line.name == "registrar.registries"]


@pytest.mark.fault(38)
@pytest.mark.parametrize("how", ["renamed", "hidden", "archived"])
def test_a_registry_that_is_gone_stops_alone_and_comes_back(
    town: Town, two: Registries, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    number, head = proposed_in_the_other(town)
    mine = town.propose(PROMOTED, by="mei")
    come_back = gone(town, how)

    worked(two, *two.sweeps)
    worked(two, *two.sweeps)
    with pytest.raises(RegistryGone):
        two.handle(PullRequestChanged(OTHER, number))

    (line,) = said_of_registries(caplog)
    assert line.startswith(f"{OTHER} is not looked after, until a sweep finds it again: ")
    assert town.status(mine) == ("pending", "waiting for ana or raj")

    come_back()
    worked(two, *two.sweeps)

    assert said_of_registries(caplog)[1:] == [f"{OTHER} is back, and is looked after again"]
    assert verdict_in_the_other(town, head) == "waiting for ana"


def test_a_server_starts_while_its_forge_does_not_answer(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mine = town.propose(PROMOTED, by="mei")
    head = town.pull_request(mine).head
    before = len(town.lines(head))
    town.faults.begin(Spot(by="registrar-bot"), LOST_REQUEST)

    registries = looked_after(town, tmp_path / "state", REGISTRY)
    with pytest.raises(ForgeUnavailable):
        registries.handle(PullRequestChanged(REGISTRY, mine))
    town.faults.end()
    worked(registries, *registries.sweeps)

    assert [line.split(" ")[0] for line in said_of_registries(caplog)] == [REGISTRY, REGISTRY]
    assert said_of_registries(caplog)[1] == f"{REGISTRY} is back, and is looked after again"
    assert len(town.lines(head)) == before
