"""Knows what `.dvc/config` says, and what of it a registry elsewhere may not say."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from registrar.artifacts.foreign_settings import refusals
from registrar.errors import InvalidRegistry, NotAllowed
from registry_schema import Problem

CONFIG = ".dvc/config"


def settings_of(folder: Path) -> dict[str, Any]:
    """All that DVC goes by in a `.dvc` folder, with what this machine's own settings say."""
    from dvc.config import Config

    with dvc_reading():
        return dict(Config(dvc_dir=str(folder)))


def refuse_foreign(folder: Path, name: str) -> None:
    """A registry that is only read names no command and no file of this machine, and nobody who gets its secrets.

    That is asked of the remote that is used, and of those to which its address refers.
    """
    from dvc.config import Config

    with dvc_reading():
        config = Config(dvc_dir=str(folder), validate=False)
        theirs, ours = config.load_one("repo")["remote"], config.load_config_to_level("repo").get("remote", {})
        used = _referred_to(theirs, name.lower(), ())
        named = next(((each, what) for each in used for what in refusals(each, theirs, ours)), None)
    if named is not None:
        message = f"DVC remote {named[0]} names {named[1]}, which a registry elsewhere may not"
        raise NotAllowed(f"{message}; run this inside a checkout, or set it in DVC's settings of your own")


def _referred_to(remotes: Mapping[str, Any], name: str, seen: tuple[str, ...]) -> tuple[str, ...]:
    if name in seen or name not in remotes:
        return seen
    url = urlsplit(str(remotes[name].get("url")))
    return _referred_to(remotes, url.netloc if url.scheme == "remote" else "", (*seen, name))


@contextmanager
def dvc_reading() -> Iterator[None]:
    """Whatever DVC finds wrong with its configuration, as one line about that file."""
    from dvc.config import ConfigError
    from voluptuous import Invalid

    try:
        yield
    except (ConfigError, SyntaxError, Invalid, TypeError, RecursionError) as error:  # its parser's; a list, a circle
        message = " ".join(str(error).removeprefix("config file error: ").split())
        raise InvalidRegistry([Problem(CONFIG, 0, f"DVC cannot read it: {shown(message)}")]) from error


def shown(text: str) -> str:
    """A text without the name and password of any address in it."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", text)
