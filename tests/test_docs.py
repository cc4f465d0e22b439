"""The documentation says what the program says."""

import argparse
import re
import sys
from pathlib import Path

import pytest

from registrar.cli import COMMANDS
from registrar.cli.program import command_named
from registrar.cli.reference import reference
from registrar.settings import SETTINGS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NOT_SETTINGS = {"REGISTRAR_SECRET_"}  # the prefix of the names that a registry may name


def text_of_all_pages() -> str:
    return "\n".join(page.read_text() for page in PAGES)


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="argparse words its help a little differently elsewhere")
def test_the_reference_of_commands_is_what_make_docs_writes() -> None:
    assert (ROOT / "docs/cli.md").read_text() == reference(), "run make docs"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"## registrar {name}\n" in (ROOT / "docs/cli.md").read_text()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    parser = argparse.ArgumentParser()
    command_named(name).add_arguments(parser)

    actions = parser._actions  # noqa: SLF001 - argparse has no other way to walk a parser

    assert [action.dest for action in actions if not action.help] == []


def settings_in_the_code() -> set[str]:
    files = (ROOT / "bot/registrar").rglob("*.py")
    names = (name for file in files for name in re.findall(r"\bREGISTRAR_[A-Z_]+\b", file.read_text()))
    return set(names) - NOT_SETTINGS


def test_every_setting_in_the_code_is_documented() -> None:
    undocumented = {name for name in settings_in_the_code() if f"`{name}`" not in text_of_all_pages()}

    assert undocumented == set()


def test_every_setting_documented_exists() -> None:
    documented = set(re.findall(r"\bREGISTRAR_[A-Z_]+\b", text_of_all_pages())) - NOT_SETTINGS

    assert documented <= set(SETTINGS) | settings_in_the_code()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_make_command_in_the_docs_exists() -> None:
    named = set(re.findall(r"(?:`|\$ )make ([a-z]+)", text_of_all_pages()))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    assert named <= targets


def test_decisions_are_numbered_one_after_the_other() -> None:
    numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs/decisions").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
