"""Knows what `.dvc/config` says, and what of it a registry elsewhere may not say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from registrar.errors import InvalidRegistry, NotAllowed
from registry_schema import Problem

CONFIG = ".dvc/config"

_OURS = {  # of the machine that reads, which whoever writes the registry does not choose
    "bearer_token_command": "a command to be run",
    "configpath": "a file of this machine",  # AWS runs what its credential_process says
    "credentialpath": "a file of this machine",  # so here, and what an external account of Google says
    "gdrive_service_account_json_file_path": "a file of this machine",
    "gdrive_user_credentials_file": "a file of this machine",  # which is written, too
}


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
        theirs = config.load_one("repo")["remote"]
        ours = config.load_config_to_level("repo").get("remote", {})
    for name, settings in theirs.items():
        for named in _not_theirs_to_say(settings, ours.get(name, {})):
            message = f"DVC remote {name} names {named}, which a registry elsewhere may not"
            raise NotAllowed(f"{message}; run this inside a checkout, or set it in DVC's settings of your own")


def _not_theirs_to_say(theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    yield from (what for setting, what in _OURS.items() if setting in theirs)
    url = str(theirs.get("url"))
    if "endpointurl" in theirs and not url.startswith("s3://"):  # S3 gets a signature, and the others a token
        yield "an endpoint, which would get this machine's token"
    if ours.get("url", url) != url:
        yield "another address than this machine's own settings, whose password it would get"


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
