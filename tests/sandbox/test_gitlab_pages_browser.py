"""The pages as GitLab has them, in a real browser: read, clicked, and never wider than the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import NEEDS_BROWSER, chromium
from sandbox.gitlab_stage import AGREED, WAITING, Stage, staged
from sandbox.looking import CUT, SIZES, WIDTH, Opens, opening

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module", name="chromium")
def a_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path, path="/gitlab") as found:
        yield found


@pytest.fixture
def open_page(chromium: Browser, stage: Stage) -> Iterator[Opens]:
    with opening(chromium, stage.sandbox.forge.origin) as opens:
        yield opens


@pytest.mark.parametrize("scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="no scripts")])
def test_a_merge_request_is_approved_and_merged_by_hand(stage: Stage, open_page: Opens, scripts: bool) -> None:  # noqa: FBT001 - a column
    page = open_page("/gitlab/", scripts=scripts)
    merge = page.get_by_role("button", name="Merge", exact=True)

    page.get_by_role("button", name="Be ana").click()
    page.get_by_role("link", name="Promote digits 1.1.0").click()
    expect(merge).to_be_disabled()
    page.get_by_role("textbox").fill("Fast enough.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("approved this merge request")).to_be_visible()
    expect(page.get_by_role("button", name="Revoke approval")).to_be_visible()
    stage.report("success", AGREED)
    page.reload()
    merge.click()

    expect(page.locator(".badge.merged")).to_be_visible()
    page.get_by_role("navigation", name="Repository").get_by_role("link", name="Code").click()
    expect(page.get_by_text("Merge branch 'registrar/digits' into 'main'")).to_be_visible()


def test_a_manual_job_is_played_and_read_by_hand(stage: Stage, open_page: Opens) -> None:
    page = open_page(stage.pipelines, login="raj", scripts=False)

    page.locator("details.starter summary").click()
    page.get_by_label("model").fill("digits")
    page.get_by_role("button", name="Run pipeline").click()
    expect(page.locator(".badge", has_text="Manual")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Run deploy").click()

    expect(page.locator(".badge", has_text="Succeeded")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("<b>serving</b> 1.0.0", exact=True)).to_be_visible()


def test_a_page_shows_what_happens_meanwhile(stage: Stage, open_page: Opens) -> None:
    page = open_page(stage.page, login="ana")
    expect(page.locator(".said")).to_contain_text(WAITING)

    stage.report("success", AGREED)

    expect(page.locator(".said")).to_contain_text(AGREED, timeout=10_000)


@pytest.mark.parametrize("size", SIZES)
def test_everything_is_read_to_its_end(stage: Stage, open_page: Opens, size: tuple[int, int]) -> None:
    stage.browser("ana").post(f"{stage.page}/say", data={"verdict": "approve", "body": "Fine. " * 80})
    stage.browser("raj").post(f"{stage.pipelines}/new", data={"input.model": "digits"})
    stage.sandbox.drain()
    (pipeline,) = stage.application.ci.pipelines
    jobs = [f"/gitlab/acme/digits-ui/-/jobs/{job.id}" for job in pipeline.jobs]
    page = open_page("/gitlab/", login="ana", size=size)
    cut = {}

    for path in (
        "/gitlab/",
        stage.page,
        f"{stage.page}/diffs",
        stage.pipelines,
        f"{stage.pipelines}/{pipeline.id}",
        *jobs,
    ):
        page.goto(stage.sandbox.forge.origin + path)
        cut[path] = (page.evaluate(WIDTH), page.evaluate(CUT))

    assert cut == dict.fromkeys(cut, (size[0], []))


def test_pages_ask_for_nothing_from_elsewhere_and_complain_of_nothing(stage: Stage, open_page: Opens) -> None:
    page = open_page("/gitlab/", login="ana")
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))

    for path in (
        "/gitlab/",
        stage.home,
        stage.page,
        f"{stage.page}/diffs",
        stage.pipelines,
        "/gitlab/groups/acme/ml-admins",
    ):
        page.goto(stage.sandbox.forge.origin + path, wait_until="load")

    assert asked
    assert [url for url in asked if not url.startswith(stage.sandbox.url)] == []
    assert complaints == []
