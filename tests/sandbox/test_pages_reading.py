from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from registrar.sandbox import Sandbox
from sandbox.scenery import PULL, Browsers, Scenery, merge_button, scenery


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenery]:
    folder = tmp_path_factory.mktemp("pages")
    with Sandbox.serve(folder / "forge") as sandbox:
        yield scenery(sandbox)


@pytest.fixture(scope="module")
def browser_of(stage: Scenery) -> Iterator[Browsers]:
    with ExitStack() as opened:
        yield Browsers(stage, opened)


@pytest.fixture(scope="module")
def raj(browser_of: Browsers) -> httpx.Client:
    return browser_of("raj")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        pytest.param("/", "Promote digits 1.1.0 to Production", id="start"),
        pytest.param("/acme/registry", "The registry of Acme", id="repository"),
        pytest.param("/acme/registry/tree/main/models/digits", "status.yaml", id="folder"),
        pytest.param("/acme/registry/tree/registrar/digits/models", "digits", id="branch with a slash"),
        pytest.param("/acme/registry/blob/main/models/digits/status.yaml", "Production: 1.0.0", id="file"),
        pytest.param("/acme/registry/blob/main/README.md?plain=1", "**who did**", id="file, plain"),
        pytest.param("/acme/registry/commits", "Change README.md", id="commits"),
        pytest.param("/acme/registry/commit/main", "read handwritten digits", id="commit"),
        pytest.param("/acme/registry/pulls", "Promote digits 1.1.0", id="pull requests"),
        pytest.param("/acme/registry/pulls?state=closed", "There are no closed pull requests", id="closed ones"),
        pytest.param("/acme/registry/issues", "Digits mistakes 7 for 1", id="issues"),
        pytest.param("/acme/registry/issues/1", "Often.", id="issue"),
        pytest.param("/acme/registry/issues/2", "wants to merge", id="a pull request by its issue's address"),
        pytest.param("/acme/registry/issues/new", "New issue", id="new issue"),
        pytest.param(PULL, "wants to merge 1 commit into", id="pull request"),
        pytest.param(f"{PULL}/commits", "Change models/digits/status.yaml", id="its commits"),
        pytest.param(f"{PULL}/files", "Archived:", id="its files"),
        pytest.param("/acme/digits-ui/actions", "Operation key", id="workflows"),
        pytest.param("/acme/digits-ui/actions/runs", "Operation key", id="the address of a deed"),
        pytest.param(f"{PULL}/merge", "wants to merge", id="the address of another"),
        pytest.param(f"{PULL}.diff", "+Production: 1.1.0", id="diff"),
        pytest.param("/avatars/1", '<svg xmlns="http://www.w3.org/2000/svg"', id="picture"),
        pytest.param("/_/style.css", "prefers-color-scheme: dark", id="style sheet"),
        pytest.param("/raj", "Raj Patel", id="person"),
        pytest.param("/acme", "acme/ml-admins", id="organization"),
        pytest.param("/orgs/acme/teams/ml-admins", "Mei Chen", id="team"),
    ],
)
def test_a_page_shows_what_it_is_about(raj: httpx.Client, path: str, sentence: str) -> None:
    answer = raj.get(path)

    assert answer.status_code == 200
    assert sentence in answer.text


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/nobody", id="person"),
        pytest.param("/acme/nothing", id="repository"),
        pytest.param("/acme/registry/pull/99", id="pull request"),
        pytest.param("/acme/registry/blob/main/nothing", id="file"),
        pytest.param("/acme/registry/blob/nowhere/README.md", id="branch"),
        pytest.param("/acme/registry/tree/main/README.md", id="a file that is no folder"),
        pytest.param("/acme/registry/commits/nowhere", id="commits"),
        pytest.param("/acme/registry/commit/nowhere", id="commit"),
        pytest.param("/acme/registry/actions/runs/99", id="run"),
        pytest.param("/orgs/acme/teams/nobody", id="team"),
        pytest.param("/avatars/99", id="picture"),
    ],
)
def test_what_is_not_there_is_said_to_be_missing(raj: httpx.Client, path: str) -> None:
    answer = raj.get(path)

    assert answer.status_code == 404
    assert "Not found" in answer.text


def test_a_comment_looks_as_on_github(raj: httpx.Client) -> None:
    page = raj.get(PULL).text

    assert "digits 1.1.0 to Production: waiting for raj or mei</h3>" in page
    assert '<td align="right">0.9722</td>' in page
    assert "<summary>Everything that was checked</summary>" in page
    assert '<span class="added">+1</span>' in page
    assert '<a class="mention" href="/orgs/acme/teams/ml-admins">@acme/ml-admins</a>' in page
    assert '<a href="/acme/registry/issues/1">#1</a>' in page
    assert '<blockquote class="alert tip"><p class="alert-title">Tip</p>' in page
    assert "registrar: comment" not in page


def test_the_difference_within_a_line_is_marked(raj: httpx.Client) -> None:
    assert "Production: 1.<mark>1</mark>.0" in raj.get(f"{PULL}/files").text


def test_a_person_becomes_someone_else(browser_of: Browsers) -> None:
    browser = browser_of()

    answer = browser.post("/_/viewer", data={"login": "mei", "to": PULL})

    assert answer.url.path == PULL
    assert "Say something as <strong>mei</strong>" in answer.text


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_becoming_someone_never_leads_to_another_site(stage: Scenery, browser_of: Browsers, to: str) -> None:
    answer = browser_of().post("/_/viewer", data={"login": "mei", "to": to})

    assert str(answer.url) == f"{stage.sandbox.url}/"


