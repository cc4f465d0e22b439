"""What becomes of another registry's models: each added once, with at most one status, and nothing lost unsaid."""

from collections.abc import Mapping

import pytest

from registrar.core.importing import (
    ForeignModel,
    ForeignVersion,
    ImportPlan,
    ImportWishes,
    Present,
    plan_import,
)
from registrar.core.status_edits import StatusEdit
from registry_schema import Holder, Holdings, Registry

RULES = Registry()  # Development, QA, Staging, Production, Archived


def a_version(version: str, *stages: str) -> ForeignVersion:
    return ForeignVersion(version=version, called=f"churn@v{version}", stages=stages)


def a_plan(
    *versions: ForeignVersion, wishes: ImportWishes | None = None, present: Mapping[str, Present] | None = None
) -> ImportPlan:
    churn = ForeignModel(name="churn", versions=versions)
    return plan_import([churn], wishes or ImportWishes(), rules=RULES, present=present or {})


def statuses(plan: ImportPlan) -> dict[str, str]:
    return dict(plan.models[0].statuses)


def said(plan: ImportPlan) -> list[str]:
    left_out = (*plan.left_out, *(each for model in plan.models for each in model.left_out))
    return [f"{each.what}: {each.why}" for each in left_out]


def held(version: str = "1.0.0", status: str = "Production") -> dict[str, Present]:
    return {"churn": Present((version,), Holdings({status: (Holder(version),)}))}


@pytest.mark.parametrize(
    ("stages", "status"),
    [
        pytest.param(["production"], {"1.0.0": "Production"}, id="of the same name"),
        pytest.param(["prod"], {"1.0.0": "Production"}, id="as teams call it"),
        pytest.param(["champion"], {"1.0.0": "Production"}, id="an alias of MLflow's"),
        pytest.param(["blue"], {"1.0.0": "Staging"}, id="as somebody said"),
        pytest.param(["dev"], {}, id="the first status is written nowhere"),
        pytest.param([], {}, id="none"),
    ],
)
def test_a_stage_becomes_the_status_that_it_means(stages: list[str], status: dict[str, str]) -> None:
    plan = a_plan(a_version("1.0.0", *stages), wishes=ImportWishes(statuses={"blue": "Staging"}))

    assert (statuses(plan), said(plan)) == (status, [])


def test_a_stage_that_means_nothing_here_is_told() -> None:
    plan = a_plan(a_version("1.0.0", "Blue"))

    assert said(plan) == [
        "Blue of churn@v1.0.0: no status here is called so; say which it is with --status Blue=STATUS"
    ]


def test_of_several_stages_the_one_for_a_single_version_is_kept() -> None:
    plan = a_plan(a_version("1.0.0", "staging", "prod", "dev"))

    assert statuses(plan) == {"1.0.0": "Production"}
    assert said(plan) == ["staging of churn@v1.0.0: a version holds one status here, and keeps Production"]


def test_else_the_one_that_was_given_last() -> None:
    assert statuses(a_plan(a_version("1.0.0", "staging", "qa"))) == {"1.0.0": "Staging"}


def test_of_two_that_hold_what_is_for_one_the_newest_is_meant() -> None:
    plan = a_plan(a_version("1.0.0", "prod"), a_version("1.1.0", "prod"))

    assert statuses(plan) == {"1.1.0": "Production"}
    assert said(plan)[0].startswith("Production of churn@v1.0.0: 1.1.0 holds it here; ask for it when it is merged")


def test_what_somebody_holds_here_already_stays_theirs() -> None:
    plan = a_plan(a_version("1.0.0", "prod"), a_version("1.1.0", "prod"), present=held())

    assert [version.version for version in plan.models[0].versions] == ["1.1.0"]
    assert statuses(plan) == {}
    assert said(plan)[0].endswith("registrar promote churn@1.1.0 to Production")


def test_where_a_bot_judges_every_status_none_is_given() -> None:
    plan = a_plan(a_version("1.0.0", "prod"), wishes=ImportWishes(may_give_statuses=False))

    assert statuses(plan) == {}
    assert said(plan)[0].startswith("Production of churn@v1.0.0: a bot judges every status here")


def test_what_is_here_already_is_not_added_again() -> None:
    plan = a_plan(a_version("1.0.0", "prod"), present=held())

    assert (plan.models, said(plan)) == ((), [])


def test_a_version_that_is_none_here_is_told() -> None:
    plan = a_plan(a_version("1.0"))

    assert (plan.models, said(plan)) == ((), ["churn@v1.0: '1.0' is no version by Semantic Versioning"])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param({}, ["risk/churn", "odd"], id="all of them, in small letters"),
        pytest.param({"Risk:Churn": ""}, ["risk/churn"], id="one of them"),
        pytest.param({"Risk:Churn": "churn"}, ["churn"], id="by another name"),
        pytest.param({"Risk:Churn": "a", "Odd": "a"}, ["a"], id="two by one name"),
        pytest.param({"Odd": "no_ä"}, [], id="by no name"),
    ],
)
def test_models_are_called_as_somebody_says(names: dict[str, str], expected: list[str]) -> None:
    models = [ForeignModel(name=name, versions=(a_version("1.0.0"),)) for name in ("Risk:Churn", "Odd")]

    plan = plan_import(models, ImportWishes(names=names), rules=RULES, present={})

    assert [model.name for model in plan.models] == expected
    assert len(plan.left_out) == (len(names) - len(expected) if names else 0)


def test_a_status_for_one_is_replaced_and_another_added_to() -> None:
    (model,) = a_plan(a_version("1.0.0", "staging"), a_version("1.1.0", "prod"), a_version("1.2.0", "qa")).models

    assert set(model.edits(RULES, besides={"1.2.0"})) == {
        StatusEdit("Staging", "1.0.0", "add"),
        StatusEdit("Production", "1.1.0", "replace"),
    }
