"""What a stranger's pull request holds is shown, and nothing of it is obeyed: not in the log, and not in an output."""

import re

from action.places import READER, Place

COMMAND = "::set-output name=verdict::passed"
FILES = {
    "models/digits/status.yaml": f"Production: 1.0.0\n'{COMMAND}': 1.1.0\n",
    f"models/{COMMAND}/status.yaml": "Production: 1.0.0\n",
    f"models/x\n{COMMAND}\n##[error]/model.yaml": "description: '| @ana <img src=x> |'\n",
}
SHADOW = "raise SystemExit('eve was here')\n"
SHADOWS = ("registrar/__init__.py", "registrar/__main__.py", "json.py", "pip.py", "venv.py", "sitecustomize.py")
DESCRIPTION = f"""\
created: 2026-03-01T12:00:00+00:00
description: "good\\n{COMMAND}\\n::stop-commands::word\\nverdict=passed\\n<!-- | @ana -->"
artifacts:
  weights: {{path: model.joblib, hash: 'md5:00000000000000000000000000000000', size: 10}}
metrics: {{accuracy: 0.97, latency: 4.0}}
"""
POINTER = "outs:\n- md5: '00000000000000000000000000000000'\n  size: 10\n  hash: md5\n  path: model.joblib\n"


def test_nothing_in_a_broken_registry_commands_the_runner(place: Place) -> None:
    number = place.propose(FILES, branch="hostile")

    for command in ("check", "compare"):
        ran = place.on_pull_request(number, {"command": command}, by=READER)

        assert (ran.code, ran.outputs["verdict"]) == (1, "failed"), ran.log
        assert all(re.match(r"::error file=[^,:]+(,line=\d+)?,title=Registrar::", line) for line in ran.annotations)
        assert not [line for line in ran.summary.splitlines() if line.startswith(("::", "##["))]
        assert "@ana" not in ran.summary
        assert "<img" not in ran.summary


def test_a_description_is_one_output_whatever_it_holds(place: Place) -> None:
    folder = "models/digits/versions/1.6.0"
    files = {f"{folder}/version.yaml": DESCRIPTION, f"{folder}/model.joblib.dvc": POINTER}
    number = place.propose(files, branch="well-described")

    ran = place.on_pull_request(number, {"command": "compare"}, by=READER)

    assert (ran.outputs["verdict"], ran.annotations) == ("passed", []), ran.log
    assert ran.outputs["description"].splitlines()[1:3] == [COMMAND, "::stop-commands::word"]
    assert ran.outputs["comment-id"] == ""


def test_no_file_of_the_workspace_is_run(place: Place) -> None:
    number = place.propose(dict.fromkeys(SHADOWS, SHADOW), branch="shadowing")

    ran = place.on_pull_request(number, {"command": "check"}, by=READER)

    assert (ran.code, ran.outputs["verdict"]) == (0, "passed"), ran.log
    assert "eve" not in ran.log
