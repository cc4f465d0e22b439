"""What is deployed is what was approved, to the last byte."""

import pytest

from stories.landing import merged_as
from stories.registries import a_version
from stories.town import Town

BETTER = a_version("1.3.0", accuracy=0.97)
PROMOTED = BETTER | {"models/digits/status.yaml": "Production: 1.3.0\nArchived: 1.0.0\n"}


def other_weights(version: str) -> dict[str, str]:
    """The files of a version, with the hash of weights that nobody looked at."""
    files = a_version(version)
    known, evil = files[f"models/digits/versions/{version}/model.joblib.dvc"].split()[3], "0" * 32
    return {path: text.replace(known, evil) for path, text in files.items()}


@pytest.mark.fault(63)
def test_a_merge_that_altered_what_was_approved_is_not_deployed(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")

    merged_as(town, number, other_weights("1.3.0"))

    assert town.runs() == []
    assert "model.joblib.dvc is not what was approved" in town.verdict(number)


def test_a_merge_that_a_person_made_by_hand_is_deployed(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")

    merged_as(town, number, {})

    assert len(town.runs()) == 1
