from dataclasses import replace
from typing import Any

import pytest

from registrar.core.setup import Demand, Finding, Standing, Untold
from registrar.core.setup_changes import KeepRuleset
from registrar.core.setup_github import GitHubWalls, Layer, RequiredStatus

DEMAND = Demand("main", "registrar: main")
CLOSED = Layer(
    name="ruleset registrar: main",
    spares=(),
    statuses=(RequiredStatus("tests", 15368), RequiredStatus("registrar: main")),
    needs_pull_request=True,
    needs_code_owners=True,
    dismisses_stale=True,
    forbids_force=True,
    forbids_deletion=True,
)


def walls(*layers: Layer, unseen: tuple[Untold, ...] = (), ruleset: int | None = None) -> GitHubWalls:
    return GitHubWalls(layers, unseen, "https://github.com/acme/registry/settings/rules", ruleset)


def the(found: GitHubWalls, part: str) -> Finding:
    return next(each for each in found.findings(DEMAND) if each.check == f"branch protection, {part}")


def test_a_branch_that_one_layer_closes_for_everyone_needs_nothing() -> None:
    found = walls(CLOSED)

    assert {each.standing for each in found.findings(DEMAND)} == {Standing.OK}
    assert found.steps(DEMAND) == ()


def test_an_open_branch_gets_a_ruleset_of_its_own() -> None:
    [step] = walls(ruleset=5).steps(DEMAND)

    assert {each.standing for each in walls().findings(DEMAND)} == {Standing.PROBLEM}
    assert step.change == KeepRuleset(5, "main", "registrar: main")
    assert step.now.startswith("does not require the status registrar: main, lets people push without a pull request")


PARTS = [
    pytest.param("status", {"statuses": ()}, "it does not require registrar: main", id="status"),
    pytest.param("pull requests", {"needs_pull_request": False}, "it lets people push", id="pull requests"),
    pytest.param("code owners", {"needs_code_owners": False}, "it does not require code owners", id="code owners"),
    pytest.param("stale approvals", {"dismisses_stale": False}, "it keeps approvals", id="stale approvals"),
    pytest.param("force pushes", {"forbids_force": False}, "it lets people rewrite", id="force pushes"),
    pytest.param("deletion", {"forbids_deletion": False}, "it lets people delete", id="deletion"),
]


@pytest.mark.parametrize(("part", "gap", "says"), PARTS)
def test_each_gap_is_said_and_closed(part: str, gap: dict[str, Any], says: str) -> None:
    found = walls(replace(CLOSED, **gap))

    assert the(found, part).standing is Standing.PROBLEM
    assert the(found, part).says.startswith(says)
    assert len(found.steps(DEMAND)) == 1


@pytest.mark.parametrize(("part", "gap", "says"), PARTS)
def test_what_one_layer_lacks_another_may_hold(part: str, gap: dict[str, Any], says: str) -> None:
    del says
    only_this = replace(Layer("branch protection", ()), **{name: getattr(CLOSED, name) for name in gap})

    assert the(walls(replace(CLOSED, **gap), only_this), part).standing is Standing.OK


def test_whoever_is_spared_is_named() -> None:
    found = walls(replace(CLOSED, spares=("administrators", "ana")), replace(CLOSED, spares=("ana",)))

    assert the(found, "pull requests").says == "nobody pushes to it, but administrators and ana may all the same"
    assert len(found.steps(DEMAND)) == 1


def test_a_layer_that_spares_nobody_makes_up_for_one_that_does() -> None:
    found = walls(replace(CLOSED, spares=("administrators",)), CLOSED)

    assert {each.standing for each in found.findings(DEMAND)} == {Standing.OK}


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(walls(replace(CLOSED, spares=Untold("GitHub does not say"))), id="whom it spares"),
        pytest.param(walls(unseen=(Untold("GitHub does not say"),)), id="a whole layer"),
    ],
)
def test_what_the_token_may_not_see_cannot_be_told(found: GitHubWalls) -> None:
    assert {each.standing for each in found.findings(DEMAND)} == {Standing.UNTOLD}
    assert len(found.steps(DEMAND)) == 1


def test_a_status_that_only_an_app_can_say_is_said_by_no_account() -> None:
    found = walls(replace(CLOSED, statuses=(RequiredStatus("registrar: main", 99),)))

    assert the(found, "status").says == "registrar: main is believed from the app 99 alone, and the bot is an account"
