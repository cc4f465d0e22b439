"""The whole job as a person does it: in a browser, on the forge's own pages, with the bot at work behind them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import NEEDS_BROWSER, chromium
from stories.test_commands import asked
from stories.town import Town

pytestmark = NEEDS_BROWSER


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page()


def become(page: Page, login: str) -> None:
    page.locator("summary").first.click()
    press(page.get_by_role("button", name=login).first)


def press(button: Locator) -> None:
    """Press it, and see the page that comes of it: what is done to this page before that is lost with it."""
    with button.page.expect_navigation():
        button.click()


def test_a_request_is_refused_approved_merged_and_deployed_by_hand(town: Town, page: Page) -> None:
    number = asked(town)
    page.goto(town.side.page("mei", number))

    become(page, "mei")
    press(page.get_by_role("button", name="Approve"))
    town.settle()
    page.reload()
    expect(page.get_by_text("mei asked for this change, so mei cannot approve it").first).to_be_visible()
    expect(page.get_by_role("button", name=town.side.merge_button, exact=True)).to_be_disabled()

    become(page, "ana")
    press(page.get_by_role("button", name="Approve"))
    town.settle()
    page.reload()
    expect(page.get_by_role("heading", name="digits 1.1.0 to Production: may be merged")).to_be_visible()
    press(page.get_by_role("button", name=town.side.merge_button, exact=True))
    town.settle()
    page.reload()

    expect(page.get_by_role("heading", name="Merged and deployed")).to_be_visible()
    page.get_by_role("link", name="run", exact=True).click()
    expect(page.get_by_text("digits 1.1.0 md5:").first).to_be_visible()
