"""With `tags: gto` a clone says in GTO's and DVC's words what the registry says; read by the real programs."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from parity import only_on
from registrar.artifacts.tracking import track
from registrar.cli.program import main
from registrar.core.events import KeepTags
from stories.checkouts import git
from stories.conftest import Found
from stories.places import REGISTRY
from stories.registries import RULES, a_registry, a_version
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town

pytestmark = pytest.mark.slow

TAGGING = RULES + "tags: gto\n"
HELD = "Production: 1.0.0\n"
WEIGHTS = b"weights of 1.3.0"
HAPPENED: list[set[tuple[str, str, str | None]]] = [
    {("v1.2.0", "registration", None)},
    {("v1.1.0", "registration", None), ("v1.1.0", "assignment", "staging")},
    {
        ("v1.0.0", "registration", None),
        ("v1.0.0", "assignment", "archived"),
        ("v1.1.0", "assignment", "production"),
        ("v1.1.0", "unassignment", "staging"),
    },
    {
        ("v1.2.0", "assignment", "production"),
        ("v1.1.0", "assignment", "archived"),
        ("v1.1.0", "unassignment", "production"),
    },
    {
        ("v1.1.0", "assignment", "production"),
        ("v1.2.0", "assignment", "archived"),
        ("v1.2.0", "unassignment", "production"),
        ("v1.1.0", "unassignment", "archived"),
    },
]


def a_tagging_town(found: Found, **more: str) -> Town:
    return found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status=HELD, rules=TAGGING) | more)


def tags(town: Town) -> dict[str, str]:
    """Every tag of the registry, and the object that it is."""
    listed = git(bare(town), "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/tags")
    return dict(line.split() for line in listed.splitlines())


def bare(town: Town) -> Path:
    return town.sandbox.store.repository(REGISTRY).path


def ask(town: Town, text: str) -> int:
    """The pull request that the bot opened for a request, approved; all are asked for at one place."""
    place = next((pull.number for pull in town.open_pull_requests() if pull.branch == "place"), None)
    town.comment(place or town.propose({"notes.txt": "hello\n"}, by="mei", branch="place"), text, by="mei")
    number = max(pull.number for pull in town.open_pull_requests())
    town.approve(number, by="ana")
    return number


def promote(town: Town, version: str, status: str = "Production") -> int:
    number = ask(town, f"/registrar promote digits@{version} to {status}")
    town.merge(number)
    return number


def hook(town: Town, script: str) -> Path:
    """What the forge does with every ref that is pushed: its name is the first argument."""
    file = bare(town) / "hooks" / "update"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{dedent(script)}")
    file.chmod(0o755)
    return file


class Clone:
    """A clone of the registry, in which the real programs are run."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.folder = folder / "clone"
        git(folder, "clone", "--quiet", str(bare(town)), str(self.folder))

    def run(self, *words: str) -> str:
        program = Path(sys.executable).parent / words[0]
        environment = os.environ | {"HOME": str(self.folder.parent), "DVC_NO_ANALYTICS": "1"}
        done = subprocess.run(
            [program, *words[1:]], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def gto(self) -> Mapping[str, Any]:
        """The stages of digits as GTO shows them, each with every version."""
        shown = json.loads(self.run("gto", "show", "digits", "--json", "--vs", "-1", "--av", "-1"))
        return {version["version"]: [stage["stage"] for stage in version["stages"]] for version in shown}

    def history(self) -> list[set[tuple[str, str, str | None]]]:
        """What GTO says has happened to digits, merge by merge."""
        happened = json.loads(self.run("gto", "history", "digits", "--json", "--asc"))
        return [
            {(each["version"], each["event"], each["stage"]) for each in merge}
            for _, merge in groupby(happened, key=itemgetter("timestamp"))
        ]


def test_gto_shows_in_a_clone_who_holds_what_as_registrar_does(
    found: Found, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = a_tagging_town(found)
    town.merge(town.propose(a_version("1.2.0", accuracy=0.96), by="mei", branch="v2"))
    promote(town, "1.1.0", "Staging")
    promote(town, "1.1.0")
    promote(town, "1.2.0")
    number = ask(town, "/registrar rollback digits")

    town.merge(number)

    clone = Clone(town, tmp_path)
    assert main(["show", "digits", "--json", "--registry", str(clone.folder)]) == 0
    shown = json.loads(capsys.readouterr().out)["versions"]
    assert clone.gto() == {f"v{each['version']}": [each["status"].lower()] for each in shown}
    assert json.loads(clone.run("gto", "show", "--json"))["digits"]["stage"] == {
        "archived": "v1.2.0",
        "production": "v1.1.0",
    }
    assert clone.history() == HAPPENED
    assert town.log("-1", "--format=%an", "digits@v1.2.0") == "registrar-bot\n"


@only_on("github", because="DVC reads a clone and a folder, which are the same whichever forge they came from.")
def test_dvc_gets_a_version_by_its_number_and_by_its_stage(found: Found, tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    config = f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {storage}\n"
    town = a_tagging_town(found, **{".dvc/config": config})
    checkout = Clone(town, tmp_path)
    (tmp_path / "model.joblib").write_bytes(WEIGHTS)
    tracked = track(tmp_path / "model.joblib", checkout=checkout.folder)
    files = a_version("1.3.0", accuracy=0.97)
    digest = tracked.hash.removeprefix("md5:")
    folder = "models/digits/versions/1.3.0"
    files[f"{folder}/model.joblib.dvc"] = tracked.dvc_text.decode()
    facts = files[f"{folder}/version.yaml"].splitlines()
    facts[2] = f"  weights: {{path: model.joblib, hash: 'md5:{digest}', size: {tracked.size}}}"
    files[f"{folder}/version.yaml"] = "\n".join(facts) + "\n"
    town.merge(town.propose(files, by="mei", branch="v3"))

    promote(town, "1.3.0")

    for asking in (["--rev", "v1.3.0"], ["--stage", "production"], []):
        got = tmp_path / f"got{len(asking)}{asking[:1]}"
        checkout.run("dvc", "artifacts", "get", str(bare(town)), "digits", *asking, "--out", str(got))
        assert got.read_bytes() == WEIGHTS
    checkout.run("dvc", "get", str(bare(town)), f"{folder}/model.joblib", "--out", str(tmp_path / "plain"))
    assert (tmp_path / "plain").read_bytes() == WEIGHTS


def test_a_merge_that_was_refused_leaves_no_tag(found: Found) -> None:
    town = a_tagging_town(found)
    town.protect()

    town.merge(town.propose(PROMOTED, by="mei"))

    assert tags(town) == {}
    assert town.runs() == []


def test_a_tag_that_is_lost_is_made_again_by_a_sweep_and_none_is_moved(found: Found) -> None:
    town = a_tagging_town(found)
    promote(town, "1.1.0")
    before = tags(town)
    for _ in range(2):  # then nothing else of the merge is looked at any more
        sweep(town)
        town.clock.advance(timedelta(minutes=3))
    git(bare(town), "tag", "-d", "digits#production#2", "digits@v1.1.0")

    sweep(town)

    assert tags(town) == before


def test_a_forge_that_takes_no_tags_stops_no_deploy_and_gets_them_when_it_does(found: Found) -> None:
    town = a_tagging_town(found)
    refusal = hook(town, 'case "$1" in refs/tags/*) echo protected >&2; exit 1;; esac\n')

    promote(town, "1.1.0")

    assert len(town.runs()) == 1
    assert tags(town) == {}
    assert any("does not take" in str(refused) for refused in town.engine.refusals)

    refusal.unlink()
    sweep(town)

    assert sorted(tags(town)) == ["digits#archived#1", "digits#production#2", "digits@v1.0.0", "digits@v1.1.0"]


def test_whoever_tags_at_the_same_moment_is_not_overwritten_and_nothing_is_told_twice(found: Found) -> None:
    town = a_tagging_town(found)
    theirs = git(bare(town), "rev-parse", "main").strip()
    hook(
        town,
        f"""\
        [ "$1" = "refs/tags/digits#archived#1" ] && [ ! -e raced ] || exit 0
        touch raced
        env -u GIT_QUARANTINE_PATH git update-ref "$1" {theirs}
        """,
    )

    number = promote(town, "1.1.0")
    town.accept("again", KeepTags(REGISTRY, number))
    town.settle()

    found_tags = tags(town)
    assert found_tags.pop("digits#archived#1") == theirs
    assert sorted(found_tags) == ["digits#archived#2", "digits#production#3", "digits@v1.0.0", "digits@v1.1.0"]


def test_versions_that_one_merge_registered_are_told_apart_also_one_without_weights(
    found: Found, tmp_path: Path
) -> None:
    town = a_tagging_town(found)
    both = a_version("1.2.0") | {"models/digits/versions/1.3.0/version.yaml": "metrics: {accuracy: 0.9}\n"}
    both["models/digits/status.yaml"] = HELD + "Staging: 1.3.0\n"
    number = town.propose(both, by="mei")
    town.approve(number, by="ana")

    town.merge(number)

    assert Clone(town, tmp_path).gto() == {"v1.2.0": [], "v1.3.0": ["staging"]}
