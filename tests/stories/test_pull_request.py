"""What the bot says on a pull request, and how often."""

import pytest
from cmarkgfm import github_flavored_markdown_to_html

from stories.conftest import Found
from stories.registries import a_registry, a_version
from stories.town import Town


def test_a_better_version_is_told_to_be_better(town: Town) -> None:
    number = town.propose(a_version("2.0.0", accuracy=0.97), by="mei")

    assert "| **accuracy** | 0.9 | 0.97 | +0.07 (+7.78%) | 🟢 better |" in town.verdict(number)


def test_a_worse_version_is_told_to_be_worse(town: Town) -> None:
    number = town.propose(a_version("2.0.0", accuracy=0.7), by="mei")

    assert "| **accuracy** | 0.9 | 0.7 | -0.2 (-22.22%) | 🔴 worse |" in town.verdict(number)


def test_lower_is_better_where_the_model_says_so(town: Town) -> None:
    number = town.propose(a_version("2.0.0", latency=4.0), by="mei")

    assert "| latency [ms] | 5 | 4 | -1 (-20.00%) | 🟢 better |" in town.verdict(number)


def test_a_registration_may_be_merged_without_approval(town: Town) -> None:
    number = town.propose(a_version("2.0.0"), by="mei")

    assert town.status(number)[0] == "success"
    assert town.verdict(number).splitlines()[1] == "### ✅ register digits 2.0.0: may be merged"


def test_the_first_version_has_nothing_to_be_compared_with(found: Found) -> None:
    town = found(a_registry())

    number = town.propose(a_version("1.0.0"), by="mei")

    assert "no other version holds Production, so there is nothing to compare it with" in town.verdict(number)


def test_a_second_push_edits_the_comment(town: Town) -> None:
    number = town.propose(a_version("2.0.0", accuracy=0.5), by="mei")

    town.commit(a_version("2.0.0", accuracy=0.97), by="mei", branch="change")
    town.settle()

    assert "0.97" in town.verdict(number)
    assert len(town.comments(number)) == 1


@pytest.mark.fault(83)
@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        pytest.param(
            "models/digits/versions/2.0.0/version.yaml",
            "metrics:\n  accuracy: .nan\n",
            "| models/digits/versions/2.0.0/version.yaml | 2 |",
            id="a metric that is no number",
        ),
        pytest.param(
            "models/digits/status.yaml", "Productoin: 1.0.0\n", "| models/digits/status.yaml | 1 |", id="a typo"
        ),
        pytest.param(
            "models/digits/status.yaml",
            "Production: 1.0.0\nProduction: 1.1.0\n",
            "| models/digits/status.yaml | 2 |",
            id="a key twice",
        ),
    ],
)
def test_an_invalid_file_is_named_with_its_line(town: Town, path: str, text: str, said: str) -> None:
    number = town.propose({path: text}, by="mei")

    assert said in town.verdict(number)
    assert town.status(number)[0] == "failure"


def test_a_merged_version_cannot_be_altered(town: Town) -> None:
    number = town.propose(a_version("1.0.0", accuracy=0.99), by="mei")

    assert town.status(number)[0] == "failure"
    assert "register a new version" in town.verdict(number)


def test_a_pull_request_about_something_else_is_green_and_silent(town: Town) -> None:
    number = town.propose({"notes.txt": "hello\n"}, by="mei")

    assert town.status(number)[0] == "success"
    assert town.comments(number) == []


@pytest.mark.fault(82)
def test_what_a_stranger_wrote_is_inert(town: Town) -> None:
    files = a_version("2.0.0")
    path = "models/digits/versions/2.0.0/version.yaml"
    files[path] = files[path].replace("latency:", "'@acme/admins | <img src=x> `/merge`':")

    number = town.propose(files, by="mei")

    seen = github_flavored_markdown_to_html("\n".join(town.comments(number)))
    assert "@acme" not in seen
    assert "<img" not in seen
    assert "&lt;img src=x&gt; `/merge`" in seen


def test_two_promotions_to_one_place_are_told_that_the_base_has_moved(town: Town) -> None:
    first = town.propose({"models/digits/status.yaml": "Production: 1.1.0\nArchived: 1.0.0\n"}, by="mei", branch="one")
    second = town.propose({"models/digits/status.yaml": "Production: 1.0.0\nStaging: 1.1.0\n"}, by="leo", branch="two")
    town.approve(first, by="ana")

    town.merge(first)

    assert "has moved" in town.verdict(second)
    assert town.status(second)[0] != "success"
