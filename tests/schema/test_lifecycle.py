import pytest

from registry_schema import Registry
from registry_schema.lifecycle import DEFAULTS
from schema.reading import problems_of, told


def in_status(rest: str) -> str:
    """A lifecycle of Draft and Live, with more keys for Live."""
    return f"statuses:\n  Draft: {{}}\n  Live: {rest}\n"


def in_gate(gate: str) -> str:
    return in_status(f"{{gates: [{{metric: a, {gate}}}]}}")


def test_the_default_lifecycle_is_the_one_that_names_are_checked_against() -> None:
    assert tuple(Registry().statuses) == DEFAULTS


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            in_status("{promotes_from: [Draft, Drft]}"),
            ':3: statuses.Live.promotes_from[1] names the status "Drft", which does not exist; did you mean Draft?',
            id="from an unknown status",
        ),
        pytest.param(
            in_status("{holders: one, displaced_to: Gone}"),
            ':3: statuses.Live.displaced_to names the status "Gone", which does not exist; '
            "the statuses are Draft, Live",
            id="displaced to an unknown status",
        ),
        pytest.param(
            in_gate("not_worse_than: Liv"),
            ':3: statuses.Live.gates[0].not_worse_than names the status "Liv", which does not exist; '
            "did you mean Live?",
            id="measured against an unknown status",
        ),
        pytest.param(
            "deploys:\n  - {status: Prod, repository: a/b, pipeline: c}\n",
            ':2: deploys[0].status names the status "Prod", which does not exist; did you mean Production?',
            id="deploy of a status that the default lifecycle lacks",
        ),
        pytest.param(
            "statuses: {Live: {}, live: {}}",
            ":1: the statuses Live and live differ in capital letters alone; rename one of the two",
            id="twins",
        ),
        pytest.param(
            "statuses: {}",
            ":1: statuses is empty; name a status, or leave it out for the default lifecycle",
            id="no statuses",
        ),
        pytest.param(
            in_status("{displaced_to: Draft}"),
            ":3: statuses.Live.displaced_to has no effect: the status holds many versions; add holders: one",
            id="displaced by nothing",
        ),
        pytest.param(
            in_status("{holders: one, displaced_to: Live}"),
            ':3: statuses.Live.displaced_to names "Live", which holds one version itself; '
            "name a status that holds many",
            id="displaced in turn",
        ),
        pytest.param(
            "statuses: {Draft: {holders: one}}",
            ":1: Draft is the first status, which every new version has, and cannot hold only one; "
            "leave holders out, or put another status first",
            id="first status that holds one",
        ),
        pytest.param(
            in_status("{gates: [{metric: a}]}"),
            ":3: statuses.Live.gates[0] has no criterion; add at_least, at_most or not_worse_than",
            id="gate without a bar",
        ),
        pytest.param(
            in_gate("at_least: 1, tolerance: 0.1"),
            ":3: statuses.Live.gates[0].tolerance has no effect without not_worse_than; "
            "take it out, or add not_worse_than",
            id="tolerance of nothing",
        ),
        pytest.param(
            in_gate("at_least: 1, at_most: 0.5"),
            ":3: no value passes statuses.Live.gates[0]: at_most is below at_least; swap the two",
            id="gate that nothing passes",
        ),
    ],
)
def test_rules_that_do_not_fit_together_are_told(text: str, problem: str) -> None:
    assert told("registry", text) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(in_gate("at_least: 1, at_most: 1"), id="one value passes"),
        pytest.param(in_gate("at_most: 1"), id="a bound above"),
        pytest.param(in_gate("not_worse_than: Live, tolerance: 0"), id="not worse at all"),
        pytest.param(in_status("{holders: one}"), id="displaced to the initial status"),
        pytest.param(in_status("{holders: one, displaced_to: Draft}"), id="displaced to the initial status by name"),
    ],
)
def test_rules_that_fit_together_are_accepted(text: str) -> None:
    assert problems_of("registry", text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "statuses: 3",
        "statuses: [A]",
        "statuses: {A: 3}",
        "statuses: {A: {promotes_from: 3, displaced_to: [B], holders: one, gates: 3}}",
        "statuses: {A: {promotes_from: [3], gates: [3]}}",
        "statuses: {B: {}, A: {holders: one, displaced_to: 3, gates: [{at_least: x, at_most: 1, not_worse_than: 3}]}}",
        "deploys: [3, {status: 3}]",
    ],
)
def test_rules_are_held_against_each_other_even_where_their_types_are_wrong(text: str) -> None:
    assert problems_of("registry", text)
