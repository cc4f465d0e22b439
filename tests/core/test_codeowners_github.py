"""GitHub's CODEOWNERS language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrar.core.codeowners.github import find_codeowners, parse_codeowners
from registrar.core.codeowners.ownership import Ownership

# The example of GitHub's documentation, rule by rule.
DOCUMENTED = b"""\
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
"""


def owners(text: str | bytes, path: str) -> tuple[str, ...] | None:
    """Who owns the path; None when no line speaks of it."""
    rules = parse_codeowners(text.encode() if isinstance(text, str) else text, file="CODEOWNERS").owners_of(path)
    return rules[0].owners if rules else None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("README.md", ("@global-owner1", "@global-owner2"), id="the default"),
        pytest.param("web/main.js", ("@js-owner",), id="an ending, with an inline comment"),
        pytest.param("main.go", ("docs@example.com",), id="an address"),
        pytest.param("a/b/notes.txt", ("@octo-org/octocats",), id="a team"),
        pytest.param("build/logs/2026/a.log", ("@octocat",), id="a later line wins over the folder"),
        pytest.param("src/build/other.c", ("@global-owner1", "@global-owner2"), id="a leading slash means the root"),
        pytest.param("x/apps/a/b.c", ("@octocat",), id="a folder anywhere"),
        pytest.param("docs/getting-started.md", ("@doctocat",), id="the root's docs"),
        pytest.param("docs/build-app/troubleshooting.md", ("@doctocat",), id="and below"),
        pytest.param("scripts/run.sh", ("@doctocat", "@octocat"), id="two owners"),
        pytest.param("deeply/nested/logs/a.log", ("@octocat",), id="logs anywhere"),
        pytest.param("apps/main.c", ("@octocat",), id="the root's apps"),
        pytest.param("apps/github/main.c", (), id="a line without owners takes it away"),
    ],
)
def test_the_documented_example_is_read_as_documented(path: str, expected: tuple[str, ...]) -> None:
    assert owners(DOCUMENTED, path) == expected


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        pytest.param("*", "a/b/c", True, id="a star alone is everything"),
        pytest.param("**", "a/b/c", True, id="so are two"),
        pytest.param("docs/*", "docs/a.md", True, id="a file in the folder"),
        pytest.param("docs/*", "docs/sub/a.md", False, id="not in its folders"),
        pytest.param("docs/*", "x/docs/a.md", False, id="a slash within anchors"),
        pytest.param("/*", "a.md", True, id="a file at the top"),
        pytest.param("/*", "docs/a.md", False, id="only at the top"),
        pytest.param("**/docs/*", "x/docs/docs/a.md", True, id="a file in such a folder anywhere"),
        pytest.param("**/docs/*", "docs/sub/a.md", False, id="but not deeper"),
        pytest.param("docs/**", "docs/sub/a.md", True, id="two stars go deep"),
        pytest.param("docs/**", "docs", False, id="and need something"),
        pytest.param("docs/**/*", "docs/a/b/c.md", True, id="everything below"),
        pytest.param("models/**/status.yaml", "models/status.yaml", True, id="two stars may be nothing"),
        pytest.param("models/**/status.yaml", "models/risk/fraud/status.yaml", True, id="or several segments"),
        pytest.param("models/*/status.yaml", "models/risk/fraud/status.yaml", False, id="one star is one segment"),
        pytest.param("models/digits", "models/digits/status.yaml", True, id="a folder without its slash"),
        pytest.param("models/digits", "models/digits-2/status.yaml", False, id="not its beginning"),
        pytest.param("models/digits/", "models/digits", False, id="a trailing slash means a folder"),
        pytest.param("digits", "models/digits/status.yaml", True, id="a name anywhere"),
        pytest.param("/digits", "models/digits/status.yaml", False, id="a name at the top"),
        pytest.param("status.yam?", "models/digits/status.yaml", True, id="one character"),
        pytest.param("models?digits", "models/digits", False, id="which is no slash"),
        pytest.param("my\\ models/", "my models/a", True, id="an escaped blank"),
        pytest.param("a\\*b", "a*b", True, id="an escaped star"),
        pytest.param("a\\*b", "axb", False, id="which is no star"),
        pytest.param("Models/", "models/a", False, id="case matters"),
        pytest.param("/", "a", False, id="a slash alone is nothing"),
        pytest.param("a#b", "a#b", True, id="a number sign within a word"),
    ],
)
def test_a_pattern_matches(pattern: str, path: str, *, matches: bool) -> None:
    assert owners(f"{pattern} @ana", path) == (("@ana",) if matches else None)


def test_the_last_line_that_matches_wins() -> None:
    text = b"/models/ @ana\n\n/models/digits/ @raj\n"

    (ownership,) = parse_codeowners(text, file=".github/CODEOWNERS").owners_of("models/digits/status.yaml")

    assert ownership == Ownership(("@raj",), 3, ".github/CODEOWNERS")
    assert ownership.source == ".github/CODEOWNERS:3"


def test_windows_line_ends_a_byte_order_mark_and_tabs_are_read() -> None:
    assert owners(b"\xef\xbb\xbf*\t@ana\t@raj\r\n", "a") == ("@ana", "@raj")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("!models/ @ana", "cannot be negated with '!'", id="negation"),
        pytest.param("models/[a-c]/ @ana", "cannot hold a range", id="a range"),
        pytest.param("\\#models @ana", "cannot begin with", id="an escaped number sign"),
        pytest.param("a/***/b @ana", "cannot hold '***'", id="three stars"),
        pytest.param("models/ ana", "'ana' is no owner", id="an owner without its sign"),
        pytest.param("models/ @", "'@' is no owner", id="a sign without its owner"),
        pytest.param("models/ @a/b/c", "'@a/b/c' is no owner", id="a team in a team"),
        pytest.param("models\\ @ana\\", "", id="a backslash at the end"),
    ],
)
def test_a_line_that_github_cannot_use_is_skipped_and_reported(line: str, message: str) -> None:
    codeowners = parse_codeowners(f"* @raj\n{line}\n".encode(), file="CODEOWNERS")

    (problem,) = codeowners.problems
    assert (problem.path, problem.line) == ("CODEOWNERS", 2)
    assert message in problem.message
    assert codeowners.owners_of("models/a/b") == (Ownership(("@raj",), 1, "CODEOWNERS"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(b"* @ana\n" + b"#" * 3 * 1024 * 1024, "3 MB", id="too large"),
        pytest.param(b"* @an\xff", "not UTF-8", id="not text"),
        pytest.param(b"\n# nothing\n", "names no owner of anything", id="empty"),
    ],
)
def test_a_file_that_github_cannot_use_owns_nothing_and_says_so(text: bytes, message: str) -> None:
    codeowners = parse_codeowners(text, file="CODEOWNERS")

    assert codeowners.owners_of("a") == ()
    assert message in codeowners.problems[0].message


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({".github/CODEOWNERS": b"* @ana"}, ".github/CODEOWNERS", id="in .github"),
        pytest.param({"CODEOWNERS": b"* @ana"}, "CODEOWNERS", id="at the top"),
        pytest.param({"docs/CODEOWNERS": b"* @ana"}, "docs/CODEOWNERS", id="in docs"),
    ],
)
def test_the_file_is_looked_for_where_github_does(files: dict[str, bytes], expected: str) -> None:
    codeowners = find_codeowners(files.get)

    assert codeowners is not None
    assert codeowners.owners_of("a") == (Ownership(("@ana",), 1, expected),)
    assert not codeowners.problems


def test_without_a_file_nothing_is_found() -> None:
    empty: dict[str, bytes] = {}

    assert find_codeowners(empty.get) is None


@pytest.mark.fault(46, on="github", because="The order of the places is in the reader of the file.")
def test_a_second_file_is_a_problem_and_does_not_count() -> None:
    files = {".github/CODEOWNERS": b"* @ana", "CODEOWNERS": b"* @raj", "docs/CODEOWNERS": b"* @mei"}

    codeowners = find_codeowners(files.get)

    assert codeowners is not None
    assert codeowners.owners_of("a") == (Ownership(("@ana",), 1, ".github/CODEOWNERS"),)
    assert [problem.path for problem in codeowners.problems] == ["CODEOWNERS", "docs/CODEOWNERS"]


segments = st.lists(st.text("ab.-_ ", min_size=1).filter(lambda name: name.strip(" .")), min_size=1, max_size=4)


@given(segments)
def test_a_path_written_out_owns_exactly_itself(names: list[str]) -> None:
    path = "/".join(names)
    pattern = "/" + path.replace(" ", "\\ ")

    assert owners(f"{pattern} @ana", path) == ("@ana",)
    assert owners(f"{pattern} @ana", f"{path}x") is None
    assert owners(f"{pattern} @ana", f"x/{path}") is None


@given(segments, st.sampled_from(["*", "**", "a*", "/a/", "b/*", "a/**/b", "?"]))
def test_a_last_line_without_owners_leaves_nothing_it_matches_to_anyone(names: list[str], pattern: str) -> None:
    path = "/".join(names)
    matched = owners(f"{pattern} @raj", path) is not None

    assert owners(f"* @ana\n{pattern}", path) == (() if matched else ("@ana",))


@given(st.binary())
def test_any_bytes_are_read_without_an_error(text: bytes) -> None:
    parse_codeowners(text, file="CODEOWNERS").owners_of("models/digits/status.yaml")
