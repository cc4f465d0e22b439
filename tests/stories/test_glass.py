"""In an emergency those whom the rules name let a change pass, as it is, and everybody hears of it."""

import pytest

from registrar.core.events import CommentWritten
from stories.conftest import Found
from stories.meddling import push_again, rewrite_what_the_bot_said
from stories.mischief import written_a_minute_ago
from stories.places import REGISTRY
from stories.registries import RULES, a_registry
from stories.side import Line
from stories.test_commands import asked
from stories.town import Town

GLASS = 'break_glass: {people: ["@leo"], statuses: [Production]}\n'
BREAK = "/registrar break-glass all answers are wrong"


@pytest.fixture
def town(found: Found) -> Town:
    """Leo, who owns nothing, is on call."""
    versions = {"1.0.0": 0.90, "1.1.0": 0.95}
    return found(a_registry(versions, status="Production: 1.0.0\n", rules=RULES + GLASS))


def test_glass_is_broken_loudly_and_the_deploy_goes_ahead(town: Town) -> None:
    number = asked(town)

    town.comment(number, BREAK, by="leo")
    town.merge(number, by="leo")

    (said,) = [said for said in town.comments(number) if "leo broke the glass" in said]
    assert "> all answers are wrong" in said
    assert "@ana @raj: " in said
    assert len(town.runs()) == 1
    assert "leo" in town.verdict(number)
    assert "all answers are wrong" in town.verdict(number)
    assert 'ruling: "glass broken"' in town.log("-1", "--notes=registrar", "--format=%N", "main")


def test_who_is_not_named_breaks_nothing(town: Town) -> None:
    number = asked(town)

    town.comment(number, BREAK, by="mei")

    assert town.status(number) == ("pending", "waiting for ana or raj")
    assert any(
        "mei is not among those whom registry.yaml lets break the glass" in said for said in town.comments(number)
    )


def test_where_the_rules_name_nobody_nobody_breaks_the_glass(found: Found) -> None:
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n"))
    number = asked(town)

    town.comment(number, BREAK, by="ana")

    assert any("names nobody who may break the glass" in said for said in town.comments(number))


def test_glass_is_broken_for_one_content_alone(town: Town) -> None:
    number = asked(town)
    town.comment(number, BREAK, by="leo")
    broken = town.status(number)

    push_again(town, number, by="mei", anew=True)

    assert broken[0] == "success"
    assert town.status(number)[0] == "pending"


def test_merged_by_somebody_who_is_not_named_it_is_not_deployed(town: Town) -> None:
    number = asked(town)
    town.comment(number, BREAK, by="leo")

    town.merge(number, by="ana")

    assert town.runs() == []
    assert "**Merged, but not deployed**" in town.verdict(number)


def test_words_put_into_the_mouth_of_who_is_named_break_nothing(town: Town) -> None:
    number = asked(town)
    town.comment(number, "I am looking at it.", by="leo")
    (comment,) = [each.id for each in town.discussion(number) if each.author == "leo"]
    written_a_minute_ago(town, number)

    town.side.edit_comment("ana", number, comment, BREAK)
    town.accept("late", CommentWritten(REGISTRY, number, comment))
    town.settle()

    assert town.status(number) == ("pending", "waiting for ana or raj")
    assert any("this comment was edited" in said for said in town.comments(number))


def test_glass_that_somebody_else_calls_broken_is_whole(town: Town) -> None:
    number = asked(town)
    head = town.pull_request(number).head
    town.comment(number, "### 🚨 leo broke the glass", by="mei")
    rewrite_what_the_bot_said(town, number, "waiting for ana or raj", "leo broke the glass")
    town.side.say("leo", head, Line(f"registrar: glass broken for {number}", "success", "glass broken by leo (4): me"))

    town.look_at(number)

    assert town.status(number) == ("pending", "waiting for ana or raj")


def test_broken_glass_lets_nothing_pass_that_is_held(town: Town) -> None:
    number = asked(town)
    town.comment(number, "/registrar hold not yet", by="ana")

    town.comment(number, BREAK, by="leo")

    assert town.status(number)[0] == "pending"
    assert town.status(number)[1].startswith("held by ana: not yet")
