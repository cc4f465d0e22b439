"""A version must have held its status for a while, as the forge shows it, before it gets the next one."""

from datetime import timedelta

from stories.conftest import Found
from stories.registries import RULES, a_registry, a_version
from stories.test_commands import asked
from stories.town import Town

SOAK = "    holders: one\n    soak: 72h\n"
TO_STAGING = "/registrar promote digits@1.1.0 to Staging"


def soaking(found: Found, *, status: str = "Production: 1.0.0\n") -> Town:
    """What gets Production must have held the status before it for three days."""
    rules = RULES.replace("    holders: one\n", SOAK)
    return found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status=status, rules=rules))


def test_a_version_gets_production_when_it_has_held_staging_long_enough(found: Found) -> None:
    town = soaking(found)
    town.merge(asked(town, text=TO_STAGING), by="mei")
    number = asked(town, by="leo")

    town.approve(number, by="ana")

    state, words = town.status(number)
    assert state == "pending"
    assert words.startswith("Production asks for 3 days in the status before it: 1.1.0 holds Staging since ")

    town.clock.advance(timedelta(hours=73))
    town.let_time_pass()

    assert town.status(number) == ("success", "approved by ana (CODEOWNERS:2)")


def test_a_status_that_somebody_pushed_has_been_held_for_no_time_that_can_be_shown(found: Found) -> None:
    town = soaking(found, status="Production: 1.0.0\nStaging: 1.1.0\n")
    number = asked(town)
    town.approve(number, by="ana")

    town.clock.advance(timedelta(days=30))
    town.look_at(number)

    assert town.status(number)[0] == "pending"
    assert "since when 1.1.0 holds Staging cannot be shown" in town.verdict(number)


def test_the_first_status_is_held_since_the_version_was_registered(found: Found) -> None:
    town = soaking(found)
    town.merge(town.propose(a_version("1.2.0", accuracy=0.97), by="mei", branch="register"), by="mei")
    number = asked(town, text="/registrar promote digits@1.2.0 to Production")
    town.approve(number, by="ana")
    assert "1.2.0 holds Development since" in town.verdict(number)

    town.clock.advance(timedelta(hours=73))
    town.let_time_pass()

    assert town.status(number)[0] == "success"
