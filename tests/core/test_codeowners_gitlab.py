"""GitLab's CODEOWNERS language: which lines own a path, as its documentation and its own behaviour have it."""

import pytest

from registrar.core.codeowners.gitlab import find_codeowners, parse_codeowners
from registrar.core.codeowners.ownership import Ownership

Owned = dict[str, tuple[str, ...]]


def owned(text: str, path: str) -> Owned:
    """The owners of the path by section."""
    rules = parse_codeowners(text.encode(), file="CODEOWNERS").owners_of(path)
    return {rule.section: rule.owners for rule in rules}


def owners(text: str, path: str) -> tuple[str, ...] | None:
    """The owners of the path in a file without sections; None when no line speaks of it."""
    return owned(text, path).get("")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        pytest.param("*", "a/b/.c", True, id="a star alone is everything"),
        pytest.param("/README.md", "README.md", True, id="a leading slash is the root"),
        pytest.param("/README.md", "docs/README.md", False, id="and only the root"),
        pytest.param("/docs/README.md", "docs/README.md", True, id="a path from the root"),
        pytest.param("README.md", "README.md", True, id="a relative path at the root"),
        pytest.param("README.md", "app/lib/README.md", True, id="a relative path anywhere"),
        pytest.param("internal/README.md", "docs/api/internal/README.md", True, id="a relative path of two names"),
        pytest.param("internal/README.md", "docs/not-internal/README.md", False, id="is whole names"),
        pytest.param("/docs/", "docs/a/b/c.md", True, id="a trailing slash is everything below"),
        pytest.param("/docs/", "docs", False, id="and not the name itself"),
        pytest.param("docs/", "x/docs/a", True, id="a relative folder"),
        pytest.param("docs", "docs", True, id="a name without its slash is a file"),
        pytest.param("docs", "docs/a.md", False, id="and no folder"),
        pytest.param("/docs/*.md", "docs/a.md", True, id="an ending"),
        pytest.param("/docs/*.md", "docs/api/a.md", False, id="a star stays in its folder"),
        pytest.param("/docs/index.*", "docs/index.html", True, id="any ending"),
        pytest.param("/docs/*spec*", "docs/qa_specs.rb", True, id="a word within a name"),
        pytest.param("/docs/*/README.md", "docs/api/README.md", True, id="one folder"),
        pytest.param("/docs/*/README.md", "docs/api/v4/README.md", False, id="is not two"),
        pytest.param("/docs/**/index.md", "docs/index.md", True, id="two stars may be nothing"),
        pytest.param("/docs/**/index.md", "docs/api/graphql/index.md", True, id="or several folders"),
        pytest.param("/docs/**", "docs/api/a.md", False, id="two stars at the end are one"),
        pytest.param("*.rb", ".config/.hidden.rb", True, id="hidden files too"),
        pytest.param("/*", "README.md", True, id="the files at the root"),
        pytest.param("/*", "nested/path/README.md", False, id="and none below"),
        pytest.param("foo/*", "fufoo/bar", False, id="not the end of a name"),
        pytest.param("foo/*", "baz/foo/bar", True, id="a folder anywhere"),
        pytest.param("/", "models/a", True, id="a slash alone is everything"),
        pytest.param("path\\ with\\ spaces/*.md", "path with spaces/a.md", True, id="escaped blanks"),
        pytest.param("path\\ with\\ spaces/", "path", False, id="are no separators"),
        pytest.param("\\#notes.md", "docs/#notes.md", True, id="an escaped number sign"),
        pytest.param("models/[a-c]*/", "models/churn/status.yaml", True, id="a range"),
        pytest.param("models/[!a-c]*/", "models/churn/status.yaml", False, id="any other character"),
        pytest.param("Models/", "models/a", False, id="case matters"),
        pytest.param("models/**/status.yaml", "models/risk/fraud/status.yaml", True, id="every status"),
        pytest.param("models/*/status.yaml", "models/risk/fraud/status.yaml", False, id="one segment"),
    ],
)
def test_a_pattern_matches(pattern: str, path: str, *, matches: bool) -> None:
    assert owners(f"{pattern} @ana", path) == (("@ana",) if matches else None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("* @ana @raj", ("@ana", "@raj"), id="users"),
        pytest.param("*\t@ana  \t@raj ", ("@ana", "@raj"), id="tabs and several blanks"),
        pytest.param("* @acme @acme/ml/admins", ("@acme", "@acme/ml/admins"), id="a group and one within a group"),
        pytest.param("* @leo ana@example.com", ("@leo", "ana@example.com"), id="an address"),
        pytest.param("* @@developer @@Maintainers @@OWNER", ("@@developer", "@@Maintainers", "@@OWNER"), id="roles"),
        pytest.param("* @ana # not @eve", ("@ana", "@eve"), id="a name in a comment behind a pattern"),
        pytest.param("* @ana raj @leo", ("@ana", "@leo"), id="without a word that is no owner"),
        pytest.param("* @@reporter @ana", ("@ana",), id="without a role that cannot own"),
        pytest.param("*", (), id="nobody"),
        pytest.param("models b @ana", None, id="a blank that is not escaped ends the pattern"),
    ],
)
def test_a_line_names_its_owners(line: str, expected: tuple[str, ...] | None) -> None:
    assert owners(line, "models/a") == expected


