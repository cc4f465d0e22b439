from dataclasses import replace
from typing import Any

import pytest

from registrar.core.people import Permission, Person
from registrar.core.setup import Demand, Finding, Standing, Untold, problems_in
from registrar.core.setup_changes import CloseBranch, HoldMerges, KeepVariables, RequireOwners, VoidOnPush
from registrar.core.setup_gitlab import Access, BranchRule, GitLabWalls, TagRule
from registrar.core.setup_variables import VariableRule

BOT = Person(7, "registrar-bot", is_bot=True)
DEMAND = Demand("main", "registrar: main", BOT, Permission.WRITE)
NO_ONE = Access(1, 0, "No one")
DEVELOPERS = Access(2, 30, "Developers + Maintainers")
MAINTAINERS = Access(3, 40, "Maintainers")
CLOSED = BranchRule("main", push=(NO_ONE,), merge=(DEVELOPERS,), allows_force=False, needs_code_owners=False)
FREE = GitLabWalls(
    rules=(CLOSED,),
    needs_pipeline=True,
    takes_skipped=False,
    voids_on_push=False,
    is_premium=False,
    merging_page="https://gitlab.com/acme/registry/-/settings/merge_requests",
    branches_page="https://gitlab.com/acme/registry/-/settings/repository",
    variables=VariableRule("developer", is_heeded=True),
    variables_page="https://gitlab.com/acme/registry/-/settings/ci_cd",
    pipeline=".gitlab-ci.yml",
    tags=(),
)
PREMIUM = replace(FREE, is_premium=True, voids_on_push=True, rules=(replace(CLOSED, needs_code_owners=True),))


def the(walls: GitLabWalls, part: str, demand: Demand = DEMAND) -> Finding:
    return next(each for each in walls.findings(demand) if each.check == f"branch protection, {part}")


@pytest.mark.parametrize("walls", [pytest.param(FREE, id="Free"), pytest.param(PREMIUM, id="Premium")])
def test_a_closed_branch_needs_nothing(walls: GitLabWalls) -> None:
    assert {each.standing for each in walls.findings(DEMAND)} == {Standing.OK}
    assert walls.steps(DEMAND) == ()


def test_on_free_the_bots_status_is_said_to_hold_what_gitlab_does_not() -> None:
    assert the(FREE, "code owners").says.startswith("GitLab Free asks for no code owners; the bot's status holds")
    assert the(FREE, "stale approvals").says.startswith("GitLab Free keeps approvals")


GAPS = [
    pytest.param(
        FREE, {"needs_pipeline": False}, "status", "does not wait for registrar: main", HoldMerges(), id="status"
    ),
    pytest.param(FREE, {"takes_skipped": True}, "status", "a skipped pipeline counts", HoldMerges(), id="skipped"),
    pytest.param(
        FREE,
        {"rules": ()},
        "pushes",
        "main is not protected",
        CloseBranch("main", exists=False, merge_level=30),
        id="open",
    ),
    pytest.param(
        FREE,
        {"rules": (replace(CLOSED, push=(MAINTAINERS,)),)},
        "pushes",
        "Maintainers may push to it",
        CloseBranch("main", exists=True, merge_level=30),
        id="pushes",
    ),
    pytest.param(
        FREE,
        {"rules": (replace(CLOSED, push=(MAINTAINERS,), allows_force=True),)},
        "force pushes",
        "its history may be rewritten",
        CloseBranch("main", exists=True, merge_level=30),
        id="force",
    ),
    pytest.param(
        FREE,
        {"rules": (CLOSED, replace(CLOSED, name="m*", push=(DEVELOPERS,), merge=(NO_ONE,)))},
        "pushes",
        "Developers + Maintainers may push to it",
        CloseBranch("m*", exists=True, merge_level=0),
        id="a wildcard that is laxer",
    ),
    pytest.param(
        PREMIUM, {"rules": (CLOSED,)}, "code owners", "code owners need not approve", RequireOwners("main"), id="owners"
    ),
    pytest.param(PREMIUM, {"voids_on_push": False}, "stale approvals", "approvals stay", VoidOnPush(), id="stale"),
]


