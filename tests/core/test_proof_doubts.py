"""A change that nobody approved stays a breach until all of it is as it was when it was last approved."""

from registrar.core.proof_doubts import Doubts
from registrar.core.proof_facts import Finding, Grade, breach

FIRST, SECOND, THIRD = 40 * "1", 40 * "2", 40 * "3"


def doubts(*changes: tuple[str, dict[str, str | None]]) -> Doubts:
    made = Doubts()
    for commit, before in changes:
        made.add(commit, [of(commit)], before, upon=f"before {commit[0]}")
    return made


def of(commit: str) -> Finding:
    return breach(commit, "pushed", "by eve", "take it back")


def test_what_is_put_back_whole_is_resolved() -> None:
    known = doubts((FIRST, {"a": "old", "b": None}))

    assert list(known.settle(SECOND, {"a": "old"})) == []
    assert [each.grade for each in known.settle(THIRD, {"b": None})] == [Grade.RESOLVED]
    assert list(known.left()) == []


def test_what_became_something_else_is_not() -> None:
    known = doubts((FIRST, {"a": "old"}))

    assert list(known.settle(SECOND, {"a": "newer", "b": "old"})) == []
    assert list(known.left()) == [of(FIRST)]


def test_one_upon_the_other_go_back_to_what_was_approved_before_both() -> None:
    known = doubts((FIRST, {"a": "old"}), (SECOND, {"a": "first", "b": "b"}))

    assert known.restored_by({"a": "old"}) == {"a": SECOND}
    assert [each.commit for each in known.settle(THIRD, {"a": "old", "b": "b"})] == [FIRST, SECOND]


def test_nothing_is_restored_where_nothing_is_in_doubt() -> None:
    assert doubts((FIRST, {"a": "old"})).restored_by({"b": "old", "a": "new"}) == {}


def test_rules_that_nobody_approved_allow_nothing_but_to_put_files_back() -> None:
    known = doubts((FIRST, {"CODEOWNERS": "old", "a": "old"}))

    (found,) = known.doubtful_rules(SECOND, ["models/digits/status.yaml"])

    assert found.what == "models/digits/status.yaml was changed by rules that nobody approved"
    assert found.why == "CODEOWNERS was then as 1111111 had left it"
    assert list(known.doubtful_rules(SECOND, [])) == []
    assert list(doubts((FIRST, {"a": "old"})).doubtful_rules(SECOND, ["b"])) == []


def test_rules_are_sound_up_to_the_first_change_of_them_that_nobody_approved() -> None:
    known = doubts((FIRST, {"a": "old"}), (SECOND, {"CODEOWNERS": "old"}), (THIRD, {"registry.yaml": "old"}))

    assert known.sound_rules() == "before 2"
    list(known.settle(THIRD, {"CODEOWNERS": "old"}))
    assert known.sound_rules() == "before 3"
    list(known.settle(THIRD, {"registry.yaml": "old"}))
    assert known.sound_rules() is None
