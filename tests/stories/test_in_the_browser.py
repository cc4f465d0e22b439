"""The whole job as a person does it: in a browser, on the forge's own pages, with the bot at work behind them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

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
    page.get_by_role("button", name=login).first.click()


def test_a_request_is_refused_approved_merged_and_deployed_by_hand(town: Town, page: Page) -> None:
    number = asked(town)
    page.goto(town.side.page("mei", number))

    become(page, "mei")
    page.get_by_role("button", name="Approve").click()
    town.settle()
    page.reload()
    expect(page.get_by_text("mei asked for this change, so mei cannot approve it").first).to_be_visible()
    expect(page.get_by_role("button", name=town.side.merge_button, exact=True)).to_be_disabled()

    become(page, "ana")
    page.get_by_role("button", name="Approve").click()
    town.settle()
    page.reload()
    expect(page.get_by_role("heading", name="digits 1.1.0 to Production: may be merged")).to_be_visible()
    page.get_by_role("button", name=town.side.merge_button, exact=True).click()
    town.settle()
    page.reload()

    expect(page.get_by_role("heading", name="Merged and deployed")).to_be_visible()
    page.get_by_role("link", name="run", exact=True).click()
    expect(page.get_by_text("digits 1.1.0 md5:").first).to_be_visible()