@pytest.mark.parametrize(("walls", "gap", "part", "says", "change"), GAPS)
def test_each_gap_is_said_and_closed(
    walls: GitLabWalls, gap: dict[str, Any], part: str, says: str, change: object
) -> None:
    found = replace(walls, **gap)

    assert the(found, part).standing is Standing.PROBLEM
    assert says in the(found, part).says
    assert change in [step.change for step in found.steps(DEMAND)]


def test_a_rule_of_the_group_is_left_to_the_group() -> None:
    found = replace(FREE, rules=(replace(CLOSED, push=(MAINTAINERS,), is_inherited=True),))

    assert the(found, "pushes").standing is Standing.PROBLEM
    assert found.steps(DEMAND) == ()


def test_force_pushes_need_somebody_who_may_push() -> None:
    found = replace(FREE, rules=(replace(CLOSED, allows_force=True),))

    assert the(found, "force pushes").standing is Standing.OK
    assert len(found.steps(DEMAND)) == 1


BY_NAME = Access(4, None, "registrar-bot", user=7)


@pytest.mark.parametrize(
    ("merge", "permission", "standing"),
    [
        pytest.param((DEVELOPERS,), Permission.WRITE, Standing.OK, id="developers"),
        pytest.param((MAINTAINERS,), Permission.WRITE, Standing.PROBLEM, id="maintainers alone"),
        pytest.param((MAINTAINERS,), Permission.MAINTAIN, Standing.OK, id="it is a maintainer"),
        pytest.param((NO_ONE,), Permission.ADMIN, Standing.PROBLEM, id="nobody"),
        pytest.param((MAINTAINERS, BY_NAME), Permission.WRITE, Standing.OK, id="by its name"),
        pytest.param((replace(BY_NAME, user=8),), Permission.WRITE, Standing.PROBLEM, id="by another's name"),
        pytest.param((Access(5, None, "A group", is_inexact=True),), Permission.WRITE, Standing.UNTOLD, id="a group"),
    ],
)
def test_the_bot_must_be_allowed_to_merge_to_speak_under_what_was_merged(
    merge: tuple[Access, ...], permission: Permission, standing: Standing
) -> None:
    found = replace(FREE, rules=(replace(CLOSED, merge=merge),))

    assert the(found, "the bot", replace(DEMAND, permission=permission)).standing is standing


def test_who_may_merge_is_not_changed_by_closing_the_branch() -> None:
    rule = replace(CLOSED, push=(MAINTAINERS,), merge=(Access(6, None, "A group", is_inexact=True),))

    [step] = replace(FREE, rules=(rule,)).steps(DEMAND)

    assert step.change == CloseBranch("main", exists=True, merge_level=40)


def test_what_the_token_may_not_see_cannot_be_told() -> None:
    found = replace(PREMIUM, needs_pipeline=None, voids_on_push=Untold("not told"))
    parts = {each.check: each.standing for each in found.findings(replace(DEMAND, bot=None))}

    assert parts["branch protection, status"] is Standing.UNTOLD
    assert parts["branch protection, stale approvals"] is Standing.UNTOLD
    assert parts["branch protection, the bot"] is Standing.UNTOLD
    assert problems_in(found.findings(DEMAND)) == ()
    assert found.steps(DEMAND) == ()


BY_JOBS = replace(DEMAND, by_jobs=True)


