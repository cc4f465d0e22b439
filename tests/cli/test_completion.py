"""`registrar completion` teaches a shell what the parser knows."""

import shutil
import subprocess
from pathlib import Path

import pytest

from registrar.cli import COMMANDS
from registrar.cli.program import main


@pytest.fixture
def bash_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["completion", "bash"]) == 0
    script = tmp_path / "registrar.bash"
    script.write_text(capsys.readouterr().out)
    return script


def completed(script: Path, *words: str) -> list[str]:
    line = " ".join(f"'{word}'" for word in words)
    asks = f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; "
    asks += f"_shtab_registrar registrar '{words[-1]}' '{words[-2]}'; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(["bash", "-c", asks], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_bash_completes_commands(bash_script: Path) -> None:
    assert sorted(completed(bash_script, "registrar", "")) == sorted(COMMANDS)


def test_bash_completes_options(bash_script: Path) -> None:
    assert completed(bash_script, "registrar", "promote", "--forge-") == ["--forge-url"]


def test_bash_completes_files(bash_script: Path, tmp_path: Path) -> None:
    (tmp_path / "model.joblib").write_text("")

    assert completed(bash_script, "registrar", "register", "--weights", f"{tmp_path}/mod") == [
        f"{tmp_path}/model.joblib"
    ]


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_every_shell_has_a_script_that_it_can_read(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0

    script = tmp_path / shell
    script.write_text(capsys.readouterr().out)
    assert "promote" in script.read_text()
    if shell != "tcsh" and shutil.which(shell):
        subprocess.run([shell, "-n", str(script)], check=True)


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "fish"]) == 2
    assert "'fish' is not one of bash, zsh, tcsh" in capsys.readouterr().err
