"""Makes the README's picture: the demo's own comment, as its forge renders it in a real browser."""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from registrar.demo.dialects import DIALECTS
from registrar.demo.job import prepare
from registrar.demo.narration import Narrator
from registrar.demo.world import created

PICTURE = Path(__file__).parent / "images" / "comment.png"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main() -> int:
    """Bring the demo to the request for Production, and photograph the comment on it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("this needs Chromium; install it and try again\n")
        return 2
    with (
        tempfile.TemporaryDirectory() as folder,
        created(Path(folder), DIALECTS["github"]) as world,
        sync_playwright() as playwright,
    ):
        number = prepare(world, Narrator())
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1240, "height": 1400}, device_scale_factor=2)
        page.goto(world.link(number))
        page.locator("article.bubble").filter(has_text="What changes").last.screenshot(path=str(PICTURE))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
