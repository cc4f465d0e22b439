"""The documentation says what the program says."""

import re
import sys
from pathlib import Path

import pytest

from registrar.cli import COMMANDS
from registrar.cli.program import parser_of
from registrar.cli.reference import reference
from registrar.demo.colleague_github import GitHubColleague
from registrar.demo.world import environment_of, run
from registrar.sandbox import Sandbox
from registrar.settings import SETTINGS

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
SETTING = re.compile(r"\bREGISTRAR_(?!INPUT_|OUTPUT_)[A-Z_]+\b")  # what a job is told, and tells, is none
NOT_SETTINGS = {
    "REGISTRAR_SECRET_",  # the prefix of the names that a registry may name,
    *(f"REGISTRAR_SECRET_{name}" for name in ("DIGITS_UI", "CHAT", "PAGER")),  # some of them,
    "REGISTRAR_",  # the prefix of what pipelines on GitLab are told,
    *(f"REGISTRAR_{name}" for name in ("MODEL", "VERSION", "OPERATION")),  # and some of it
}


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
    taken = parser_of(name).taken

    assert [action.dest for action in taken if not action.help] == []


def settings_in_the_code() -> set[str]:
    files = (ROOT / "bot/registrar").rglob("*.py")
    names = (name for file in files for name in SETTING.findall(file.read_text()))
    return set(names) - NOT_SETTINGS


def test_every_setting_in_the_code_is_documented() -> None:
    undocumented = {name for name in settings_in_the_code() if f"`{name}`" not in text_of_all_pages()}

    assert undocumented == set()


def test_every_setting_documented_exists() -> None:
    documented = set(SETTING.findall(text_of_all_pages())) - NOT_SETTINGS

    assert documented <= set(SETTINGS) | settings_in_the_code()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_a_heading_lead_to_it(page: Path) -> None:
    wanted = re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", page.read_text())
    pages = [(target, page.parent / target if target else page, heading) for target, heading in wanted]

    assert [f"{target}#{heading}" for target, there, heading in pages if heading not in anchors(there)] == []


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in its address."""
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_make_command_in_the_docs_exists() -> None:
    named = set(re.findall(r"(?:`|\$ )make ([a-z]+)", text_of_all_pages()))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    assert named <= targets


def commands_under(heading: str) -> list[str]:
    """The blocks of commands below a heading of the README, up to the next page that it names."""
    section = (ROOT / "README.md").read_text().partition(heading)[2].partition("Every command is described")[0]
    return re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)


def test_a_registry_starts_as_the_readme_says(tmp_path: Path) -> None:
    (tmp_path / "model.joblib").write_bytes(b"weights")
    (tmp_path / "metrics.json").write_text('{"accuracy": 0.97}')
    start, promote = commands_under("Start a registry")
    with Sandbox.serve(tmp_path / "forge") as sandbox:
        sandbox.add_organization("acme")
        ana = sandbox.add_user("ana")
        sandbox.add_repository("acme/registry")
        sandbox.grant("acme/registry", "ana", "admin")
        person = GitHubColleague(sandbox.url, "ana", ana.id, ana.token)
        words = start.replace("https://github.com", sandbox.url).replace("TOKEN=…", f"TOKEN={ana.token}")
        environment = environment_of(person) | {"HOME": str(tmp_path)}
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        del environment["REGISTRAR_TOKEN"]

        run(["bash", "-euc", words], tmp_path, environment)
        person.merge("acme/registry", 1)
        shown = run(
            ["bash", "-euc", f"export REGISTRAR_TOKEN={ana.token}\n{promote}"], tmp_path / "registry", environment
        )

    assert shown.startswith("Promote digits 1.0.0 to Staging: opened at ")
    assert list((tmp_path / "registry-storage").rglob("*")) != []


def test_decisions_are_numbered_one_after_the_other() -> None:
    numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs/decisions").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
