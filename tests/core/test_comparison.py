"""How one version's metrics stand against another's."""

import pytest

from core.builders import a_model, a_version
from registrar.core.comparison import Judgement, compare
from registry_schema import Direction, Metric, Model

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER


@pytest.mark.parametrize(
    ("direction", "old", "new", "expected"),
    [
        pytest.param(HIGHER, 0.95, 0.97, Judgement.BETTER, id="higher is better"),
        pytest.param(HIGHER, 0.97, 0.95, Judgement.WORSE, id="lower is worse"),
        pytest.param(LOWER, 0.30, 0.20, Judgement.BETTER, id="lower is better"),
        pytest.param(LOWER, 0.20, 0.30, Judgement.WORSE, id="higher is worse"),
        pytest.param(HIGHER, 0.3, 0.1 + 0.2, Judgement.SAME, id="rounding is no change"),
        pytest.param(LOWER, 0.0, 0.0, Judgement.SAME, id="both nothing"),
    ],
)
def test_a_metric_is_judged_by_its_direction(direction: Direction, old: float, new: float, expected: Judgement) -> None:
    (row,) = compare(a_model(score=direction), a_version(score=old), a_version(score=new)).rows

    assert row.judgement is expected
    assert row.note == ""


def test_a_change_is_told_absolutely_and_relatively() -> None:
    (row,) = compare(a_model(loss=LOWER), a_version(loss=-0.4), a_version(loss=-0.5)).rows

    assert row.change == pytest.approx(-0.1)
    assert row.relative == pytest.approx(-0.25)


def test_nothing_is_relative_to_zero() -> None:
    (row,) = compare(a_model(loss=LOWER), a_version(loss=0.0), a_version(loss=0.5)).rows

    assert row.change == 0.5
    assert row.relative is None


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        pytest.param({"accuracy": 0.9}, {}, "the candidate does not report it", id="the candidate says nothing"),
        pytest.param(
            {"accuracy": 0.9},
            {"acuracy": 0.9},
            "the candidate does not report it; did you mean acuracy?",
            id="the candidate misspells it",
        ),
        pytest.param({}, {"accuracy": 0.9}, "there is nothing to compare it with", id="the baseline says nothing"),
        pytest.param({}, {}, "the candidate does not report it", id="neither says anything"),
        pytest.param(
            {"accuracy": 0.9}, {"accuracy": float("nan")}, "the candidate does not report it", id="not a number"
        ),
    ],
)
def test_a_missing_metric_is_unknown_and_says_so(old: dict[str, float], new: dict[str, float], note: str) -> None:
    row, *_ = compare(a_model(), a_version(**old), a_version(**new)).rows

    assert row.judgement is Judgement.UNKNOWN
    assert row.note == note
    assert row.change is None


def test_another_metric_of_the_model_is_never_taken_for_a_slip() -> None:
    model = a_model(accuracy=HIGHER, accuracy_5=HIGHER)

    row, *_ = compare(model, None, a_version(accuracy_5=0.9)).rows

    assert (row.metric, row.note) == ("accuracy", "the candidate does not report it")


def test_a_first_version_has_nothing_to_be_compared_with() -> None:
    (row,) = compare(a_model(), None, a_version(accuracy=0.9)).rows

    assert (row.baseline, row.candidate, row.judgement) == (None, 0.9, Judgement.UNKNOWN)


def test_a_metric_that_the_model_does_not_describe_is_shown_without_a_judgement() -> None:
    *_, row = compare(a_model(), a_version(accuracy=1, depth=3), a_version(accuracy=1, depth=4)).rows

    assert (row.metric, row.change, row.judgement) == ("depth", 1, Judgement.UNKNOWN)
    assert row.note == "model.yaml does not say whether higher or lower is better"


def test_the_primary_metric_comes_first_then_the_described_then_the_rest() -> None:
    model = Model("", metrics={"loss": Metric(LOWER, unit="nats"), "accuracy": Metric(HIGHER, primary=True)})

    comparison = compare(model, a_version(zeta=1), a_version(beta=2))

    assert [row.metric for row in comparison.rows] == ["accuracy", "loss", "beta", "zeta"]
    assert comparison.rows[1].unit == "nats"
    assert comparison.primary == comparison.rows[0]


def test_a_model_without_a_primary_metric_has_no_primary_row() -> None:
    assert compare(Model(""), a_version(a=1), a_version(a=1)).primary is None