def test_the_last_line_that_matches_wins() -> None:
    text = "*.md @leo\nterms.md @ana\n"

    assert owners(text, "terms.md") == ("@ana",)
    assert owners(text, "other.md") == ("@leo",)


def test_a_pattern_written_twice_keeps_its_first_place_with_its_last_owners() -> None:
    text = "*.md @leo\nterms.md @ana\n*.md @raj\n"

    assert owners(text, "terms.md") == ("@ana",)
    assert owners(text, "other.md") == ("@raj",)


SECTIONS = """\
* @zoe

[README Owners]
README.md @ana @raj
internal/README.md @mei

[README other owners]
README.md @leo
"""
OVERRIDDEN = """\
* @zoe

[Documentation] @ana
docs/
README.md
*.txt

[Database] @raj
model/db/
config/db/setup.md @ana
"""
COMBINED = """\
[Documentation]
ee/docs/    @ana
docs/       @ana

[Database]
README.md  @raj

[DOCUMENTATION]
README.md  @leo
"""
EXCLUDING = """\
* @zoe
!pom.xml

[Ruby]
*.rb @ana
!/config/**/*.rb
/config/routes.rb @leo

[Config]
/config/ @raj
"""


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param(
            SECTIONS,
            "README.md",
            {"": ("@zoe",), "README Owners": ("@ana", "@raj"), "README other owners": ("@leo",)},
            id="every section asks by itself",
        ),
        pytest.param(
            SECTIONS,
            "internal/README.md",
            {"": ("@zoe",), "README Owners": ("@mei",), "README other owners": ("@leo",)},
            id="by its last line that matches",
        ),
        pytest.param(SECTIONS, "main.c", {"": ("@zoe",)}, id="a section that does not speak of it asks nobody"),
        pytest.param(
            OVERRIDDEN,
            "model/db/CHANGELOG.txt",
            {"": ("@zoe",), "Documentation": ("@ana",), "Database": ("@raj",)},
            id="default owners",
        ),
        pytest.param(
            OVERRIDDEN, "config/db/setup.md", {"": ("@zoe",), "Database": ("@ana",)}, id="owners of its own instead"
        ),
        pytest.param(
            COMBINED,
            "docs/README.md",
            {"Documentation": ("@leo",), "Database": ("@raj",)},
            id="sections of one name are one, spelt as the first",
        ),
        pytest.param(EXCLUDING, "web/pom.xml", {}, id="excluded"),
        pytest.param(EXCLUDING, "lib/a.rb", {"": ("@zoe",), "Ruby": ("@ana",)}, id="not excluded"),
        pytest.param(
            EXCLUDING,
            "config/routes.rb",
            {"": ("@zoe",), "Config": ("@raj",)},
            id="excluded in its section alone, and not to be included again",
        ),
        pytest.param("[A] @ana\n*\n[B] @raj\n[a] @leo\nx", "x", {"A": ("@leo",)}, id="defaults are those just above"),
        pytest.param(
            "* @zoe\n\n[Section name\ndocs/ @ana\n", "docs/a", {"": ("@ana",)}, id="an unreadable heading is none"
        ),
        pytest.param(
            "[Docs]\n* @zoe\n\n^[Section name\ndocs/ @ana\n",
            "docs/a",
            {"Docs": ("@ana",)},
            id="nor is an unreadable optional one",
        ),
        pytest.param("[Docs] @ana\n*\n* @x [Late]\n", "a", {"Docs": ("@x",)}, id="a heading begins its line"),
        pytest.param(
            "* @leo\n[ML]\nx @zoe\n[CodeOwners]\na @ana", "a", {"": ("@ana",)}, id="the name of the unnamed section"
        ),
        pytest.param("  [Docs] @ana  \r\n  *  \r\n", "a", {"Docs": ("@ana",)}, id="blanks around a line are nothing"),
        pytest.param("# * @leo\n\u00a0\n* @ana", "a", {"": ("@ana",)}, id="comments and blank lines"),
        pytest.param(
            "[Stra\u00dfe]\na @leo\n[STRASSE]\nb @ana", "b", {"Stra\u00dfe": ("@ana",)}, id="case of any script"
        ),
    ],
)
def test_every_section_is_read_by_itself(text: str, path: str, expected: Owned) -> None:
    assert owned(text, path) == expected


