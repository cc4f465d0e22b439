from collections.abc import Mapping

import pytest

from core.builders import ANA, BOT, RAJ, a_registry, a_status
from registrar.core.approval_facts import Owner, Rule
from registrar.core.people import Permission
from registrar.core.setup import Finding, Standing, problems_in
from registrar.core.setup_owners import OwnersFacts, owners_findings, strictest
from registry_schema import Approvals, Problem, Registry
from registry_schema.approvals import ModelApprovals

STATUS = "models/digits/status.yaml"
ANA_ADMIN, RAJ_ADMIN = Owner(ANA, Permission.ADMIN), Owner(RAJ, Permission.ADMIN)


def found(
    rules: tuple[Rule, ...] = (Rule("CODEOWNERS:1", (ANA_ADMIN, RAJ_ADMIN)),),
    *,
    demand: Approvals = Approvals(),  # noqa: B008 - a frozen value
    alike: tuple[str, ...] = (STATUS,),
    unowned: Mapping[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
) -> tuple[Finding, ...]:
    owners = {} if unowned else {STATUS: rules}
    facts = OwnersFacts(
        "CODEOWNERS", ("CODEOWNERS",), problems, {STATUS: demand}, {STATUS: alike}, owners, unowned or {}, BOT
    )
    return owners_findings(facts)


def test_owners_who_may_approve_are_named() -> None:
    file, owners = found()

    assert (file.standing, file.says) == (Standing.OK, "CODEOWNERS can be read")
    assert (owners.standing, owners.says) == (Standing.OK, f"{STATUS}: ana or raj can approve")


def test_who_is_alone_cannot_approve_what_they_ask_for() -> None:
    says = found((Rule("CODEOWNERS:1", (ANA_ADMIN,)),))[-1].says

    assert says == f"{STATUS}: ana can approve, but not what they ask for themselves"


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        pytest.param((Rule("CODEOWNERS:1", ()),), "names nobody for", id="unknown to the forge"),
        pytest.param(
            (Rule("CODEOWNERS:1", (Owner(RAJ, Permission.WRITE),)),),
            "raj has write, admin is needed",
            id="too few rights",
        ),
        pytest.param((Rule("CODEOWNERS:1", (Owner(BOT, Permission.ADMIN),)),), "bots do not count", id="a bot"),
        pytest.param(
            (Rule("CODEOWNERS:1", (ANA_ADMIN,), section="ML", count=2), Rule("CODEOWNERS:2", (RAJ_ADMIN,))),
            "needs 2 of section ML",
            id="a section that asks for more than it has",
        ),
    ],
)
def test_a_path_that_nobody_can_approve_is_a_problem(rules: tuple[Rule, ...], says: str) -> None:
    [problem] = problems_in(found(rules))

    assert says in problem.says


def test_a_path_without_owners_is_a_problem() -> None:
    [problem] = problems_in(found(unowned={STATUS: "no line of CODEOWNERS matches it"}))

    assert problem.says == f"{STATUS}: no line of CODEOWNERS matches it"


def test_many_paths_that_the_same_lines_own_are_one_line() -> None:
    says = found(alike=tuple(f"models/m{number}/status.yaml" for number in range(40)))[-1].says

    assert says == "models/m0/status.yaml and 39 more files with the same owners: ana or raj can approve"


def test_lines_that_cannot_be_used_are_each_said_once_and_the_owners_are_judged_all_the_same() -> None:
    lines = found(
        problems=(Problem("CODEOWNERS", 4, "cannot be used", "delete it"), Problem("CODEOWNERS", 5, "neither"))
    )

    assert [(each.standing, each.says, each.mend) for each in lines[:2]] == [
        (Standing.PROBLEM, "CODEOWNERS:4: cannot be used", "delete it"),
        (Standing.PROBLEM, "CODEOWNERS:5: neither", "mend CODEOWNERS"),
    ]
    assert lines[2].standing is Standing.OK


def test_no_file_at_all_is_the_only_problem() -> None:
    [problem] = owners_findings(OwnersFacts(None, (".github/CODEOWNERS", "CODEOWNERS"), (), {}, {}, {}, {}, BOT))

    assert problem.says == "is in none of .github/CODEOWNERS and CODEOWNERS, so nobody can approve anything"


@pytest.mark.parametrize(
    ("registry", "demand"),
    [
        pytest.param(a_registry(), Approvals(), id="the default"),
        pytest.param(
            a_registry(QA=a_status(approvals=Approvals(count=2, permission="write"))),
            Approvals(count=2),
            id="the most of each",
        ),
        pytest.param(Registry(statuses={"Development": a_status()}), None, id="none"),
    ],
)
def test_the_strictest_status_says_what_owners_must_be(registry: Registry, demand: Approvals | None) -> None:
    assert strictest(registry, "digits") == demand


def test_owners_of_a_model_must_be_as_many_as_it_needs() -> None:
    risky = Approvals(for_models=(ModelApprovals(("risk/**",), count=2),))
    registry = a_registry(QA=a_status(approvals=risky))

    assert (strictest(registry, "risk/fraud"), strictest(registry, "digits")) == (Approvals(count=2), Approvals())
