import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from registrar.sandbox import Sandbox, conversations
from sandbox.scenery import PULL, Browsers, Scenery, commit_files, merge_button, scenery


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scenery]:
    with Sandbox.serve(tmp_path / "forge") as sandbox:
        yield scenery(sandbox)


@pytest.fixture
def browser_of(stage: Scenery) -> Iterator[Browsers]:
    with ExitStack() as opened:
        yield Browsers(stage, opened)


@pytest.fixture
def raj(browser_of: Browsers) -> httpx.Client:
    return browser_of("raj")


def test_an_empty_repository_says_where_to_push(stage: Scenery, raj: httpx.Client) -> None:
    stage.sandbox.add_repository("acme/empty")

    assert f"<code>{stage.sandbox.url}/acme/empty.git</code>" in raj.get("/acme/empty").text
    assert "No commits" in raj.get("/acme/empty/commits").text


def test_a_private_repository_is_not_there_for_others(stage: Scenery, browser_of: Browsers) -> None:
    stage.sandbox.add_repository("acme/secret", private=True)
    stage.sandbox.grant("acme/secret", "raj", "read")

    assert browser_of("ana").get("/acme/secret").status_code == 404
    assert "acme/secret" not in browser_of().get("/").text
    assert browser_of("raj").get("/acme/secret").status_code == 200


def test_a_person_comments(stage: Scenery, raj: httpx.Client) -> None:
    answer = raj.post(f"{PULL}/say", data={"body": "A\r\n**bold** word", "verdict": "comment"})

    assert answer.url.fragment.startswith("issuecomment-")
    assert "<strong>bold</strong> word" in answer.text
    assert stage.promotion.comments[-1].body == "A\n**bold** word"


def test_an_approval_is_for_the_head_that_was_looked_at(stage: Scenery, raj: httpx.Client) -> None:
    raj.post(f"{PULL}/say", data={"verdict": "approve", "head": stage.promotion.head_sha})

    assert "approved these changes" in raj.get(PULL).text
    assert stage.promotion.reviews[-1].sha == stage.promotion.head_sha


def test_changes_are_requested_with_a_reason(raj: httpx.Client) -> None:
    refused = raj.post(f"{PULL}/say", data={"verdict": "request", "body": " "})
    raj.post(f"{PULL}/say", data={"verdict": "request", "body": "Too slow."})

    assert refused.status_code == 422
    assert "this review says nothing" in refused.text
    assert "requested changes" in raj.get(PULL).text
    assert "Changes are requested." in raj.get(PULL).text


def test_an_issue_is_opened_and_talked_about(raj: httpx.Client) -> None:
    opened = raj.post("/acme/registry/issues/new", data={"title": "It is slow", "body": "Very."})
    said = raj.post(f"{opened.url.path}/say", data={"body": "/registrar help"})

    assert "It is slow" in opened.text
    assert "/registrar help" in said.text


def test_merging_waits_for_what_the_branch_requires(stage: Scenery, raj: httpx.Client) -> None:
    before = raj.get(PULL).text
    raj.post(f"{PULL}/say", data={"verdict": "approve", "head": stage.promotion.head_sha})
    stage.report_success()
    after = raj.get(PULL).text

    assert "disabled" in merge_button(before)
    assert "Required status check &#34;registrar: main&#34; is pending." in before
    assert "disabled" not in merge_button(after)
    assert "This branch can be merged" in after


def test_a_pull_request_is_merged(stage: Scenery, raj: httpx.Client) -> None:
    raj.post(f"{PULL}/say", data={"verdict": "approve", "head": stage.promotion.head_sha})
    stage.report_success()

    merged = raj.post(f"{PULL}/merge", data={"method": "merge", "head": stage.promotion.head_sha})

    assert "raj</a> merged" in merged.text
    assert "Production: 1.1.0" in raj.get("/acme/registry/blob/main/models/digits/status.yaml").text
    assert "Archived:" in raj.get(f"{PULL}/files").text


def test_a_head_that_moved_meanwhile_is_not_merged(stage: Scenery, raj: httpx.Client) -> None:
    raj.post(f"{PULL}/say", data={"verdict": "approve", "head": stage.promotion.head_sha})
    stage.report_success()

    answer = raj.post(f"{PULL}/merge", data={"head": "0" * 40})

    assert "Head branch was modified" in answer.text
    assert stage.promotion.is_open


def test_a_pull_request_is_closed_and_opened_again(raj: httpx.Client) -> None:
    closed = raj.post(f"{PULL}/open", data={"open": "no"})
    again = raj.post(f"{PULL}/open", data={"open": "yes"})

    assert "This was closed" in closed.text
    assert "Merging is blocked" in again.text


