"""From a CODEOWNERS file to a verdict: a path that nobody provably owns is closed, and the reason says what to mend."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from core.builders import ANA, LEO, MEI, RAJ, STATUS_PATH, ZOE, a_review, approval_facts
from registrar.core.approval_facts import Owner, Rule
from registrar.core.approvals import approval
from registrar.core.codeowners import github, gitlab
from registrar.core.codeowners.ownership import Codeowners, Ownership, required_of, why_unowned
from registrar.core.people import Permission, Person
from registrar.core.verdicts import Verdict, VerdictState
from registry_schema import Approvals

PASSED, WAITING, FAILED = VerdictState.PASSED, VerdictState.WAITING, VerdictState.FAILED
KNOWN: Mapping[str, tuple[Person, ...]] = {
    "@ana": (ANA,),
    "@raj": (RAJ,),
    "@zoe": (ZOE,),
    "@leo": (LEO,),
    "@mei": (MEI,),
    "@acme/admins": (ANA, RAJ),
    "@@maintainer": (RAJ, ZOE),
}
RIGHTS = {LEO.id: Permission.WRITE}
Languages = Mapping[str, str]


def read(language: str, text: str) -> Codeowners:
    parse = github.parse_codeowners if language == "github" else gitlab.parse_codeowners
    return parse(text.encode(), file="CODEOWNERS")


def as_rule(ownership: Ownership) -> Rule:
    people = (person for word in ownership.owners for person in KNOWN.get(word, ()))
    owners = tuple(Owner(person, RIGHTS.get(person.id, Permission.ADMIN)) for person in people)
    return Rule(ownership.source, owners, ownership.section, ownership.count, lapses=ownership.lapses)


def judged(language: str, text: str, *approved: Person) -> Verdict:
    """What becomes of mei's wish by this CODEOWNERS, once these people have approved."""
    codeowners = read(language, text)
    why = why_unowned(codeowners, STATUS_PATH)
    facts = approval_facts(
        rules=() if why else tuple(as_rule(each) for each in required_of(codeowners, STATUS_PATH)),
        unowned={STATUS_PATH: why} if why else {},
        problems=codeowners.problems,
        reviews=tuple(a_review(person) for person in approved),
    )
    return approval(facts, {STATUS_PATH: Approvals()})


EVERYBODY = (ANA, RAJ, ZOE, LEO, MEI)


@pytest.mark.fault(46, 49, 51, 53, 54, because="What both languages say is read here; a forge adds nothing to it.")
@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        pytest.param("github", "", "CODEOWNERS: names no owner of anything", id="46: empty, on GitHub"),
        pytest.param("gitlab", "# * @ana", "CODEOWNERS: names no owner of anything", id="46: empty, on GitLab"),
        pytest.param("github", "#" * 3 * 1024 * 1024, "CODEOWNERS: is 3 MB or larger", id="46: 3 MB"),
        pytest.param("github", "* ana", "CODEOWNERS:1: 'ana' is no owner", id="46: unreadable, on GitHub"),
        pytest.param("gitlab", "* @ana\n[ML\n", "CODEOWNERS:2: is a heading that", id="46: unreadable, on GitLab"),
        pytest.param("github", "/docs/ @ana", "no line of CODEOWNERS matches it; add one", id="46: of another path"),
        pytest.param("github", "* @leo", "leo has write, admin is needed", id="49: too few rights"),
        pytest.param("github", "* @nobody", "CODEOWNERS names nobody for models/digits", id="49: unknown, on GitHub"),
        pytest.param("github", "* ana@example.com", "CODEOWNERS names nobody for models/digits", id="49: an address"),
        pytest.param(
            "gitlab", "* @nobody", "and the forge approves such a rule by itself", id="51: unknown, on GitLab"
        ),
        pytest.param(
            "gitlab",
            "* @ana\n[ML] @nobody\nmodels/",
            "CODEOWNERS:3, section ML names nobody for models/digits",
            id="51: unknown in one section",
        ),
        pytest.param(
            "gitlab",
            "^[ML] @ana\nmodels/",
            "is owned only by the optional section ML (CODEOWNERS:2); name its owners in a section that is required",
            id="53: an optional section",
        ),
        pytest.param(
            "gitlab",
            "^[ML] @ana\nmodels/\n^[Docs] @ana\n*",
            "is owned only by the optional sections ML (CODEOWNERS:2) and Docs (CODEOWNERS:4)",
            id="53: two optional sections",
        ),
        pytest.param(
            "gitlab",
            "* @ana\n!models/digits/",
            "CODEOWNERS:2 excludes models/digits/status.yaml, and no other line owns it",
            id="53: an exclusion",
        ),
        pytest.param(
            "gitlab",
            "* @ana\n!models/digits/\n/models/*/status.yaml @raj",
            "CODEOWNERS:2 excludes models/digits/status.yaml",
            id="53: an exclusion is for good",
        ),
        pytest.param(
            "gitlab",
            "* @ana\n!models/digits/\n^[ML] @raj\nmodels/",
            "is owned only by the optional section ML (CODEOWNERS:4)",
            id="53: an exclusion, and an optional section",
        ),
        pytest.param("gitlab", "[ML][2]\nmodels/ @ana", "needs 2 of section ML", id="53: two of one owner"),
        pytest.param("github", "* @ana\n/models/", "CODEOWNERS:2 leaves it without owners; name them", id="54: a line"),
        pytest.param(
            "gitlab", "* @ana\n[ML]\nmodels/", "CODEOWNERS:3: names no owner, so GitLab approves", id="54: on GitLab"
        ),
    ],
)
def test_what_nobody_provably_owns_is_closed_whoever_approves(language: str, text: str, reason: str) -> None:
    verdict = judged(language, text, *EVERYBODY)

    assert verdict.state is FAILED
    assert reason in verdict.reason


