"""What holds of every CODEOWNERS, in both languages, whatever stands in it."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registrar.core.codeowners import github, gitlab
from registrar.core.codeowners.ownership import Codeowners, Ownership

Parse = Callable[[str], Codeowners]


def as_github(text: str) -> Codeowners:
    return github.parse_codeowners(text.encode(), file="CODEOWNERS")


def as_gitlab(text: str) -> Codeowners:
    return gitlab.parse_codeowners(text.encode(), file="CODEOWNERS")


BOTH = pytest.mark.parametrize("parse", [pytest.param(as_github, id="github"), pytest.param(as_gitlab, id="gitlab")])

names = st.sampled_from(["a", "b", "ab", ".a", "models"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
patterns = st.sampled_from(
    ["*", "a", "/a", "a/", "/a/", "*b", "a/*", "/a/**/b", "models/", "**/a", "b", ".a", "/models/*/", "?"]
)
owning = st.sampled_from(["@ana", "@raj", "@acme/ml"])
entries = st.builds("{} {}".format, patterns, owning)
lines = st.lists(entries, max_size=6, unique_by=lambda line: line.split(maxsplit=1)[0])
sections = st.dictionaries(st.sampled_from(["ML", "Risk", "Docs"]), lines, max_size=3)


def who(rules: tuple[Ownership, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Section and owners of each rule, wherever they stand."""
    return sorted((rule.section, rule.owners) for rule in rules)


def pattern_of(line: str) -> str:
    return line.split(maxsplit=1)[0]


def written(parts: dict[str, list[str]]) -> str:
    return "".join(f"[{name}]\n" + "".join(f"{line}\n" for line in below) for name, below in parts.items())


@given(st.binary())
def test_any_bytes_are_read_without_an_error(text: bytes) -> None:
    for codeowners in (github.parse_codeowners(text, file="C"), gitlab.parse_codeowners(text, file="C")):
        codeowners.owners_of("models/digits/status.yaml")
        codeowners.exclusions_of("models/digits/status.yaml")


@given(st.text("ab*/[]^!#\\@ \t.-?2\r\n\u00a0"))
def test_any_text_near_the_grammar_is_read_and_whatever_owns_is_in_it(text: str) -> None:
    for codeowners in (as_github(text), as_gitlab(text)):
        for rule in codeowners.owners_of("a/b"):
            assert all(owner in text for owner in rule.owners)
            assert rule.line <= text.count("\n") + 1


@BOTH
@given(above=lines, below=lines, path=paths)
def test_a_line_that_matches_nothing_changes_nothing(
    parse: Parse, above: list[str], below: list[str], path: str
) -> None:
    with_it = "\n".join([*above, "/no/such/path @eve", *below])

    assert who(parse("\n".join([*above, *below])).owners_of(path)) == who(parse(with_it).owners_of(path))


@BOTH
@given(above=lines, last=entries, path=paths)
def test_the_last_line_that_matches_wins(parse: Parse, above: list[str], last: str, path: str) -> None:
    assume(pattern_of(last) not in map(pattern_of, above))
    alone = who(parse(last).owners_of(path))

    whole = who(parse("\n".join([*above, last])).owners_of(path))

    assert whole == (alone or who(parse("\n".join(above)).owners_of(path)))


@BOTH
@given(text=lines, path=paths, at=st.integers(0, 6), noise=st.sampled_from(["", "  ", "# * @eve", "\t# [x] @eve"]))
def test_comments_and_blank_lines_change_nothing(parse: Parse, text: list[str], path: str, at: int, noise: str) -> None:
    assert who(parse("\n".join(text)).owners_of(path)) == who(
        parse("\n".join([*text[:at], noise, *text[at:]])).owners_of(path)
    )


@given(sections, paths)
def test_each_section_is_owned_the_same_whatever_stands_in_the_others(parts: dict[str, list[str]], path: str) -> None:
    apart = [rule for name in parts for rule in as_gitlab(written({name: parts[name]})).owners_of(path)]

    assert who(as_gitlab(written(parts)).owners_of(path)) == who(tuple(apart))


@given(sections.flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(list(parts)))), paths)
def test_the_order_of_different_sections_does_not_matter(
    drawn: tuple[dict[str, list[str]], list[str]], path: str
) -> None:
    parts, order = drawn
    shuffled = {name: parts[name] for name in order}

    assert who(as_gitlab(written(parts)).owners_of(path)) == who(as_gitlab(written(shuffled)).owners_of(path))


@given(lines, st.integers(0, 6), paths, st.sampled_from(["ML", "ml", "mL"]))
def test_a_section_cut_in_two_of_one_name_is_one(text: list[str], cut: int, path: str, again: str) -> None:
    whole, divided = written({"ML": text}), written({"ML": text[:cut]}) + f"[Else]\n[{again}]\n" + "\n".join(text[cut:])

    assert who(as_gitlab(whole).owners_of(path)) == who(as_gitlab(divided).owners_of(path))


@given(st.lists(st.booleans(), min_size=1, max_size=4))
def test_a_section_is_optional_only_when_each_of_its_headings_is(optional: list[bool]) -> None:
    text = "".join(f"{'^' * each}[ML]\n/{number} @ana\n" for number, each in enumerate(optional))

    rules = [rule for number in range(len(optional)) for rule in as_gitlab(text).owners_of(str(number))]

    assert [rule.optional for rule in rules] == [all(optional)] * len(optional)


@given(lines, patterns, entries, paths)
def test_what_a_section_excludes_no_later_line_of_it_includes(
    above: list[str], excluded: str, later: str, path: str
) -> None:
    assume(len({excluded, pattern_of(later), *map(pattern_of, above)}) == len(above) + 2)
    speaks = bool(as_gitlab(f"{excluded} @ana").owners_of(path))

    codeowners = as_gitlab("\n".join([*above, f"!{excluded}", later]))

    assert bool(codeowners.exclusions_of(path)) is speaks
    assert not (speaks and codeowners.owners_of(path))
