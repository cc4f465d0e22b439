"""The unit is what systemd takes, and keeps the bot from everything that it does not need."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from registrar.cli.exits import ExitCode
from registrar.settings import NAMEABLE, SETTINGS
from registrar.settings.parsing import wait

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd/registrar.service"
MOST_EXPOSED = "20"  # of 100, where systemd calls 0 to 20 OK and a service that says nothing stands at 96

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that exists here, and with the lines for a signed ledger."""
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(), flags=re.MULTILINE)
    unit = tmp_path / UNIT.name
    unit.write_text(re.sub(r"^#(?=\w+=)", "", text, flags=re.MULTILINE))
    return unit


def said_by_systemd(*words: str | Path) -> tuple[int, str]:
    done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@needs_systemd
def test_systemd_takes_the_unit(unit: Path) -> None:
    assert said_by_systemd("verify", unit) == (0, "")


@needs_systemd
def test_a_word_that_systemd_does_not_know_is_noticed(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("DynamicUser=", "DynamicUsr="))

    assert "DynamicUsr" in said_by_systemd("verify", unit)[1]


@needs_systemd
def test_systemd_finds_it_little_exposed(unit: Path) -> None:
    code, said = said_by_systemd("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", "--no-pager", unit)

    assert code == 0, said


def settings_of(text: str) -> dict[str, str]:
    return dict(re.findall(r"^#?(?:Environment=)?(\w+)=(\S*)", text, flags=re.MULTILINE))


def test_it_has_the_time_that_it_takes_to_stop() -> None:
    [given] = re.findall(r"REGISTRAR_GRACE_SECONDS=(\d+)", UNIT.read_text())

    assert wait(given) < int(settings_of(UNIT.read_text())["TimeoutStopSec"])


def test_what_a_new_start_cannot_mend_is_not_started_again() -> None:
    assert settings_of(UNIT.read_text())["RestartPreventExitStatus"] == str(int(ExitCode.USAGE))


def test_the_state_lies_where_the_unit_lets_the_bot_write() -> None:
    text = UNIT.read_text()

    assert "REGISTRAR_STATE_DIR=%S/" + settings_of(text)["StateDirectory"] in text


@pytest.mark.parametrize("file", sorted(DEPLOY.rglob("*.*")), ids=lambda file: file.name)
def test_every_setting_that_is_deployed_exists(file: Path) -> None:
    named = {name for name in re.findall(r"\bREGISTRAR_\w+", file.read_text()) if not name.startswith(NAMEABLE)}

    assert named <= set(SETTINGS)


def test_a_secret_is_given_by_nothing_but_a_file_of_its_own() -> None:
    secrets = {"REGISTRAR_TOKEN", "REGISTRAR_WEBHOOK_SECRET", "REGISTRAR_DATABASE_URL"}

    assert [name for name in secrets if name in UNIT.read_text()] == []
    assert secrets <= set(settings_of((DEPLOY / "systemd/registrar.env").read_text()))
