"""Which files of a repository a script names, and which of them it runs."""

import pytest

from registrar.core.setup_jobs import Used
from registrar.repository.scripts import files_in

FILES = {"x.sh", "tools/x.sh", "tools/y.py", "tools/app/__main__.py", "requirements.txt", "notes.txt"}


@pytest.mark.parametrize(
    ("script", "runs"),
    [
        pytest.param("./tools/x.sh --all", "tools/x.sh", id="by itself"),
        pytest.param("bash tools/x.sh", "tools/x.sh", id="by a shell"),
        pytest.param("set -e; if true; then . tools/x.sh; fi", "tools/x.sh", id="as part of the shell"),
        pytest.param("/usr/bin/python3.11 -u tools/y.py", "tools/y.py", id="by a python"),
        pytest.param("python -m tools.y", "tools/y.py", id="as a module"),
        pytest.param("python -m tools.app", "tools/app/__main__.py", id="as a package"),
        pytest.param("A=1 exec $CI_PROJECT_DIR/tools/x.sh", "tools/x.sh", id="from where the job began"),
        pytest.param("${{ github.workspace }}/tools/x.sh", "tools/x.sh", id="from there, on GitHub"),
        pytest.param("cd tools && ./x.sh", "tools/x.sh", id="from a folder"),
        pytest.param("true # first\ntrue \\\n && tools/x.sh # x.sh", "tools/x.sh", id="over lines, with remarks"),
        pytest.param("pip install --requirement=requirements.txt", "requirements.txt", id="what it installs"),
        pytest.param("out=$(sh 'tools/x.sh')", "tools/x.sh", id="in another command"),
    ],
)
def test_a_file_that_a_script_runs_is_found(script: str, runs: str) -> None:
    assert list(files_in(script, FILES.__contains__)) == [Used(runs)]


@pytest.mark.parametrize(
    ("script", "named"),
    [
        pytest.param("cat notes.txt # and x.sh", ["notes.txt"], id="read"),
        pytest.param("echo a > notes.txt", ["notes.txt"], id="written"),
        pytest.param("echo 'it is\n  x.sh notes.txt'", [], id="in a quotation of two lines"),
        pytest.param("cat <<END\nit's\nx.sh 'notes.txt'\nEND", ["x.sh", "notes.txt"], id="in a text"),
        pytest.param("../x.sh /x.sh x.shx; echo; ;", [], id="another file"),
    ],
)
def test_a_file_that_may_only_be_read_is_none_that_is_run(script: str, named: list[str]) -> None:
    assert list(files_in(script, FILES.__contains__)) == [Used(path, is_run=False) for path in named]