def test_a_draft_is_not_merged_until_it_is_ready(stage: Scenery, raj: httpx.Client) -> None:
    raj.post(f"{PULL}/say", data={"verdict": "approve", "head": stage.promotion.head_sha})
    stage.report_success()
    draft = raj.post(f"{PULL}/draft", data={"draft": "yes"}).text
    ready = raj.post(f"{PULL}/draft", data={"draft": "no"}).text

    assert "The pull request is a draft." in draft
    assert "Ready for review" in draft
    assert "This branch can be merged" in ready
    assert "Convert to draft" in ready


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="another site"),
        pytest.param({"Origin": "null"}, id="a frame without a name"),
        pytest.param({"Origin": ""}, id="unsaid"),
        pytest.param({"Host": "evil.example", "Origin": "http://evil.example"}, id="another name for this machine"),
    ],
)
def test_another_site_cannot_act_for_a_person(stage: Scenery, browser_of: Browsers, headers: dict[str, str]) -> None:
    answer = browser_of("raj", **headers).post(f"{PULL}/say", data={"body": "Hello"})

    assert answer.status_code == 403
    assert len(stage.promotion.comments) == 2


def test_what_people_write_stays_text(stage: Scenery, raj: httpx.Client) -> None:
    hostile = """<script>alert(1)</script><img src=x onerror="alert(2)"><style>*{display:none}</style>
<a href="javascript:alert(3)" onclick="alert(4)">x</a> [y](javascript:alert(5)) <iframe src="//evil"></iframe>
<form action="/_/viewer"><button name=login value=ana>z</button></form><div id="merge" class="box">w</div>"""

    conversations.comment(
        stage.sandbox.forge, stage.registry, stage.promotion, author=stage.people["mei"], body=hostile
    )
    stage.promotion.title = "<b>bold</b>"
    page = raj.get(PULL).text

    said = page[page.index("issuecomment-3") : page.index('id="merge"')]
    assert not re.search(r"<(script|style|iframe|form|button)|\son\w+=|javascript:(?!alert\(5\))", said, re.IGNORECASE)
    assert 'class="box">w' not in said
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold</b>" not in page


@pytest.mark.parametrize(
    ("version", "conclusion", "said"),
    [
        pytest.param("1.1.0", "Succeeded", "Production: 1.0.0", id="works"),
        pytest.param("6.6.6", "Failed", "Process completed with exit code 1.", id="fails"),
    ],
)
def test_a_workflow_is_started_and_read(
    stage: Scenery, browser_of: Browsers, version: str, conclusion: str, said: str
) -> None:
    browser = browser_of("raj")
    wish = {"workflow": "1", "input.model": "digits", "input.version": version, "input.operation": "deploy-2-ab"}

    begun = browser.post("/acme/digits-ui/actions/runs", data=wish)
    stage.sandbox.drain()
    page = browser.get(begun.url.path).text

    assert f"Deploy digits {version} (deploy-2-ab)" in page
    assert conclusion in page
    assert said in page
    assert "the key is ***" in page
    assert 'http-equiv="refresh"' not in page


def test_a_run_that_goes_on_shows_itself_anew(stage: Scenery, browser_of: Browsers) -> None:
    browser = browser_of("raj")

    with stage.sandbox.store.lock:
        run = stage.running()
    page = browser.get(f"/acme/digits-ui/actions/runs/{run.id}").text

    assert '<meta http-equiv="refresh" content="1">' in page
    assert "Running" in page


def test_a_workflow_without_what_it_needs_is_not_started(raj: httpx.Client) -> None:
    raj.get("/acme/digits-ui/actions")

    answer = raj.post("/acme/digits-ui/actions/runs", data={"workflow": "1"})

    assert answer.status_code == 422
    assert "Required input &#39;model&#39; not provided" in answer.text


def test_a_page_says_whether_it_has_changed(stage: Scenery, raj: httpx.Client) -> None:
    first = raj.get(PULL)
    stage.report_success()
    second = raj.get(PULL)

    assert first.headers["etag"] != second.headers["etag"]
    assert f'data-version="{second.headers["etag"][1:-1]}"' in second.text


def test_a_diff_tells_new_renamed_and_endless_files_apart(stage: Scenery, raj: httpx.Client) -> None:
    ana = stage.people["ana"]
    files = {"empty.txt": "", "long.txt": "line\n" * 1_200}
    commit_files(stage.sandbox, stage.application, author=ana, branch="more", files=files)

    page = raj.get("/acme/digits-ui/commit/more").text

    assert "An empty or a binary file." in page
    assert "changes is not shown" in page
    assert '<span class="label">added</span>' in page


def test_a_workflow_that_the_sandbox_cannot_read_says_so(stage: Scenery, raj: httpx.Client) -> None:
    files = {".github/workflows/strange.yml": "on: push\njobs: {a: {strategy: {}, steps: [{run: x}]}}\n"}
    author = stage.people["ana"]
    commit_files(stage.sandbox, stage.application, author=author, branch="main", files=files)

    assert "The sandbox cannot read this workflow." in raj.get("/acme/digits-ui/actions").text


def test_there_are_no_other_verdicts(raj: httpx.Client) -> None:
    assert raj.post(f"{PULL}/say", data={"verdict": "bless"}).status_code == 404
