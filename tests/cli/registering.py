"""Knows how a version is registered in a town whose registry is as `registrar init` makes it."""

import hashlib
import subprocess
from pathlib import Path

from cli.forge import Town
from registrar.cli.program import main

WEIGHTS = b"weights of 1.0.0"
MD5 = hashlib.md5(WEIGHTS, usedforsecurity=False).hexdigest()
BRANCH = "registrar/register/digits-1.0.0"
FOLDER = "models/digits/versions/1.0.0"


def register(*words: str, version: str = "1.0.0", metrics: str = "metrics.json") -> int:
    given = ["register", "digits", version, "--weights", "model.joblib", "--metrics", metrics, "--registry", "checkout"]
    return main([*given, *words])


def register_all() -> int:
    return register(
        "--metric=accuracy:higher",
        "--metric=latency:lower:ms",
        "--dataset=digits@1.0.0=digits.csv",
        "--parameters=parameters.json",
        "--description=the first one",
        "--model-description=reads digits",
        "--source-repository=https://github.com/acme/train",
        f"--source-commit={'a' * 40}",
    )


def stored(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]


def land(town: Town, branch: str) -> None:
    """Merge, as an owner would."""
    bare = town.checkout.origin
    subprocess.run(["git", "-C", str(bare), "update-ref", "refs/heads/main", f"refs/heads/{branch}"], check=True)
