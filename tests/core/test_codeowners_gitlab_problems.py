"""What GitLab would ignore in CODEOWNERS, approve by itself or take for something else: told with line and mend."""

import pytest

from registrar.core.codeowners.gitlab import parse_codeowners


def problems(text: str | bytes) -> list[tuple[int, str, str]]:
    """Line, message and mend of each."""
    codeowners = parse_codeowners(text.encode() if isinstance(text, str) else text, file="CODEOWNERS")
    return [(problem.line, problem.message, problem.mend) for problem in codeowners.problems]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("* @ana\n", id="a line"),
        pytest.param("# * @ana\n* @acme/ml\n", id="a comment"),
        pytest.param("[ML][2] @ana @raj\nmodels/\n", id="a section"),
        pytest.param("^[Docs] @@developer\n*.md\n", id="an optional section"),
        pytest.param("* @ana\n!*.md # the pages\n", id="an exclusion with a comment"),
        pytest.param("* @ana\n!*.md\n", id="an exclusion"),
        pytest.param("[Docs]\n\n[ML]\n* @ana\n[docs]\na @ana\n", id="two headings of one name"),
        pytest.param("[A]\n* @ana\n[B]\n* @ana\n", id="one pattern in two sections"),
        pytest.param("[Two Words::and-more.] ana@example.com\n*\n", id="a long name, and an address"),
        pytest.param("* @ana\r\n[ML]\r\nmodels/ @ana\r\n", id="line ends of Windows"),
    ],
)
def test_a_sound_file_has_none(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("line", "message", "mend"),
    [
        pytest.param(
            "models/ ana", "'ana' is no owner, so GitLab ignores it", "write @user, @group/subgroup", id="no sign"
        ),
        pytest.param("models/ @ana,@raj", "'@ana,@raj' is no owner", "write @user", id="a comma"),
        pytest.param("models/ (@ana)", "'(@ana)' is no owner", "write @user", id="brackets"),
        pytest.param("models/ @@reporter", "'@@reporter' is no owner", "@@role", id="a role that cannot own"),
        pytest.param(
            "models/ @ana #",
            "'#' begins no comment: behind a pattern GitLab takes every @name for an owner",
            "give the comment a line of its own",
            id="a comment behind a pattern",
        ),
        pytest.param(
            "models/",
            "names no owner, so GitLab approves by itself what it matches",
            "or write !pattern where none are wanted",
            id="no owner",
        ),
        pytest.param(
            "[ML", "is a heading that GitLab cannot read, so what follows", "close its bracket", id="unclosed"
        ),
        pytest.param("^[ML", "is a heading that GitLab cannot read", "close its bracket", id="unclosed and optional"),
        pytest.param("[]", "is a section without a name", "name it", id="no name"),
        pytest.param("[ ]", "is a section without a name", "name it", id="a blank name"),
        pytest.param("[ML][0]", "[0] is no number of approvals, so GitLab reads 1", "write [2]", id="none"),
        pytest.param("[ML][]", "[] is no number of approvals, so GitLab reads 1", "write [2]", id="no number"),
        pytest.param("[ML][1 0]", "[1 0] is no number of approvals, so GitLab reads 1", "write [2]", id="two numbers"),
        pytest.param(
            "^[ML][2]", "an optional section asks for no approval", "delete the number", id="optional, and two"
        ),
        pytest.param("[ML][two]", "has words behind the heading", "leave a blank", id="a word for a number"),
        pytest.param("[ML]@ana", "has words behind the heading", "leave a blank", id="no blank"),
        pytest.param("[ML] @ana!", "has words behind the heading", "@names alone", id="an odd character"),
        pytest.param("[a-c]/ @ana", "has words behind the heading", "leave a blank", id="a range taken for a heading"),
        pytest.param("[ML] ana", "'ana' is no owner", "write @user", id="a default owner without a sign"),
        pytest.param("[CodeOwners]", "is what GitLab calls the lines before any section", "another name", id="its own"),
        pytest.param("models/[ab @ana", "holds a '[' that nothing closes", "write \\[", id="a bracket in a pattern"),
        pytest.param("! models/", "excludes everything", "without a blank", id="a blank in an exclusion"),
        pytest.param("!models/ @ana", "names owners of what it excludes", "delete them", id="owners of an exclusion"),
        pytest.param("* @raj", "repeats the pattern of line 1", "keep one of them", id="a pattern twice"),
        pytest.param("!*", "repeats the pattern of line 1", "keep one of them", id="a pattern, then its exclusion"),
        pytest.param("/**/* @ana", "repeats the pattern of line 1", "keep one", id="a pattern written another way"),
    ],
)
def test_a_line_that_gitlab_would_not_use_as_meant_is_a_problem(line: str, message: str, mend: str) -> None:
    found = problems(f"* @zoe\n{line}\n")

    assert {number for number, _, _ in found} == {2}
    assert any(message in said and mend in how for _, said, how in found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(b"* @ana\n" + b"#" * 10 * 1024 * 1024, "is larger than 10 MB", id="too large"),
        pytest.param(b"* @an\xff", "is not UTF-8", id="not text"),
        pytest.param(b"* @ana\n\0", "holds a NUL", id="binary"),
        pytest.param(b"\xef\xbb\xbf* @ana", "begins with a byte order mark", id="a byte order mark"),
        pytest.param(b"", "names no owner of anything", id="empty"),
        pytest.param(b"\n# nothing\n", "names no owner of anything", id="comments alone"),
        pytest.param(b"[ML] @ana\n", "names no owner of anything", id="a heading alone"),
    ],
)
def test_a_file_that_gitlab_cannot_use_owns_nothing_and_says_so(text: bytes, message: str) -> None:
    codeowners = parse_codeowners(text, file="CODEOWNERS")

    (problem,) = codeowners.problems
    assert codeowners.owners_of("a") == ()
    assert (problem.line, message in problem.message) == (0, True)


def test_of_very_many_problems_the_first_hundred_are_told() -> None:
    found = problems("a b\n" * 5000)

    assert len(found) == 101
    assert found[-1][1:] == ("there are more problems from here on", "mend these first")
