"""Whatever is merged, GTO's last word on every version is the registry's."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.test_gto import MERGED_AT, RULES, VERSIONS, a_merge, sha, to, version_commit
from registrar.core.gto import Merge, Tag, registration, stage_of, stage_tags
from registrar.core.lifecycle import Transition

STATUSES = ("Development", "QA", "Production", "Archived")
WISHES = st.lists(st.tuples(st.sampled_from(VERSIONS), st.sampled_from(STATUSES)), max_size=12)
REGISTERED = a_merge(commit="registered", registers=VERSIONS)


def moves_of(standing: dict[str, str], version: str, status: str) -> tuple[Transition, ...]:
    """What changes when a version gets a status, and whoever gives way to it."""
    wanted = {version: status}
    if status == "Production":
        wanted |= {other: "Archived" for other, held in standing.items() if held == status and other != version}
    moves = tuple(to(after, each, before=standing[each]) for each, after in wanted.items() if standing[each] != after)
    standing |= wanted
    return moves


def merges_of(wishes: Sequence[tuple[str, str]], *, apart: timedelta) -> tuple[list[Merge], dict[str, str]]:
    """A merge for each wish, and where every version stands in the end."""
    standing = dict.fromkeys(VERSIONS, "Development")
    merges = [
        a_merge(*moves_of(standing, version, status), commit=f"merge {number}", at=MERGED_AT + number * apart)
        for number, (version, status) in enumerate(wishes)
    ]
    return merges, standing


def told(merges: Sequence[Merge], tags: list[Tag], order: Sequence[int]) -> list[Tag]:
    """The tags after the merges were told in this order."""
    for number in order:
        later = {merge.commit for merge in merges[number + 1 :]}
        tags = [*tags, *stage_tags(merges[number], "digits", rules=RULES, tags=tags, later=later)]
    return tags


def as_gto_reads(tags: Sequence[Tag]) -> Mapping[str, set[str]]:
    """Each version's stages, by the order in which GTO takes tags."""
    stages: dict[str, set[str]] = {version: set() for version in VERSIONS}
    for tag in sorted(tags, key=lambda tag: (tag.at, tag.name)):
        if found := re.fullmatch(r"digits#(\w+)(!?)#\d+", tag.name):
            (version,) = (each for each in VERSIONS if version_commit(each) == tag.commit)
            (stages[version].discard if found[2] else stages[version].add)(found[1])
    return stages


def expected(standing: Mapping[str, str]) -> Mapping[str, set[str]]:
    held = {version: stage_of(status) for version, status in standing.items() if status != "Development"}
    return {version: {stage} if (stage := held.get(version)) else set() for version in VERSIONS}


def registered() -> list[Tag]:
    return [registration(REGISTERED, "digits", each, commit=version_commit(each), at=MERGED_AT) for each in VERSIONS]


@given(WISHES)
def test_gto_shows_who_holds_what_however_fast_they_were_merged(wishes: list[tuple[str, str]]) -> None:
    merges, standing = merges_of(wishes, apart=timedelta())

    tags = told(merges, registered(), range(len(merges)))

    assert as_gto_reads(tags) == expected(standing)
    assert len({tag.name for tag in tags}) == len(tags)


@given(WISHES, st.randoms(use_true_random=False))
def test_merges_told_in_any_order_are_right_after_one_more_look(wishes: list[tuple[str, str]], chance: Random) -> None:
    merges, standing = merges_of(wishes, apart=timedelta(minutes=1))
    order = list(range(len(merges)))
    chance.shuffle(order)

    tags = told(merges, told(merges, registered(), order), range(len(merges)))

    assert as_gto_reads(tags) == expected(standing)
    assert told(merges, tags, range(len(merges))) == tags


def test_the_walk_of_these_properties_is_one_that_a_registry_takes() -> None:
    merges, standing = merges_of([("1.0.0", "Production"), ("1.1.0", "Production")], apart=timedelta())

    assert standing == {"1.0.0": "Archived", "1.1.0": "Production", "1.2.0": "Development"}
    assert [merge.commit for merge in merges] == [sha("merge 0"), sha("merge 1")]