@pytest.mark.parametrize(
    ("heading", "count", "optional"),
    [
        pytest.param("[Models]", 1, False, id="required"),
        pytest.param("^[Models]", 1, True, id="optional"),
        pytest.param("[Models][2]", 2, False, id="two"),
        pytest.param("[Models][02]", 2, False, id="two, with a nought before"),
        pytest.param("[Models][2] @ana", 2, False, id="two, with an owner"),
        pytest.param("[Models][0]", 1, False, id="none is one"),
        pytest.param("[Models][]", 1, False, id="nothing is one"),
        pytest.param("[Models][two]", 1, False, id="a word is one"),
        pytest.param("[Models][-2]", 1, False, id="less is one"),
        pytest.param("[Models][2 3]", 2, False, id="the first number counts"),
        pytest.param("^[Models][2]", 2, True, id="optional, whatever the number"),
        pytest.param("[Models][99999999999999999999]", 999_999_999, False, id="more than there can be"),
    ],
)
def test_a_heading_says_how_many_must_approve(heading: str, count: int, *, optional: bool) -> None:
    (rule,) = parse_codeowners(f"{heading}\n* @leo\n".encode(), file="CODEOWNERS").owners_of("a")

    assert (rule.section, rule.count, rule.optional) == ("Models", count, optional)


@pytest.mark.parametrize(
    ("text", "count", "optional"),
    [
        pytest.param("^[A]\na @leo\n[a]\nb @ana\n", 1, False, id="optional, then required"),
        pytest.param("[A]\nb @leo\n^[a]\na @ana\n", 1, False, id="required, then optional"),
        pytest.param("^[A]\na @leo\n^[a]\nb @ana\n", 1, True, id="optional twice"),
        pytest.param("^[A]\na @leo\n[a]\n", 1, True, id="a heading without a pattern says nothing"),
        pytest.param("[A][3]\nb @leo\n[a]\na @ana\n", 1, False, id="the number above the line counts"),
        pytest.param("[A]\nb @leo\n[a][3]\na @ana\n", 3, False, id="also when it is higher"),
    ],
)
def test_headings_of_one_name_make_one_section(text: str, count: int, *, optional: bool) -> None:
    (rule,) = parse_codeowners(text.encode(), file="CODEOWNERS").owners_of("a")

    assert (rule.section, rule.count, rule.optional) == ("A", count, optional)


def test_a_rule_knows_its_line_and_that_gitlab_lets_it_lapse() -> None:
    (rule,) = parse_codeowners(b"# models\n[ML][2] @ana\n\nmodels/\n", file=".gitlab/CODEOWNERS").owners_of("models/a")

    assert rule == Ownership(("@ana",), 4, ".gitlab/CODEOWNERS", "ML", 2, lapses=True)
    assert rule.source == ".gitlab/CODEOWNERS:4"


def test_the_lines_that_exclude_a_path_are_known() -> None:
    codeowners = parse_codeowners(EXCLUDING.encode(), file="CODEOWNERS")

    assert [rule.line for rule in codeowners.exclusions_of("config/pom.xml")] == [2]
    assert [rule.line for rule in codeowners.exclusions_of("config/routes.rb")] == [6]
    assert codeowners.exclusions_of("lib/a.rb") == ()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"CODEOWNERS": b"* @ana"}, "CODEOWNERS", id="at the top"),
        pytest.param({"docs/CODEOWNERS": b"* @ana"}, "docs/CODEOWNERS", id="in docs"),
        pytest.param({".gitlab/CODEOWNERS": b"* @ana"}, ".gitlab/CODEOWNERS", id="in .gitlab"),
        pytest.param({"CODEOWNERS": b"* @ana", ".github/CODEOWNERS": b"* @leo"}, "CODEOWNERS", id="not in .github"),
    ],
)
def test_the_file_is_looked_for_where_gitlab_does(files: dict[str, bytes], expected: str) -> None:
    codeowners = find_codeowners(files.get)

    assert codeowners is not None
    assert codeowners.owners_of("a") == (Ownership(("@ana",), 1, expected, lapses=True),)
    assert not codeowners.problems


def test_without_a_file_nothing_is_found() -> None:
    assert find_codeowners({".github/CODEOWNERS": b"* @ana"}.get) is None


def test_a_second_file_is_a_problem_and_does_not_count() -> None:
    files = {".gitlab/CODEOWNERS": b"* @raj", "CODEOWNERS": b"* @ana", "docs/CODEOWNERS": b"* @mei"}

    codeowners = find_codeowners(files.get)

    assert codeowners is not None
    assert [rule.owners for rule in codeowners.owners_of("a")] == [("@ana",)]
    assert [problem.path for problem in codeowners.problems] == ["docs/CODEOWNERS", ".gitlab/CODEOWNERS"]
