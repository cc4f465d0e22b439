"""What changes between two states of a model, and how a change is brought about."""

import pytest

from core.builders import a_registry, a_status, holding
from registrar.core.changes import promoted, rollback_target, transitions
from registrar.core.lifecycle import Transition
from registrar.core.status_edits import StatusEdit
from registrar.errors import NotAllowed, Unknown
from registry_schema import Holder, Holders, Holdings, Registry

NOBODY = Holdings()
VERSIONS = ("1.0.0", "1.1.0")


def moves(before: Holdings, after: Holdings) -> tuple[Transition, ...]:
    return transitions("digits", before, after, initial="Development")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(NOBODY, NOBODY, [], id="nothing"),
        pytest.param(NOBODY, holding(QA="1.0.0"), ["digits 1.0.0: Development -> QA"], id="first status"),
        pytest.param(holding(QA="1.0.0"), NOBODY, ["digits 1.0.0: QA -> Development"], id="named nowhere any more"),
        pytest.param(
            holding(Production="1.0.0", Staging="1.1.0"),
            holding(Production="1.1.0", Archived="1.0.0"),
            ["digits 1.0.0: Production -> Archived", "digits 1.1.0: Staging -> Production"],
            id="one displaces the other",
        ),
        pytest.param(holding(QA=("1.0.0", "1.1.0")), holding(QA=("1.1.0", "1.0.0")), [], id="another order"),
        pytest.param(
            NOBODY, holding(QA="9.0.0"), ["digits 9.0.0: Development -> QA"], id="a version that does not exist"
        ),
        pytest.param(NOBODY, holding(Development="1.0.0"), [], id="the initial status spelt out"),
        pytest.param(
            NOBODY,
            holding(QA=("1.10.0", "1.9.0")),
            ["digits 1.9.0: Development -> QA", "digits 1.10.0: Development -> QA"],
            id="in the order of versions",
        ),
    ],
)
def test_transitions_between(before: Holdings, after: Holdings, expected: list[str]) -> None:
    assert [str(move) for move in moves(before, after)] == expected


def test_another_share_of_the_traffic_is_a_transition_that_keeps_the_status() -> None:
    before, after = (Holdings({"Production": (Holder("1.0.0", share),)}) for share in (10, 50))

    (move,) = moves(before, after)

    assert move.keeps_status
    assert (move.traffic_before, move.traffic_after) == (10, 50)


def lifecycle() -> Registry:
    """The default, with three more statuses for one version each, that send whom they displace in three ways."""
    return a_registry(
        Live=a_status(holders=Holders.ONE, displaced_to="Archived"),
        Alone=a_status(holders=Holders.ONE),
        Fresh=a_status(holders=Holders.ONE, displaced_to="Development"),
    )


@pytest.mark.parametrize(
    ("holdings", "status", "expected"),
    [
        pytest.param(NOBODY, "QA", ["add QA 2.0.0"], id="into a status for many"),
        pytest.param(holding(QA="2.0.0"), "Staging", ["remove QA 2.0.0", "add Staging 2.0.0"], id="leaves its old one"),
        pytest.param(holding(QA="2.0.0"), "Development", ["remove QA 2.0.0"], id="to the initial status means nowhere"),
        pytest.param(
            holding(Live="1.0.0", Staging="2.0.0"),
            "Live",
            ["remove Staging 2.0.0", "replace Live 2.0.0", "add Archived 1.0.0"],
            id="the displaced is archived",
        ),
        pytest.param(holding(Alone="1.0.0"), "Alone", ["replace Alone 2.0.0"], id="the displaced goes nowhere"),
        pytest.param(holding(Fresh="1.0.0"), "Fresh", ["replace Fresh 2.0.0"], id="the displaced begins anew"),
        pytest.param(
            holding(Live="1.0.0", Archived="2.0.0"),
            "Live",
            ["remove Archived 2.0.0", "replace Live 2.0.0", "add Archived 1.0.0"],
            id="they change places",
        ),
        pytest.param(
            holding(Live=("1.0.0", "1.1.0")),
            "Live",
            ["replace Live 2.0.0", "add Archived 1.0.0", "add Archived 1.1.0"],
            id="too many holders are put in order",
        ),
    ],
)
def test_a_promotion_is_these_edits(holdings: Holdings, status: str, expected: list[str]) -> None:
    edits = promoted(lifecycle(), holdings, "2.0.0", status)

    assert [f"{edit.action} {edit.status} {edit.version}" for edit in edits] == expected


def test_a_promotion_to_the_status_already_held_is_refused() -> None:
    with pytest.raises(NotAllowed, match=r"1\.0\.0 already holds Production"):
        promoted(a_registry(), holding(Production="1.0.0"), "1.0.0", "Production")


def test_a_promotion_to_no_status_is_refused() -> None:
    with pytest.raises(Unknown, match="no status Prod; it has Development"):
        promoted(a_registry(), NOBODY, "1.0.0", "Prod")


def test_a_promotion_edits_nothing_else() -> None:
    edits = promoted(a_registry(), holding(QA="1.0.0", Staging="1.1.0"), "1.0.0", "Archived")

    assert edits == (StatusEdit("QA", "1.0.0", "remove"), StatusEdit("Archived", "1.0.0", "add"))


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        pytest.param(("1.0.0",), "1.0.0", id="the one before"),
        pytest.param(("2.0.0", "1.1.0", "1.0.0"), "1.1.0", id="the newest that is not the present one"),
        pytest.param(("1.5.0", "1.0.0"), "1.0.0", id="one that still exists"),
    ],
)
def test_a_rollback_goes_to(earlier: tuple[str, ...], expected: str) -> None:
    assert rollback_target("Production", earlier, present=("2.0.0",), versions=(*VERSIONS, "2.0.0")) == expected


@pytest.mark.parametrize(
    ("present", "message"),
    [
        pytest.param(("2.0.0",), r"no version held Production before 2\.0\.0", id="the first holder"),
        pytest.param((), "no version held Production that still exists", id="nobody"),
    ],
)
def test_a_rollback_with_nothing_to_go_back_to_is_refused(present: tuple[str, ...], message: str) -> None:
    with pytest.raises(NotAllowed, match=message):
        rollback_target("Production", ("2.0.0", "0.1.0") if present else (), present=present, versions=("2.0.0",))
