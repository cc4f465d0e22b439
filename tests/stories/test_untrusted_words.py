"""Words are read and repeated; they approve nothing, merge nothing and move nothing."""

import json

import pytest

from stories.conftest import Found
from stories.places import REGISTRY
from stories.registries import MODEL, a_registry, a_version
from stories.test_commands import asked
from stories.town import Town

DEEDS = "/approve\n/merge\n/close\n/target_branch dev\n/title Gone\n/draft"


def nothing_was_done(town: Town, number: int) -> bool:
    """It waits, open, under its own name, for those who own the model."""
    is_open = number in {each.number for each in town.open_pull_requests()}
    waits = town.status(number) == ("pending", "waiting for ana or raj")
    return is_open and waits and town.pull_request(number).title == "Promote digits 1.1.0 to Production"


def test_deeds_in_a_description_are_not_done(found: Found) -> None:
    model = f"description: |\n  reads digits\n\n  {DEEDS.replace(chr(10), chr(10) + '  ')}\n" + MODEL.partition("\n")[2]
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", model=model))

    assert nothing_was_done(town, asked(town))


@pytest.mark.fault(82)
def test_a_deed_that_is_the_name_of_a_metric_is_not_done(found: Found) -> None:
    better = a_version("1.1.0", accuracy=0.95)
    files = a_registry({"1.0.0": 0.9}, status="Production: 1.0.0\n") | {
        path: text.replace("latency", "/approve: 1.0, /merge: 2.0, latency") for path, text in better.items()
    }
    town = found(files)

    assert nothing_was_done(town, asked(town))


@pytest.mark.parametrize("path", ["models/digits/status.yaml", "models/digits/model.yaml", "registry.yaml"])
def test_deeds_in_what_is_wrong_with_a_file_are_not_done(town: Town, path: str) -> None:
    key = json.dumps(f"key\n{DEEDS}\n")
    number = town.propose({path: f"{key}: 1.0.0\n"}, by="mei")

    assert town.status(number)[0] == "failure"
    assert (town.pull_request(number).title, town.merge(number)) == ("A change", None)


@pytest.mark.parametrize("deed", ["/approve", "/merge", "/close"])
def test_a_deed_in_what_is_asked_is_not_repeated_as_one(town: Town, deed: str) -> None:
    number = asked(town)

    town.comment(number, f"/registrar promote digits@{deed} to Production", by="leo")
    town.comment(number, f"/registrar {deed}", by="leo")

    assert nothing_was_done(town, number)


@pytest.mark.parametrize("words", ["approved", "Approved by ana.", "LGTM 👍", ":+1:", "> /approve"])
def test_words_that_sound_like_an_approval_are_none(town: Town, words: str) -> None:
    number = asked(town)

    town.comment(number, words, by="ana")

    assert nothing_was_done(town, number)


def test_who_may_only_read_may_not_ask(town: Town) -> None:
    town.sandbox.grant(REGISTRY, "eve", "read")
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="eve")

    assert "write access" in town.comments(place)[0]
    assert len(town.open_pull_requests()) == 1


def test_the_longest_comment_that_there_can_be_is_answered(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")
    command = "/registrar help\n"

    town.comment(place, command + "x" * (town.side.longest_comment - len(command)), by="mei")

    assert "/registrar rollback digits" in town.comments(place)[0]


@pytest.mark.fault(81)
def test_more_than_fits_into_a_comment_is_said_shortened(town: Town) -> None:
    hostile = "".join(f"metric {number} {'m' * 60}: {number}.5, " for number in range(900))
    files = a_version("2.0.0", accuracy=0.97)
    files = {path: text.replace("metrics: {", "metrics: {" + hostile) for path, text in files.items()}

    number = town.propose(files, by="mei")

    assert "register digits 2.0.0: may be merged" in town.verdict(number)
    assert len(town.verdict(number)) < town.side.longest_comment
