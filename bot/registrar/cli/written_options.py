"""Knows how the options of `registrar register` stand in a file, as a training program writes it."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from registrar.cli.inputs import object_at
from registrar.core.spelling import did_you_mean
from registrar.errors import UsageError

_NEEDED = ("model", "version", "weights", "metrics")
_FILES = ("weights", "metrics", "parameters")
_LISTS = ("metric",)
_TEXTS = ("model", "version", "dataset", "description", "model-description", "source-repository", "source-commit")


def with_written_options(arguments: argparse.Namespace) -> argparse.Namespace:
    """Complete what was given with what the file of `--from` says. Raises `UsageError` while something is missing."""
    written = {} if arguments.from_file is None else _written(arguments.from_file)
    known = vars(arguments)
    completed = argparse.Namespace(**known | {name: value for name, value in written.items() if not known[name]})
    missing = [name for name in _NEEDED if not getattr(completed, name)]
    if missing:
        where = f"; {arguments.from_file} has no {missing[0]!r}" if written else ""
        raise UsageError(f"name MODEL and VERSION, --weights and --metrics, or a file that does with --from{where}")
    return completed


def wish_written_in(path: str) -> argparse.Namespace:
    """All that a file says, and nothing else. Raises `UsageError` while something is missing."""
    names = (name.replace("-", "_") for name in (*_FILES, *_TEXTS))
    return with_written_options(argparse.Namespace(**dict.fromkeys(names), metric=[], from_file=path))


def _written(path: str) -> dict[str, object]:
    """The options of a file, under the names that argparse gives them; files that it names lie beside it."""
    found, folder = object_at(path, "--from"), Path(path).parent
    for name, value in found.items():
        _check(path, name, value)
    texts = {name.replace("-", "_"): value for name, value in found.items()}
    files = {name: str(folder / str(texts[name])) for name in _FILES if texts.get(name)}
    return {**texts, **files, **_dataset(texts, folder)}


def _check(path: str, name: str, value: object) -> None:
    if name not in (*_FILES, *_LISTS, *_TEXTS):
        near = did_you_mean(name, (*_FILES, *_LISTS, *_TEXTS))
        raise UsageError(f"--from {path}: {name!r} is no option of registrar register{near}")
    if name in _LISTS and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        raise UsageError(f'--from {path}: {name!r} must be a list of texts, such as ["accuracy:higher"]')
    if name not in _LISTS and not isinstance(value, str):
        raise UsageError(f"--from {path}: {name!r} must be a text")


def _dataset(texts: Mapping[str, object], folder: Path) -> dict[str, str]:
    name, separator, file = str(texts.get("dataset", "")).partition("=")
    return {"dataset": f"{name}={folder / file}"} if separator and file else {}
