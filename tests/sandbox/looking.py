"""How tests look at the sandbox's pages in a real browser: as whom, in what window, with scripts or without."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, Page

from registrar.sandbox.pages.visits import COOKIE

DESK, PHONE = (1280, 900), (390, 844)
SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]
Opens = Callable[..., Page]

# What is neither shown whole nor scrolls.
CUT = """() => [...document.querySelectorAll("main *, .tabs")].filter((box) => {
  const scrolls = box.closest(".scroll, .log, pre, .cut, select, textarea, svg");
  return !scrolls && (box.scrollWidth > box.clientWidth + 1) && getComputedStyle(box).display !== "inline";
}).map((box) => `${box.tagName}.${box.className}: ${box.textContent.trim().slice(0, 60)}`)"""
WIDTH = "document.documentElement.scrollWidth"


@contextmanager
def opening(chromium: Browser, origin: str) -> Iterator[Opens]:
    """Opens pages of one forge, each in a window of its own."""
    with ExitStack() as windows:

        def opened(path: str, *, login: str = "", size: tuple[int, int] = DESK, scripts: bool = True) -> Page:
            viewport = {"width": size[0], "height": size[1]}
            context = chromium.new_context(viewport=viewport, java_script_enabled=scripts)  # type: ignore[arg-type]  # a dict will do
            windows.callback(context.close)
            if login:
                context.add_cookies([{"name": COOKIE, "value": login, "url": origin}])
            page = context.new_page()
            page.goto(origin + path)
            return page

        yield opened
