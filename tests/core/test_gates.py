"""Whether a version clears the bars of a status."""

from collections.abc import Mapping

import pytest

from core.builders import a_model
from registrar.core.gates import Contender, Field, judge_gates
from registrar.core.verdicts import Verdict
from registry_schema import Direction, Gate

MODEL = a_model(accuracy=Direction.HIGHER, loss=Direction.LOWER)


def judged(gate: Gate, metrics: Mapping[str, float], *, holds: Mapping[str, float] | None = None) -> Verdict:
    """Judge 1.1.0 with these metrics, while 1.0.0 is in Production unless `holds` is None."""
    holders = {} if holds is None else {"Production": (Contender("1.0.0", holds),)}
    return judge_gates("Production", (gate,), Contender("1.1.0", metrics), Field(MODEL, holders))


@pytest.mark.parametrize(
    ("gate", "metrics", "passes", "reason"),
    [
        pytest.param(
            Gate("accuracy", at_least=0.96),
            {"accuracy": 0.9511},
            False,
            "accuracy 0.9511 is below the required 0.96",
            id="below",
        ),
        pytest.param(
            Gate("accuracy", at_least=0.96),
            {"accuracy": 0.96},
            True,
            "accuracy 0.96 is at least the required 0.96",
            id="exactly at the bar",
        ),
        pytest.param(Gate("loss", at_most=0.2), {"loss": 0.3}, False, "loss 0.3 is above the allowed 0.2", id="above"),
        pytest.param(
            Gate("loss", at_most=0.2), {"loss": 0.1}, True, "loss 0.1 is at most the allowed 0.2", id="well under"
        ),
        pytest.param(Gate("accuracy", at_least=0.96), {}, False, "1.1.0 does not report accuracy", id="not reported"),
        pytest.param(
            Gate("accuracy", at_least=0.96),
            {"acuracy": 0.97, "accuracy": float("nan")},
            False,
            "1.1.0 does not report accuracy; did you mean acuracy?",
            id="misspelt",
        ),
        pytest.param(
            Gate("accuracy", at_least=0.96),
            {"accuracy": float("nan")},
            False,
            "1.1.0 does not report accuracy",
            id="not a number",
        ),
    ],
)
def test_a_bound_is_judged(gate: Gate, metrics: dict[str, float], *, passes: bool, reason: str) -> None:
    verdict = judged(gate, metrics)

    assert verdict.passed is passes
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("gate", "value", "passes", "reason"),
    [
        pytest.param(
            Gate("accuracy", not_worse_than="Production"),
            0.94,
            False,
            "accuracy 0.94 is worse than the 0.95 of 1.0.0 in Production",
            id="worse",
        ),
        pytest.param(
            Gate("accuracy", not_worse_than="Production"),
            0.95,
            True,
            "accuracy 0.95 is not worse than the 0.95 of 1.0.0 in Production",
            id="equal",
        ),
        pytest.param(
            Gate("accuracy", not_worse_than="Production", tolerance=0.01),
            0.94,
            True,
            "accuracy 0.94 is worse than the 0.95 of 1.0.0 in Production, within the tolerated 0.01",
            id="worse by exactly what is tolerated",
        ),
        pytest.param(
            Gate("accuracy", not_worse_than="Production", tolerance=0.01),
            0.93,
            False,
            "accuracy 0.93 is worse than the 0.95 of 1.0.0 in Production, by more than the tolerated 0.01",
            id="worse by more than is tolerated",
        ),
    ],
)
def test_a_version_is_measured_against_the_holder(gate: Gate, value: float, *, passes: bool, reason: str) -> None:
    verdict = judged(gate, {"accuracy": value}, holds={"accuracy": 0.95})

    assert verdict.passed is passes
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("value", "passes"), [pytest.param(0.3, False, id="higher"), pytest.param(0.1, True, id="lower")]
)
def test_a_metric_that_is_better_low_is_worse_high(value: float, *, passes: bool) -> None:
    assert judged(Gate("loss", not_worse_than="Production"), {"loss": value}, holds={"loss": 0.2}).passed is passes


def test_with_no_holder_there_is_nothing_to_be_worse_than() -> None:
    verdict = judged(Gate("accuracy", not_worse_than="Production"), {"accuracy": 0.5})

    assert verdict.passed
    assert verdict.reason == "no version holds Production, so there is nothing to be worse than"


def test_a_holder_that_does_not_report_the_metric_leaves_a_doubt_that_fails() -> None:
    verdict = judged(Gate("accuracy", not_worse_than="Production"), {"accuracy": 0.5}, holds={})

    assert not verdict.passed
    assert verdict.reason == ("1.0.0, which holds Production, does not report accuracy, so they cannot be compared")


def test_a_metric_without_a_direction_leaves_a_doubt_that_fails() -> None:
    verdict = judged(Gate("f1", not_worse_than="Production"), {"f1": 0.9}, holds={"f1": 0.5})

    assert not verdict.passed
    assert verdict.reason == "model.yaml does not say whether higher or lower f1 is better; add it there"


def test_a_version_must_be_as_good_as_every_holder() -> None:
    holders = {"Live": (Contender("1.0.0", {"accuracy": 0.9}), Contender("0.9.0", {"accuracy": 0.99}))}
    gate = Gate("accuracy", not_worse_than="Live")

    verdict = judge_gates("Live", (gate,), Contender("1.1.0", {"accuracy": 0.95}), Field(MODEL, holders))

    assert verdict.reason == "accuracy 0.95 is worse than the 0.99 of 0.9.0 in Live"


def test_every_criterion_of_every_gate_is_judged() -> None:
    gates = (Gate("accuracy", at_least=0.9, at_most=1.0, not_worse_than="Production"), Gate("loss", at_most=1))

    verdict = judge_gates("Production", gates, Contender("1.1.0", {"accuracy": 0.95, "loss": 0.5}), Field(MODEL))

    assert [leaf.name for leaf in verdict.leaves()] == ["accuracy", "accuracy", "accuracy", "loss"]
    assert verdict.passed


def test_a_status_without_gates_says_so() -> None:
    assert judge_gates("QA", (), Contender("1.1.0"), Field(MODEL)).reason == "QA sets no gate"
