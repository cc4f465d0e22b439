"""What every adapter does with the pipeline of an application."""

from datetime import UTC, datetime, timedelta

import pytest

from forges.contract import Place
from registrar.core.pull_requests import Outcome
from registrar.errors import ForgeRefused, Unknown

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("version", "outcome"), [("1.0.0", Outcome.SUCCESS), ("6.6.6", Outcome.FAILURE)])
def test_a_pipeline_is_started_and_found_by_its_operation(place: Place, version: str, outcome: Outcome) -> None:
    operation, since = "deploy-7-0123456789abcdef", datetime.now(UTC)
    inputs = {"operation": operation, "version": version}

    started = place.forge.start_pipeline(place.pipeline, inputs)
    place.settle()
    found = place.forge.find_run(place.pipeline, operation, since=since)

    assert found is not None
    assert started is not None
    assert (found.id, found.url, found.outcome) == (started.id, started.url, outcome)
    assert started.outcome is Outcome.PENDING
    assert operation in found.title


def test_a_run_of_another_operation_is_not_ours(place: Place) -> None:
    inputs = {"operation": "deploy-7-0123456789abcdef", "version": "1.0.0"}
    place.forge.start_pipeline(place.pipeline, inputs)

    assert place.forge.find_run(place.pipeline, "deploy-8-0123456789abcdef", since=LONG_AGO) is None


def test_a_run_from_before_is_not_ours(place: Place) -> None:
    operation, tomorrow = "deploy-7-0123456789abcdef", datetime.now(UTC) + timedelta(days=1)
    place.forge.start_pipeline(place.pipeline, {"operation": operation, "version": "1.0.0"})

    assert place.forge.find_run(place.pipeline, operation, since=tomorrow) is None


def test_a_pipeline_without_its_inputs_is_refused_with_the_reason(place: Place) -> None:
    with pytest.raises(ForgeRefused, match="operation"):
        place.forge.start_pipeline(place.pipeline, {})


def test_a_pipeline_that_does_not_exist_is_unknown(place: Place) -> None:
    with pytest.raises(Unknown):
        place.forge.start_pipeline(place.no_pipeline, {})