@pytest.mark.parametrize(
    ("rule", "standing", "says", "change"),
    [
        pytest.param(
            VariableRule("developer", is_heeded=True),
            "problem",
            "overrule those of the job",
            KeepVariables(),
            id="open",
        ),
        pytest.param(
            VariableRule("maintainer", is_heeded=False), "problem", "developers may", KeepVariables(), id="not heeded"
        ),
        pytest.param(VariableRule("maintainer", is_heeded=True), "ok", "maintainers alone", None, id="maintainers"),
        pytest.param(VariableRule("owner", is_heeded=True), "ok", "owners alone", None, id="owners"),
        pytest.param(VariableRule("no_one_allowed", is_heeded=True), "ok", "no webhook starts one", None, id="nobody"),
        pytest.param(None, "cannot be told", "GitLab tells maintainers alone", None, id="not told"),
    ],
)
def test_whoever_may_not_read_the_token_gives_its_job_no_variables(
    rule: VariableRule | None, standing: str, says: str, change: KeepVariables | None
) -> None:
    walls = replace(FREE, variables=rule)

    *_, finding = walls.findings(BY_JOBS)

    assert (finding.check, finding.standing) == ("jobs, variables", standing)
    assert says in finding.says
    assert [step.change for step in walls.steps(BY_JOBS)] == ([change] if change else [])


@pytest.mark.parametrize(
    ("path", "standing"),
    [
        pytest.param(".gitlab-ci.yml", [], id="where GitLab looks"),
        pytest.param(".gitlab/ci/bot.yml", [], id="guarded all the same"),
        pytest.param(".gitlab-ci.yml@acme/pipelines", ["cannot be told"], id="guarded by another project"),
        pytest.param("https://example.com/bot.yml", ["cannot be told"], id="of another server"),
        pytest.param("ci/bot.yml", ["problem"], id="guarded by nobody"),
    ],
)
def test_the_file_that_is_the_pipeline_must_be_one_that_is_guarded(path: str, standing: list[str]) -> None:
    found = [each for each in replace(FREE, pipeline=path).findings(BY_JOBS) if each.check == "jobs, file"]

    assert [each.standing for each in found] == standing
    assert all(path.partition("@")[0] in each.says for each in found)


@pytest.mark.parametrize(
    ("hand", "who"),
    [
        pytest.param(DEVELOPERS, "Developers + Maintainers", id="developers"),
        pytest.param(Access(7, None, "leo", user=4), "leo", id="a person"),
        pytest.param(MAINTAINERS, None, id="maintainers"),
        pytest.param(NO_ONE, None, id="nobody"),
    ],
)
def test_what_runs_on_other_protected_branches_gets_the_token_too(hand: Access, who: str | None) -> None:
    walls = replace(FREE, others=(replace(CLOSED, name="release/*", push=(NO_ONE,), merge=(hand,)),))

    said = [each.says for each in walls.findings(BY_JOBS) if each.check == "jobs, branches"]

    assert [each.partition(" whose ")[0] for each in said] == (
        [f"{who} may change what runs on release/*,"] if who else []
    )
    assert not [each for each in walls.findings(DEMAND) if each.check == "jobs, branches"]


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        pytest.param(
            (TagRule("v*", (DEVELOPERS,)),), ["problem: Developers + Maintainers may create"], id="developers"
        ),
        pytest.param(
            (TagRule("v*", (MAINTAINERS, BY_NAME)),), ["problem: registrar-bot may create"], id="a person too"
        ),
        pytest.param((TagRule("v*", (MAINTAINERS,)), TagRule("w", (NO_ONE,))), [], id="maintainers, and nobody"),
        pytest.param(Untold("was not checked"), ["cannot be told: was not checked"], id="not told"),
    ],
)
def test_what_runs_on_protected_tags_gets_the_token_too(tags: tuple[TagRule, ...] | Untold, said: list[str]) -> None:
    walls = replace(FREE, tags=tags)

    found = [f"{each.standing}: {each.says}" for each in walls.findings(BY_JOBS) if each.check == "jobs, tags"]

    assert [each.partition(" the tag ")[0] for each in found] == said
    assert not [each for each in walls.findings(DEMAND) if each.check == "jobs, tags"]


def test_where_a_server_is_the_bot_variables_are_nobodys_business() -> None:
    assert not [each for each in FREE.findings(DEMAND) if each.check == "jobs, variables"]
