"""What a merge says in GTO's words: each thing once, in the order of the base, and nothing that GTO shows already."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from registrar.core.gto import Merge, Tag, moment, registration, stage_of, stage_tags, untagged, version_tag
from registrar.core.lifecycle import Transition
from registry_schema import Holders, Registry, Status

RULES = Registry(
    statuses={
        "Development": Status(),
        "QA": Status(),
        "Production": Status(holders=Holders.ONE, displaced_to="Archived"),
        "Archived": Status(),
        "On-hold_": Status(),  # a name that no stage can have
    }
)
MERGED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VERSIONS = ("1.0.0", "1.1.0", "1.2.0")


def sha(word: str) -> str:
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest()


def version_commit(version: str) -> str:
    return sha(f"version {version}")


def to(status: str, version: str = "1.1.0", *, before: str = "Development", model: str = "digits") -> Transition:
    return Transition(model, version, before, status)


def a_merge(
    *transitions: Transition, commit: str = "c", at: datetime = MERGED_AT, registers: Iterable[str] = ()
) -> Merge:
    added = tuple(("digits", version) for version in registers)
    return Merge("pull request #7", "https://forge/7", sha(commit), at, transitions, added)


def tags_of(*merges: Merge) -> list[Tag]:
    """The tags that these merges have left, one after the other."""
    tags = [registration(merges[0], "digits", each, commit=version_commit(each), at=merges[0].at) for each in VERSIONS]
    for merge in merges:
        tags += stage_tags(merge, "digits", rules=RULES, tags=tags, later=())
    return tags


def told(merge: Merge, tags: Collection[Tag], *, later: Collection[str] = ()) -> list[tuple[str, str]]:
    """The tags that the merge still needs, each with the version whose commit it names."""
    versions = {version_commit(version): version for version in VERSIONS}
    wanted = stage_tags(merge, "digits", rules=RULES, tags=list(tags), later=later)
    return [(tag.name, versions[tag.commit]) for tag in wanted]


TAGGED = tags_of(a_merge())
PROMOTED = a_merge(to("Production", "1.0.0"), commit="first")
REPLACED = (to("Production"), to("Archived", "1.0.0", before="Production"))


@pytest.mark.parametrize(
    ("status", "stage"), [("Production", "production"), ("On-hold", "on-hold"), ("On-hold_", None), ("QA", "qa")]
)
def test_a_stage_is_the_status_in_small_letters_where_gto_can_say_it(status: str, stage: str | None) -> None:
    assert stage_of(status) == stage


def test_a_model_that_gto_cannot_name_has_no_tags() -> None:
    moves = [to("QA", model=model) for model in ("risk/fraud", "digits.v2", "digits_", "digits")]

    assert a_merge(*moves).models == ("digits", "risk/fraud")


def test_a_version_is_tagged_once_also_when_it_was_registered_before_there_were_tags() -> None:
    merge = a_merge(to("QA", "1.0.0"), registers=["1.1.0"])

    assert untagged(merge, "digits", []) == ("1.0.0", "1.1.0")
    assert untagged(merge, "digits", TAGGED) == ()


def test_the_tag_of_a_version_says_what_landed_and_by_which_pull_request() -> None:
    tag = registration(a_merge(registers=["1.1.0"]), "digits", "1.1.0", commit=sha("x"), at=MERGED_AT)

    assert (tag.name, tag.commit, tag.at, tag.landed) == ("digits@v1.1.0", sha("x"), MERGED_AT, sha("c"))
    assert tag.message == f"Register digits 1.1.0, by pull request #7\n\nhttps://forge/7\n\nLanded: {sha('c')}\n"


@pytest.mark.parametrize(
    ("merge", "tags", "expected"),
    [
        pytest.param(a_merge(to("QA")), TAGGED, [("digits#qa#1", "1.1.0")], id="the first status"),
        pytest.param(
            a_merge(*REPLACED),
            tags_of(PROMOTED),
            [("digits#production!#2", "1.0.0"), ("digits#production#3", "1.1.0"), ("digits#archived#4", "1.0.0")],
            id="one takes the place of another",
        ),
        pytest.param(
            a_merge(to("QA")), tags_of(a_merge(to("QA", "1.0.0"), commit="x")), [("digits#qa#2", "1.1.0")], id="many"
        ),
        pytest.param(
            a_merge(to("Development", before="QA")),
            tags_of(a_merge(to("QA"), commit="x")),
            [("digits#qa!#2", "1.1.0")],
            id="back to the first status, which is no stage",
        ),
        pytest.param(
            a_merge(to("On-hold_", before="QA")),
            tags_of(a_merge(to("QA"), commit="x")),
            [("digits#qa!#2", "1.1.0")],
            id="to a status that is no stage",
        ),
        pytest.param(
            a_merge(to("Production", "1.0.0", before="Archived"), to("Archived", before="Production")),
            tags_of(PROMOTED, a_merge(*REPLACED, commit="second")),
            [
                ("digits#archived!#5", "1.0.0"),
                ("digits#production!#6", "1.1.0"),
                ("digits#production#7", "1.0.0"),
                ("digits#archived#8", "1.1.0"),
            ],
            id="a rollback",
        ),
        pytest.param(
            a_merge(to("Production")),
            tags_of(PROMOTED),
            [("digits#production!#2", "1.0.0"), ("digits#production#3", "1.1.0")],
            id="whoever was there before, also if an unapproved change took it away meanwhile",
        ),
        pytest.param(a_merge(to("QA", model="other")), TAGGED, [], id="another model"),
        pytest.param(
            a_merge(to("Canary")),
            tags_of(PROMOTED),
            [("digits#canary#2", "1.1.0")],
            id="a status that came with the same merge",
        ),
        pytest.param(a_merge(Transition("digits", "1.1.0", "QA", "QA", 10, 20)), TAGGED, [], id="only its traffic"),
        pytest.param(
            a_merge(to("Production", "1.0.0", before="Archived")), tags_of(PROMOTED), [], id="what GTO shows already"
        ),
        pytest.param(
            a_merge(to("Archived", "1.0.0", before="Production")),
            TAGGED,
            [("digits#archived#1", "1.0.0")],
            id="what it held before there were tags",
        ),
    ],
)
def test_a_merge_is_told(merge: Merge, tags: list[Tag], expected: list[tuple[str, str]]) -> None:
    assert told(merge, tags) == expected


def test_what_was_told_is_not_told_again() -> None:
    merge = a_merge(*REPLACED)

    assert told(merge, tags_of(PROMOTED, merge)) == []


def test_a_tag_that_was_lost_is_made_again_at_its_old_time_under_a_new_number() -> None:
    merge = a_merge(*REPLACED, at=MERGED_AT + timedelta(days=1))
    *others, lost = tags_of(PROMOTED, merge)

    (made,) = stage_tags(merge, "digits", rules=RULES, tags=others, later=())

    assert (lost.name, made.name, made.commit, made.at) == (
        "digits#archived#4",
        "digits#archived#4",
        lost.commit,
        lost.at,
    )


def test_a_merge_that_is_told_late_does_not_know_what_came_later() -> None:
    first, second = PROMOTED, a_merge(*REPLACED, commit="second", at=MERGED_AT + timedelta(days=1))
    tags = [tag for tag in tags_of(first, second) if tag.landed != first.commit or "#" not in tag.name]

    assert told(first, tags, later=[second.commit]) == [("digits#production#5", "1.0.0")]


def test_merges_of_one_second_are_told_one_after_the_other() -> None:
    tags = tags_of(PROMOTED, a_merge(*REPLACED, commit="second"))

    assert [(tag.at - MERGED_AT).seconds for tag in tags if "#" in tag.name] == [0, 1, 1, 1]
    assert moment(a_merge(commit="third"), "digits", tags=tags, later=()) == MERGED_AT + timedelta(seconds=2)
    assert moment(a_merge(commit="third"), "risk/fraud", tags=tags, later=()) == MERGED_AT


@pytest.mark.parametrize(
    ("by_hand", "expected"),
    [
        pytest.param(Tag("digits#qa#8", version_commit("1.1.0"), MERGED_AT, "by hand"), [], id="it is believed"),
        pytest.param(
            Tag("digits#qa#8", version_commit("1.1.0"), MERGED_AT + timedelta(1), "by hand"),
            [("digits#qa#9", "1.1.0")],
            id="not what came later",
        ),
        pytest.param(
            Tag("digits#qa#8", version_commit("1.1.0"), MERGED_AT, "", is_annotated=False),
            [("digits#qa#9", "1.1.0")],
            id="nor what GTO does not read, though its number is taken",
        ),
        pytest.param(
            Tag("digits#qa", version_commit("1.1.0"), MERGED_AT, "by hand"), [], id="also one without a number"
        ),
    ],
)
def test_a_tag_that_a_person_made(by_hand: Tag, expected: list[tuple[str, str]]) -> None:
    assert told(a_merge(to("QA")), [*TAGGED, by_hand]) == expected


def test_a_version_has_the_letter_before_it_that_gto_wants() -> None:
    assert version_tag("risk/fraud", "1.0.0-rc.1+cpu") == "risk/fraud@v1.0.0-rc.1+cpu"
