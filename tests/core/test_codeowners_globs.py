"""The patterns of GitLab's CODEOWNERS, held against what Ruby itself answers.

fnmatch_by_ruby.json holds the answers of Ruby 3.1's `File.fnmatch?(pattern, path, FNM_DOTMATCH | FNM_PATHNAME)`.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrar.core.codeowners.globs import glob

RUBY = json.loads((Path(__file__).parent / "fnmatch_by_ruby.json").read_text(encoding="utf-8"))
PATHS: list[str] = RUBY["paths"]


@pytest.mark.parametrize(("pattern", "matched"), [pytest.param(*case, id=case[0]) for case in RUBY["matches"].items()])
def test_a_pattern_matches_what_it_matches_in_ruby(pattern: str, matched: list[str]) -> None:
    assert [path for path in PATHS if glob(pattern).matches(path)] == matched


def test_a_pattern_of_many_stars_is_held_against_a_long_path_in_bounded_time() -> None:
    stars, folders = glob("/" + 100 * "*a" + "b"), glob(100 * "/**/a" + "/b")

    assert not stars.matches("/" + 2000 * "a")
    assert not folders.matches(1000 * "/a")


def test_a_set_that_nothing_closes_can_match_nothing() -> None:
    assert not glob("/models/[a-c/").can_match
    assert glob("/models/[a-c]/").can_match


@given(st.text("ab*?/[]!^-\\."), st.text("ab/.[]\\"))
def test_every_pattern_can_be_read_and_held_against_every_path(pattern: str, path: str) -> None:
    glob(pattern).matches(path)


@given(st.text("ab/.* ?[]\\"))
def test_a_path_with_its_special_characters_escaped_matches_itself(path: str) -> None:
    escaped = "".join(f"\\{each}" if each in "*?[]\\" else each for each in path)

    assert glob(escaped).matches(path)
