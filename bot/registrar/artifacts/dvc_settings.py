"""Knows what `.dvc/config` says, and what of it a registry elsewhere may not say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from registrar.artifacts.foreign_settings import refusals
from registrar.errors import InvalidRegistry, NotAllowed
from registry_schema import Problem

CONFIG = ".dvc/config"


def settings_of(folder: Path) -> dict[str, Any]:
    """All that DVC goes by in a `.dvc` folder, with what this machine's own settings say."""
    from dvc.config import Config

    with dvc_reading():
        return dict(Config(dvc_dir=str(folder)))


def refuse_foreign(folder: Path) -> None:
    """A registry that is only read names no command and no file of this machine, and nobody who gets its secrets."""
    from dvc.config import Config

    with dvc_reading():
        config = Config(dvc_dir=str(folder), validate=False)
        theirs, ours = config.load_one("repo")["remote"], config.load_config_to_level("repo").get("remote", {})
        named = next(((name, what) for name in theirs for what in refusals(name, theirs, ours)), None)
    if named is not None:
        message = f"DVC remote {named[0]} names {named[1]}, which a registry elsewhere may not"
        raise NotAllowed(f"{message}; run this inside a checkout, or set it in DVC's settings of your own")


@contextmanager
def dvc_reading() -> Iterator[None]:
    """Whatever DVC finds wrong with its configuration, as one line about that file."""
    from dvc.config import ConfigError
    from voluptuous import Invalid

    # Its parser's; for a list where a text belongs; for half a host; for a circle.
    read_wrongly = (ConfigError, SyntaxError, Invalid, TypeError, ValueError, RecursionError)
    try:
        yield
    except read_wrongly as error:
        message = " ".join(str(error).removeprefix("config file error: ").split())
        raise InvalidRegistry([Problem(CONFIG, 0, f"DVC cannot read it: {shown(message)}")]) from error


def shown(text: str) -> str:
    """A text without the name and password of any address in it."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", text)
