"""Each section of GitLab's CODEOWNERS is a rule of its own, and none that GitLab would pass by itself is passed."""

import pytest

from parity import only_on
from stories.conftest import Found
from stories.registries import a_registry
from stories.test_commands import asked
from stories.town import Town

pytestmark = only_on("gitlab", because="GitHub's CODEOWNERS knows no sections, no roles and no exclusions.")

BOTH = "[ML]\n/models/ @ana\n\n[Risk]\n/models/ @raj\n"


def owned(found: Found, codeowners: str) -> Town:
    return found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", codeowners=codeowners))


@pytest.mark.fault(53)
def test_an_owner_of_every_section_must_approve(found: Found) -> None:
    town = owned(found, BOTH)
    number = asked(town)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "pending"
    assert "waiting for raj" in town.status(number)[1]


def test_it_is_green_when_every_section_has_approved(found: Found) -> None:
    town = owned(found, BOTH)
    number = asked(town)

    town.approve(number, by="ana")
    town.approve(number, by="raj")

    assert town.status(number)[0] == "success"
    town.merge(number)
    assert len(town.runs()) == 1


@pytest.mark.fault(53)
def test_a_section_that_asks_for_two_is_not_content_with_one(found: Found) -> None:
    town = owned(found, "[ML][2]\n/models/ @ana @acme/admins\n")
    number = asked(town)

    town.approve(number, by="ana")
    assert town.status(number)[0] == "pending"
    town.approve(number, by="raj")

    assert town.status(number)[0] == "success"


def test_an_optional_section_lets_nobody_deploy(found: Found) -> None:
    town = owned(found, "^[ML]\n/models/ @ana\n")
    number = asked(town)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert "optional" in town.verdict(number)


def test_an_optional_section_beside_a_required_one_is_not_waited_for(found: Found) -> None:
    town = owned(found, "[ML]\n/models/ @ana\n\n^[Advice]\n/models/ @raj\n")
    number = asked(town)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "success"


@pytest.mark.fault(53)
def test_the_owners_on_a_heading_own_what_names_none(found: Found) -> None:
    town = owned(found, "[ML] @ana\n/models/\n")
    number = asked(town)
    assert town.status(number) == ("pending", "waiting for ana (section ML)")

    town.approve(number, by="ana")

    assert town.status(number)[0] == "success"


def test_a_role_is_held_by_who_holds_it_in_the_project_itself(found: Found) -> None:
    town = owned(found, "/models/ @@owner\n")
    number = asked(town)

    town.approve(number, by="raj")
    assert town.status(number)[1].startswith("waiting for ana; raj does not own ")
    town.approve(number, by="ana")

    assert town.status(number)[0] == "success"


@pytest.mark.fault(51, 53)
@pytest.mark.parametrize(
    "codeowners",
    [
        pytest.param("/models/ @nobody-here\n", id="nobody"),
        pytest.param(BOTH.replace("@raj", "@nobody-here"), id="nobody in one of two sections"),
        pytest.param("* @ana\n!/models/digits/status.yaml\n", id="an exclusion"),
        pytest.param("/models/ ana@example.com\n", id="an address"),
    ],
)
def test_a_rule_that_gitlab_approves_by_itself_is_closed(found: Found, codeowners: str) -> None:
    town = owned(found, codeowners)
    number = asked(town)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert town.merge(number) is None
