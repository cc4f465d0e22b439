"""The registry moves away, and somebody makes a repository of their own under its old name: it is never obeyed."""

from dataclasses import replace
from pathlib import Path

import pytest

from registrar.bootstrap import bot_for_checkout, bot_for_server
from registrar.errors import ForgeRefused
from registrar.settings import Settings, from_environment
from stories.places import REGISTRY
from stories.registries import a_registry
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town

ANOTHER = "acme/registry is another repository now"


def made_anew(town: Town) -> None:
    """The name of the registry leads to one of eve's, in which her word is enough, and the bot may write."""
    town.sandbox.move_repository(REGISTRY, "acme/models")
    town.sandbox.add_repository(REGISTRY)
    for login, role in {"eve": "admin", "leo": "write", "registrar-bot": "write"}.items():
        town.sandbox.grant(REGISTRY, login, role)  # type: ignore[arg-type] # literals in a dict are strings
    files = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n", codeowners="* @eve\n")
    town.begin(files, repository=REGISTRY, by="eve")


def settings_of(town: Town, **changes: str) -> Settings:
    environment = {
        "REGISTRAR_FORGE": town.side.dialect,
        "REGISTRAR_FORGE_URL": town.sandbox.url,
        "REGISTRAR_REPOSITORY": REGISTRY,
        "REGISTRAR_TOKEN": town.tokens["registrar-bot"],
    }
    return from_environment(environment | changes)


def id_of(town: Town, repository: str = REGISTRY) -> str:
    return str(town.sandbox.store.repository(repository).id)


def test_what_was_made_under_the_old_name_is_not_obeyed(town: Town) -> None:
    asked(town)
    was, started = id_of(town), town.runs()
    made_anew(town)
    number = town.propose(PROMOTED, by="leo", branch="theirs")
    town.approve(number, by="eve")

    sweep(town)
    town.look_at(number)

    said = (town.side.discussion("eve", number), town.side.lines("eve", town.side.seen("eve", number).head))
    assert said == ([], [])
    assert any(f"{ANOTHER} (id {id_of(town)}, it was {was})" in str(each) for each in town.engine.refusals)

    town.merge(number, by="eve")
    sweep(town)
    town.look_at(number)
    town.let_time_pass()

    assert town.runs() == started


def test_a_command_there_is_not_obeyed(town: Town) -> None:
    asked(town)
    made_anew(town)
    number = town.propose({"notes.txt": "a word\n"}, by="leo", branch="theirs")
    town.sandbox.store.repository(REGISTRY).webhooks = town.sandbox.store.repository("acme/models").webhooks

    town.comment(number, "/registrar promote digits@1.1.0 to Production", by="eve")

    assert [said.author for said in town.side.discussion("eve", number)] == ["eve"]
    assert town.side.branches("eve") == ["main", "theirs"]


def test_a_server_that_knew_the_registry_refuses_to_start(town: Town, tmp_path: Path) -> None:
    state = tmp_path / "state"
    was = id_of(town)
    bot_for_server(settings_of(town), state)
    bot_for_server(settings_of(town), state)
    made_anew(town)

    with pytest.raises(ForgeRefused, match=rf"{ANOTHER} \(id {id_of(town)}, it was {was}\)"):
        bot_for_server(settings_of(town), state)


def test_a_server_told_that_the_new_one_is_meant_starts_and_keeps_to_it(town: Town, tmp_path: Path) -> None:
    state = tmp_path / "state"
    bot_for_server(settings_of(town), state)
    made_anew(town)

    bot_for_server(settings_of(town, REGISTRAR_REPOSITORY_ID=id_of(town)), state)

    assert bot_for_server(settings_of(town), state).forge.identity() == id_of(town)


def test_a_server_whose_settings_hold_the_number_refuses_without_any_memory(town: Town, tmp_path: Path) -> None:
    pinned = settings_of(town, REGISTRAR_REPOSITORY_ID=id_of(town))
    made_anew(town)

    with pytest.raises(ForgeRefused, match=ANOTHER):
        bot_for_server(pinned, tmp_path / "state")

    assert not (tmp_path / "state").exists()


def test_a_registry_that_was_renamed_is_followed_by_its_new_name(town: Town, tmp_path: Path) -> None:
    bot_for_server(settings_of(town), tmp_path / "state")
    was = id_of(town)
    town.sandbox.move_repository(REGISTRY, "acme/models")

    moved = bot_for_server(settings_of(town, REGISTRAR_REPOSITORY="acme/models"), tmp_path / "state")

    assert moved.forge.identity() == was


def test_the_command_line_keeps_to_the_number_in_its_settings(town: Town) -> None:
    town.checkout("ana")
    folder = town.root / "work-ana-acme-registry"
    mine = settings_of(town, REGISTRAR_REPOSITORY_ID=id_of(town))
    made_anew(town)

    with pytest.raises(ForgeRefused, match=ANOTHER):
        bot_for_checkout(replace(mine, directory=folder))