@pytest.mark.parametrize(
    ("link", "path"),
    [
        pytest.param(f"{PULL}?as=mei", PULL, id="alone"),
        pytest.param("/acme/registry/pulls?state=closed&as=MEI", "/acme/registry/pulls?state=closed", id="with others"),
        pytest.param("/?as=mei", "/", id="start"),
        pytest.param("/acme/registry/raw/main/a%3Fb%20c.md?as=mei", "/acme/registry/raw/main/a%3Fb%20c.md", id="name"),
    ],
)
def test_a_link_makes_someone_of_who_follows_it(browser_of: Browsers, link: str, path: str) -> None:
    browser = browser_of()

    answer = browser.get(link, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "sandbox_login=mei" in answer.headers["set-cookie"].lower()
    assert "SameSite=strict" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("login", "status"), [pytest.param("registrar", 403, id="a bot"), pytest.param("nobody", 404, id="unknown")]
)
def test_a_link_makes_nobody_of_who_is_no_person(browser_of: Browsers, login: str, status: int) -> None:
    answer = browser_of().get(f"{PULL}?as={login}")

    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


def test_a_link_on_another_site_leaves_one_who_one_is(browser_of: Browsers) -> None:
    answer = browser_of("raj", **{"Sec-Fetch-Site": "cross-site"}).get(f"{PULL}?as=mei")

    assert answer.url.path == PULL
    assert "Say something as <strong>raj</strong>" in answer.text


def test_a_deed_is_done_by_who_one_is(stage: Scenery, browser_of: Browsers) -> None:
    answer = browser_of("raj").post("/acme/registry/issues/1/say?as=mei", data={"body": "Mine"})

    assert answer.status_code == 200
    assert stage.registry.thread(1).comments[-1].author is stage.people["raj"]


TITLES = {
    "/": "Start",
    "/acme/registry": "Code · acme/registry",
    "/acme/registry/tree/registrar/digits": "Code at registrar/digits · acme/registry",
    "/acme/registry/tree/registrar/digits/models": "models/ at registrar/digits · acme/registry",
    "/acme/registry/blob/main/README.md": "README.md · acme/registry",
    "/acme/registry/commits": "Commits on main · acme/registry",
    "/acme/registry/issues": "Open issues · acme/registry",
    "/acme/registry/issues/1": "Digits mistakes 7 for 1 · Issue #1 · acme/registry",
    "/acme/registry/issues/new": "New issue · acme/registry",
    "/acme/registry/pulls?state=closed": "Closed pull requests · acme/registry",
    PULL: "Promote digits 1.1.0 to Production · Pull request #2 · acme/registry",
    f"{PULL}/commits": "Commits · Promote digits 1.1.0 to Production · Pull request #2 · acme/registry",
    f"{PULL}/files": "Files changed · Promote digits 1.1.0 to Production · Pull request #2 · acme/registry",
    "/acme/digits-ui/actions": "Workflow runs · acme/digits-ui",
    "/raj": "raj (Raj Patel) · Person",
    "/acme": "acme · Organization",
    "/orgs/acme/teams/ml-admins": "acme/ml-admins · Team",
    "/nobody": "Not found",
}


@pytest.mark.parametrize("path", TITLES)
def test_a_title_tells_where_one_is(raj: httpx.Client, path: str) -> None:
    assert f"<title>{TITLES[path]} · Sandbox forge</title>" in raj.get(path).text


def test_nobody_becomes_a_bot(browser_of: Browsers) -> None:
    assert browser_of().post("/_/viewer", data={"login": "registrar"}).status_code == 403
    assert "Choose who you are" in browser_of("registrar").get(PULL).text


def test_what_was_typed_is_kept_when_it_is_refused(raj: httpx.Client) -> None:
    answer = raj.post("/acme/registry/issues/new", data={"title": " ", "body": "Half a <thought>"})

    assert answer.status_code == 422
    assert "An issue needs a title." in answer.text
    assert "Half a &lt;thought&gt;</textarea>" in answer.text


def test_merging_all_the_same_is_refused_with_the_reason(raj: httpx.Client) -> None:
    answer = raj.post(f"{PULL}/merge", data={"method": "merge"})

    assert answer.status_code == 422
    assert "At least 1 approving review is required" in answer.text


def test_who_is_nobody_cannot_act(browser_of: Browsers) -> None:
    browser = browser_of()

    answer = browser.post(f"{PULL}/say", data={"body": "Hello"})

    assert answer.status_code == 403
    assert "Choose who you are first" in answer.text
    assert "disabled" in merge_button(browser.get(PULL).text)


def test_another_name_for_this_machine_shows_nothing(browser_of: Browsers) -> None:
    assert browser_of("raj", Host="evil.example").get(PULL).status_code == 403


def test_every_page_forbids_scripts_of_others(raj: httpx.Client) -> None:
    policy = raj.get(PULL).headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy


def test_raw_files_are_never_pages(raj: httpx.Client) -> None:
    answer = raj.get("/acme/registry/raw/main/README.md")

    assert answer.text.startswith("# The registry of Acme")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_links_in_a_readme_lead_to_the_files_beside_it(raj: httpx.Client) -> None:
    assert 'href="/acme/registry/blob/main/models/digits/model.yaml"' in raj.get("/acme/registry").text