@pytest.mark.fault(52, 53, on="gitlab", because="GitLab's language is read here; the forge adds nothing to it.")
@pytest.mark.parametrize(
    ("text", "approved", "state", "reason"),
    [
        pytest.param("* @ana", (), WAITING, "waiting for ana", id="52: nobody approved, whatever the forge says"),
        pytest.param("* @ana", (ZOE,), WAITING, "waiting for ana", id="52: somebody who owns nothing"),
        pytest.param("* @ana", (ANA,), PASSED, "approved by ana (CODEOWNERS:1)", id="52: the owner"),
        pytest.param("* @ana\n^[ML] @raj\nmodels/", (RAJ,), WAITING, "waiting for ana", id="53: only the optional one"),
        pytest.param("* @ana\n^[ML] @raj\nmodels/", (ANA,), PASSED, "approved by ana", id="53: not the optional one"),
        pytest.param(
            "[ML][2] @acme/admins\nmodels/", (ANA,), WAITING, "waiting for raj (section ML)", id="53: one of two"
        ),
        pytest.param("[ML][2] @acme/admins\nmodels/", (ANA, RAJ), PASSED, "raj (CODEOWNERS:2", id="53: two of two"),
        pytest.param(
            "[ML] @ana\nmodels/\n[Docs] @zoe\n*.md\n[ml]\nstatus.yaml @raj\n",
            (ANA,),
            WAITING,
            "waiting for raj (section ML)",
            id="53: one section of two headings",
        ),
        pytest.param("[ML] @ana\nmodels/", (ANA,), PASSED, "(CODEOWNERS:2, section ML)", id="53: a default owner"),
        pytest.param("* @@maintainer", (ZOE,), PASSED, "approved by zoe", id="53: a role"),
        pytest.param(
            "* @zoe\n[ML] @ana\nmodels/\n!models/digits/", (ZOE,), PASSED, "approved by zoe", id="53: excluded from one"
        ),
        pytest.param(
            "[ML] @ana @raj\nmodels/\n[Risk]\n* @zoe",
            (ANA,),
            WAITING,
            "waiting for zoe (section Risk)",
            id="53: every section counts",
        ),
        pytest.param("* @mei @ana", (MEI,), WAITING, "waiting for ana", id="40: the one who asked owns it too"),
    ],
)
def test_gitlabs_sections_decide_who_is_waited_for(
    text: str, approved: tuple[Person, ...], state: VerdictState, reason: str
) -> None:
    verdict = judged("gitlab", text, *approved)

    assert verdict.state is state
    assert reason in verdict.reason


def test_the_example_in_the_documentation_is_read_as_it_says() -> None:
    page = (Path(__file__).parents[2] / "docs/registry.md").read_text(encoding="utf-8")
    codeowners = read("gitlab", page.partition("## CODEOWNERS")[2].partition("```text\n")[2].partition("```")[0])

    def asked(path: str) -> list[tuple[str, int]]:
        return [(word, rule.count) for rule in required_of(codeowners, path) for word in rule.owners]

    assert codeowners.problems == ()
    assert asked("models/digits/status.yaml") == [("@ana", 1)]
    assert asked("models/risk/fraud/status.yaml") == [("@ana", 1), ("@acme/risk", 2)]
    assert asked("models/risk/sandbox/status.yaml") == [("@ana", 1)]


def test_a_line_of_gitlabs_that_names_nobody_says_that_gitlab_approves_it() -> None:
    said = why_unowned(read("gitlab", "* @ana\n[ML]\nmodels/\n"), STATUS_PATH)

    assert (
        said == "CODEOWNERS:3 leaves it without owners, and the forge approves such a rule by itself; name them there"
    )


def test_of_github_nothing_is_ever_excluded() -> None:
    assert read("github", "!models/ @ana\n* @raj").exclusions_of(STATUS_PATH) == ()
