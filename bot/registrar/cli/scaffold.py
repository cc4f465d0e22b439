"""Knows which files make a folder a registry, and where each comes from."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registrar import __version__
from registrar.forges.words import FORGE_WORDS
from registrar.rendering import templates_dir
from registrar.repository.processes import run_git

CODEOWNERS: Final[Mapping[str, str]] = {"github": ".github/CODEOWNERS", "gitlab": ".gitlab/CODEOWNERS"}
_GITLAB_CI = {".gitlab-ci.yml": "gitlab-ci.yml.jinja"}
_CHECKS: Final[Mapping[str, Mapping[str, str]]] = {  # a mirror of a registry on GitHub may be checked on GitLab too
    "github": {".github/workflows/registrar.yml": "github-check.yml.jinja"} | _GITLAB_CI,
    "gitlab": _GITLAB_CI,
}
_BOT: Final[Mapping[str, Mapping[str, str]]] = {  # what takes the place of a server, beside that; on GitLab it is a job
    "github": {
        ".github/workflows/registrar-bot.yml": "github-bot.yml.jinja",
        ".github/workflows/registrar-reviewed.yml": "github-reviewed.yml.jinja",
    },
    "gitlab": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says when a registry starts."""

    directory: Path
    remote: str  # as DVC's configuration has it
    admins: tuple[str, ...]
    forge: str
    base: str
    server: bool = False  # whether one looks after it; else jobs of its pipelines do


@dataclass(frozen=True, slots=True)
class Written:
    """What was done, as paths below the registry."""

    new: tuple[str, ...]
    left_alone: tuple[str, ...]
    differing: tuple[str, ...]  # of those left alone, what would be written otherwise today


def start_repository(directory: Path, *, branch: str) -> None:
    """Make the folder a git repository, unless it already lies in one that is its own."""
    directory.mkdir(parents=True, exist_ok=True)
    if not (directory / ".git").exists():
        run_git(directory, "init", "--quiet", f"--initial-branch={branch}")


def write_scaffold(wishes: Wishes) -> Written:
    """Write every file that is not there yet; never touch one that is."""
    files = _files(wishes)
    new = [path for path in files if not os.path.lexists(wishes.directory / path)]
    for path in new:
        target = wishes.directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(files[path])
    old = tuple(path for path in files if path not in new)
    return Written(tuple(new), old, tuple(path for path in old if not _holds(wishes.directory / path, files[path])))


def _holds(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode()


def _files(wishes: Wishes) -> dict[str, str]:
    codeowners = CODEOWNERS[wishes.forge]
    environment = Environment(
        loader=FileSystemLoader(str(templates_dir() / "registry")),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - YAML and Markdown, not HTML; the words are the caller's own
    )
    words = {
        "name": wishes.directory.resolve().name,
        "remote": wishes.remote,
        "admins": wishes.admins,
        "base": wishes.base,
        "forge": wishes.forge,
        "noun": FORGE_WORDS[wishes.forge].noun,
        "codeowners": codeowners,
        "version": __version__,
        "server": wishes.server,
    }
    sources = {
        "registry.yaml": "registry.yaml",
        codeowners: "codeowners.jinja",
        ".dvc/config": "dvc/config.jinja",
        ".gitignore": "gitignore",
        "README.md": "readme.md.jinja",
        **_CHECKS[wishes.forge],
        **({} if wishes.server else _BOT[wishes.forge]),
    }
    return {path: environment.get_template(source).render(words) for path, source in sources.items()}
