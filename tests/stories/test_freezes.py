"""A freeze holds what is approved, ends by itself, and is not got round by merging."""

from datetime import UTC, datetime, timedelta

from stories.conftest import Found
from stories.registries import RULES, a_registry
from stories.test_commands import asked
from stories.test_sweep import sweep
from stories.town import Town

HOUR = timedelta(hours=1)


def frozen(found: Found) -> Town:
    """Production has been frozen for an hour, and is for another."""
    begins, ends = (datetime.now(UTC) + by for by in (-HOUR, HOUR))
    freeze = f"freezes:\n  - {{reason: the sale, from: {begins.isoformat()}, until: {ends.isoformat()}}}\n"
    return found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=RULES + freeze))


def test_a_freeze_holds_what_is_approved_until_it_ends(found: Found) -> None:
    town = frozen(found)
    number = asked(town)

    town.approve(number, by="ana")

    state, words = town.status(number)
    assert state == "pending"
    assert words.startswith("Production is frozen until ")
    assert words.endswith(" UTC: the sale")

    town.clock.advance(2 * HOUR)
    town.let_time_pass()

    assert town.status(number) == ("success", "approved by ana (CODEOWNERS:2)")


def test_what_was_merged_in_a_freeze_is_not_deployed_however_late_it_is_looked_at(found: Found) -> None:
    town = frozen(found)
    town.protect()
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()

    town.merge(number)
    town.clock.advance(2 * HOUR)
    sweep(town)
    town.let_time_pass()

    assert town.runs() == []
    assert "**Merged, but not deployed**: Production is frozen until " in town.verdict(number)


def test_a_rollback_is_deployed_in_a_freeze(found: Found) -> None:
    town = frozen(found)
    town.protect(spares_admins=True)
    town.commit({"models/digits/status.yaml": "Production: 1.1.0\nArchived: 1.0.0\n"}, by="ana", branch="main")
    number = asked(town, text="/registrar rollback digits")
    town.approve(number, by="ana")

    town.merge(number)

    assert [title for title in town.runs() if "1.0.0" in title]
