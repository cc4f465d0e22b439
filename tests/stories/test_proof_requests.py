"""What is asked for twice, and what is asked for in vain."""

from stories.conftest import Found
from stories.registries import a_registry
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town

FACTS = "models/digits/versions/1.1.0/version.yaml"


def without_weights(found: Found) -> Town:
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    del files["models/digits/versions/1.1.0/model.joblib.dvc"]
    return found(files | {FACTS: "created: 2026-03-01T12:00:00+00:00\nmetrics: {accuracy: 0.95, latency: 5.0}\n"})


def test_asking_again_leaves_an_approval_as_it_is(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    head = town.pull_request(number).head

    town.comment(number, "/registrar promote digits@1.1.0 to Production", by="leo")

    assert town.pull_request(number).head == head
    assert town.status(number)[0] == "success"


def test_a_wish_for_a_version_without_weights_writes_nothing(found: Found) -> None:
    town = without_weights(found)
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="mei")

    (answer,) = town.comments(place)
    assert answer.startswith("❌ mei: digits 1.1.0 has no weights")
    assert [branch for branch in town.side.branches("mei") if branch.startswith("registrar/")] == []


def test_a_change_by_hand_for_a_version_without_weights_is_red(found: Found) -> None:
    town = without_weights(found)

    number = town.propose(PROMOTED, by="mei")

    assert town.status(number)[0] == "failure"
    assert "has no weights" in town.verdict(number)
