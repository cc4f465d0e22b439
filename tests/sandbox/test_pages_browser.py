from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import NEEDS_BROWSER, chromium
from registrar.sandbox import Sandbox
from registrar.sandbox.pages.visits import COOKIE
from sandbox.scenery import PULL, Scenery, scenery

DESK, PHONE = (1280, 900), (390, 844)

pytestmark = NEEDS_BROWSER
Opens = Callable[..., Page]


@pytest.fixture(scope="module", name="chromium")
def a_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scenery]:
    with Sandbox.serve(tmp_path / "forge") as sandbox:
        yield scenery(sandbox, tmp_path)


@pytest.fixture
def open_page(chromium: Browser, stage: Scenery) -> Iterator[Opens]:
    contexts = []

    def opened(path: str, *, login: str = "", size: tuple[int, int] = DESK, scripts: bool = True) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = chromium.new_context(viewport=viewport, java_script_enabled=scripts)  # type: ignore[arg-type]  # a dict will do
        contexts.append(context)
        if login:
            context.add_cookies([{"name": COOKIE, "value": login, "url": stage.sandbox.url}])
        page = context.new_page()
        page.goto(stage.sandbox.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="no scripts")])
def test_a_promotion_is_approved_and_merged_by_hand(stage: Scenery, open_page: Opens, scripts: bool) -> None:  # noqa: FBT001 - a column
    page = open_page("/", scripts=scripts)

    page.get_by_role("button", name="Be raj").click()
    page.get_by_role("link", name="Promote digits 1.1.0 to Production").click()
    expect(page.get_by_role("button", name="Merge pull request")).to_be_disabled()
    page.get_by_role("textbox").fill("Fast enough.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("approved these changes")).to_be_visible()
    stage.report_success()
    page.reload()
    page.get_by_role("button", name="Merge pull request").click()

    expect(page.locator(".badge.merged")).to_be_visible()
    page.get_by_role("navigation", name="Repository").get_by_role("link", name="Code").click()
    expect(page.get_by_text("Merge pull request #2")).to_be_visible()


def test_one_person_becomes_another_on_any_page(open_page: Opens) -> None:
    page = open_page(PULL, login="raj")

    page.locator("details.who summary").click()
    page.get_by_role("button", name="mei").click()

    expect(page.locator("details.who summary")).to_contain_text("mei")
    assert page.url.endswith(PULL)


def test_a_run_is_watched_to_its_end(stage: Scenery, open_page: Opens) -> None:
    page = open_page("/acme/digits-ui/actions", login="raj", scripts=False)

    page.locator("details.starter summary").click()
    page.get_by_label("Which model").fill("digits")
    page.get_by_label("Which version").fill("1.1.0")
    page.get_by_role("button", name="Run workflow").click()

    expect(page.get_by_text("Succeeded")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("loaded digits 1.1.0")).to_be_visible()
    stage.sandbox.drain()


def test_a_page_shows_what_happens_meanwhile(stage: Scenery, open_page: Opens) -> None:
    page = open_page(PULL, login="raj")
    expect(page.get_by_text("waits for raj or mei").last).to_be_visible()

    stage.report_success()

    expect(page.get_by_text("approved by raj")).to_be_visible(timeout=10_000)


def test_a_page_that_changes_leaves_alone_who_writes(stage: Scenery, open_page: Opens) -> None:
    page = open_page(PULL, login="raj")
    page.get_by_role("textbox").fill("I am still thinking")

    stage.report_success()
    page.wait_for_timeout(2_500)  # longer than the page waits before it looks

    expect(page.get_by_role("textbox")).to_have_value("I am still thinking")


PAGES = ("/", "/acme/registry", PULL, f"{PULL}/files", "/acme/registry/blob/main/README.md", "/acme/digits-ui/actions")


@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
def test_no_page_is_wider_than_the_window(stage: Scenery, open_page: Opens, size: tuple[int, int]) -> None:
    page = open_page("/", login="raj", size=size)
    widths = {}

    for path in PAGES:
        page.goto(stage.sandbox.url + path)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert widths == dict.fromkeys(PAGES, size[0])


def test_pages_ask_for_nothing_from_elsewhere_and_complain_of_nothing(stage: Scenery, open_page: Opens) -> None:
    page = open_page("/", login="raj")
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))

    for path in PAGES:
        page.goto(stage.sandbox.url + path, wait_until="load")

    assert asked
    assert [url for url in asked if not url.startswith(stage.sandbox.url)] == []
    assert complaints == []
