"""What an audit looks like in a browser, and on paper."""

from pathlib import Path

from browsing import NEEDS_BROWSER, chromium
from cli.records import a_record
from registrar.cli.audit_page import write_page

pytestmark = NEEDS_BROWSER


def test_a_page_asks_for_nothing_and_prints_whole_rows_under_repeated_headings(tmp_path: Path) -> None:
    file, asked = tmp_path / "audit.html", list[str]()
    about: dict[str, object] = {"name": "acme/registry", "base": "b" * 40, "ledger": None, "chosen": ""}
    with file.open("w", encoding="utf-8") as stream:
        records = (a_record("risk/" + "fraud-" * 20 + "x", reason="<img src=x onerror=alert(1)>") for _ in range(60))
        write_page(records, stream, about=about, remarks=["one thing"])

    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        page.emulate_media(media="print")
        heading = page.eval_on_selector("thead", "node => getComputedStyle(node).display")
        rows = page.eval_on_selector("tbody tr", "node => getComputedStyle(node).breakInside")
        fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
        styles = page.eval_on_selector("style", "node => node.textContent")

    assert asked == [file.as_uri()]
    assert (heading, rows, fits) == ("table-header-group", "avoid", True)
    assert pages > 1
    assert 'content: "page " counter(page) " of " counter(pages)' in styles
