from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import NEEDS_BROWSER, chromium
from registrar.sandbox import Sandbox, conversations
from registrar.sandbox.runs import StepLog
from sandbox.looking import CUT, PHONE, SIZES, WIDTH, Opens, opening
from sandbox.scenery import PULL, Scenery, commit_files, scenery

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module", name="chromium")
def a_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Scenery]:
    with Sandbox.serve(tmp_path / "forge") as sandbox:
        yield scenery(sandbox)


@pytest.fixture
def open_page(chromium: Browser, stage: Scenery) -> Iterator[Opens]:
    with opening(chromium, stage.sandbox.url) as opens:
        yield opens


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


def test_a_link_opens_a_page_as_someone(open_page: Opens) -> None:
    page = open_page(f"{PULL}/files?as=mei#say")

    expect(page.locator("details.who summary")).to_contain_text("mei")
    assert page.url.endswith(f"{PULL}/files#say")
    page.goto(page.url.replace("/files#say", ""))
    expect(page.locator("details.who summary")).to_contain_text("mei")


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
    expect(page.locator(".said")).to_contain_text("waiting for raj or mei")

    stage.report_success()

    expect(page.locator(".said")).to_contain_text("approved by raj", timeout=10_000)


def test_a_page_that_changes_leaves_alone_who_writes(stage: Scenery, open_page: Opens) -> None:
    page = open_page(PULL, login="raj")
    page.get_by_role("textbox").fill("I am still thinking")

    stage.report_success()
    page.wait_for_timeout(2_500)  # longer than the page waits before it looks

    expect(page.get_by_role("textbox")).to_have_value("I am still thinking")


PAGES = ("/", "/acme/registry", PULL, f"{PULL}/files", "/acme/registry/blob/main/README.md", "/acme/digits-ui/actions")


@pytest.mark.parametrize("size", SIZES)
def test_no_page_is_wider_than_the_window(stage: Scenery, open_page: Opens, size: tuple[int, int]) -> None:
    page = open_page("/", login="raj", size=size)
    widths = {}

    for path in PAGES:
        page.goto(stage.sandbox.url + path)
        widths[path] = page.evaluate(WIDTH)

    assert widths == dict.fromkeys(PAGES, size[0])


LONG = "models/" + "a_very_long_name_without_any_place_to_break_it" * 3 + ".yaml"


@pytest.mark.parametrize("size", SIZES)
def test_whatever_is_long_is_read_to_its_end(stage: Scenery, open_page: Opens, size: tuple[int, int]) -> None:
    raj = stage.people["raj"]
    commit_files(stage.sandbox, stage.registry, author=raj, branch="registrar/digits", files={LONG: "a: 1\n"})
    for digits in ("digits", "a" * 120):
        stage.report("pending", f"waiting for raj or mei; ana asked for {digits}, so ana cannot approve it")
        for path in (PULL, f"{PULL}/files", "/acme/registry", "/acme/registry/tree/registrar/digits/models"):
            page = open_page(path, login="raj", size=size)

            assert page.evaluate(WIDTH) == size[0]
            assert page.evaluate(CUT) == []


@pytest.mark.parametrize("size", SIZES)
def test_the_metrics_are_seen_whole(open_page: Opens, size: tuple[int, int]) -> None:
    table = open_page(PULL, login="raj", size=size).locator(".markdown table", has_text="accuracy")

    expect(table.get_by_text("worse")).to_be_visible()
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0


def test_a_wide_table_scrolls_by_itself(stage: Scenery, open_page: Opens) -> None:
    row = "|" + "wide_cell|" * 12
    body = f"{row}\n|{'-|' * 12}\n{row}\n"
    forge, mei = stage.sandbox.forge, stage.people["mei"]
    conversations.comment(forge, stage.registry, stage.promotion, author=mei, body=body)
    page = open_page(PULL, size=PHONE)
    table = page.locator(".markdown table", has_text="wide_cell")

    assert table.evaluate("table => { table.scrollLeft = 9999; return table.scrollLeft }") > 0
    assert page.evaluate(WIDTH) == PHONE[0]


def test_a_log_keeps_its_lines(stage: Scenery, open_page: Opens) -> None:
    with stage.sandbox.store.lock:
        run = stage.running()
        run.log(StepLog("deploy", "Draw", f"{'@ ' * 200}\n{'o ' * 200}\n", ""))
    log = open_page(f"/acme/digits-ui/actions/runs/{run.id}", size=PHONE).locator(".log").last

    lines = log.locator("span").evaluate_all("lines => lines.map(line => line.getClientRects().length)")

    assert lines == [1, 1]
    assert log.evaluate("log => log.scrollWidth > log.clientWidth")


def test_what_it_waits_for_stands_beside_the_button(open_page: Opens) -> None:
    page = open_page(PULL, login="raj")
    button, said = page.locator("#merge-button").bounding_box(), page.locator(".said").bounding_box()

    assert button is not None
    assert said is not None
    assert abs(button["y"] + button["height"] / 2 - said["y"] - said["height"] / 2) < button["height"]
    expect(page.locator(".said")).to_contain_text("waiting for raj or mei")


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
