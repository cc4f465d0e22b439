"""Start a registry: scaffold its files, touch none that exists, say what comes next."""

import argparse
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from registrar.cli import terminal
from registrar.cli.exits import ExitCode
from registrar.cli.options import add_json_option

if TYPE_CHECKING:
    from registrar.cli.scaffold import Wishes, Written

SUMMARY = (
    "Start a registry in a folder: its rules, its owners, its DVC remote, its checks. Existing files are left alone."
)
EXAMPLE = "registrar init registry --remote s3://acme-models --admins @ana @acme/ml-admins"

DVC_CONFIG = ".dvc/config"
_STORAGE = """
DVC stores weights and datasets in {storage}, which this machine alone can reach;
name another place in .dvc/config, or with --remote s3://bucket/path, before the first version is registered.
"""
_STARTED = {  # docs/adopt.md has each step
    "server": "registrar serve, and registrar setup for its webhook",
    "github": "make the environment registrar for the base branch alone, with the secret APP_PRIVATE_KEY of a GitHub\n"
    "  App of yours in it (any branch could read a secret of the repository), and the variable APP_ID",
    "gitlab": "give the project the variable REGISTRAR_TOKEN, masked and protected, and a pipeline schedule",
}
_ADMIN = re.compile(r"@[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w./-]*)?|[^\s@#]+@[^\s@#]+\.[^\s@#]+")
_ROLE = re.compile(r"@@(?:developer|maintainer|owner)s?")  # https://docs.gitlab.com/user/project/codeowners/reference/


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder, the DVC remote, the people who may approve and the forge."""
    parser.add_argument("directory", metavar="DIR", nargs="?", default=".", help="the folder (default: this one)")
    parser.add_argument(
        "--remote",
        metavar="PATH_OR_URL",
        help="where DVC stores weights and datasets (default: the folder DIR-storage, beside the registry)",
    )
    parser.add_argument(
        "--admins",
        metavar="OWNER",
        nargs="+",
        action="extend",
        default=[],
        help="who may approve: @person, @org/team or, on GitLab, @group/subgroup",
    )
    parser.add_argument(
        "--forge",
        choices=("github", "gitlab"),
        help="the forge (default: what origin says, else github) [REGISTRAR_FORGE]",
    )
    parser.add_argument("--base", metavar="BRANCH", default="main", help="its main branch (default: main)")
    parser.add_argument(
        "--server",
        action="store_true",
        help="a server will look after it: leave out the jobs that are the bot where there is none",
    )
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the scaffold."""
    from registrar.cli.scaffold import CODEOWNERS, Wishes, start_repository, write_scaffold
    from registrar.settings import usable

    directory = Path(arguments.directory)
    forge = arguments.forge or _forge_of(directory)
    storage = directory.resolve().with_name(f"{directory.resolve().name}-storage")
    wishes = Wishes(
        directory=directory,
        remote=dvc_remote(str(storage) if arguments.remote is None else arguments.remote, directory),
        admins=_admins(arguments.admins, forge),
        forge=forge,
        base=arguments.base,
        server=arguments.server,
    )
    with usable(str(directory), mend="choose another folder"):
        start_repository(directory, branch=wishes.base)
        written = write_scaffold(wishes)
        makes_storage = arguments.remote is None and DVC_CONFIG in written.new
        if makes_storage:
            storage.mkdir(exist_ok=True)
    wished = {DVC_CONFIG: arguments.remote and "--remote", CODEOWNERS[wishes.forge]: arguments.admins and "--admins"}
    unused = {path: str(option) for path in written.differing if (option := wished.get(path))}
    if arguments.json:
        _say_json(wishes, written, unused, storage=storage if makes_storage else None)
        return ExitCode.FINE
    _say_written(written, unused)
    if makes_storage:
        terminal.say_text(_STORAGE.format(storage=terminal.inert(str(storage))))
    terminal.say()
    terminal.say(f"What next, in {wishes.directory.resolve()}:")
    for step in _next(wishes):
        terminal.say_text("".join(f"  {line}\n" for line in step.splitlines()))
    return ExitCode.FINE


def dvc_remote(remote: str, directory: Path) -> str:
    """Write a folder as DVC does, seen from its configuration; an address stays as it is."""
    from registrar.errors import UsageError

    if not remote.strip() or not remote.isprintable() or re.search(r"[\"'#;,]", remote):
        raise UsageError(f"--remote {remote!r} is neither a folder nor an address that DVC can read")
    if "://" in remote:
        if re.search(r"://[^/]*:[^/]*@", remote):
            raise UsageError(
                "--remote holds a password; leave it out and give it to DVC with `dvc remote modify --local`"
            )
        return remote
    if Path(remote).is_absolute():
        return os.path.normpath(remote)
    return os.path.relpath(remote, directory / ".dvc")


def _forge_of(directory: Path) -> str:
    from registrar.repository.git import GitRepository
    from registrar.repository.revisions import origin_address
    from registrar.settings import forge_of

    address = origin_address(GitRepository.of_checkout(directory)) if (directory / ".git").exists() else None
    return forge_of(os.environ, address)


def _admins(names: list[str], forge: str) -> tuple[str, ...]:
    from registrar.errors import UsageError

    for name in names:
        if not _ADMIN.fullmatch(name) and not (forge == "gitlab" and _ROLE.fullmatch(name)):
            team = "@group" if forge == "gitlab" else "@organisation/team"
            meant = f"did you mean @{name}?" if _ADMIN.fullmatch(f"@{name}") else ""
            raise UsageError(f"--admins {name!r} is no owner; {meant or f'write @person, {team} or an e-mail address'}")
    return tuple(names)


def _say_written(written: "Written", unused: Mapping[str, str]) -> None:
    for path in written.new:
        terminal.say(f"new         {path}")
    for path in written.left_alone:
        option = unused.get(path)
        terminal.say(f"left alone  {path}" + (f", so {option} changes nothing; edit the file" if option else ""))


def _say_json(wishes: "Wishes", written: "Written", unused: Mapping[str, str], *, storage: Path | None) -> None:
    terminal.say_json(
        {
            "directory": str(wishes.directory.resolve()),
            "forge": wishes.forge,
            "base": wishes.base,
            "new": list(written.new),
            "left_alone": list(written.left_alone),
            "unused": list(unused.values()),
            "storage": str(storage) if storage else None,
            "next": [" ".join(step.split()) for step in _next(wishes)],
        }
    )


def _next(wishes: "Wishes") -> Iterator[str]:
    """What a person does then, one step each."""
    if not wishes.admins:
        yield "name in CODEOWNERS who may approve: until then nobody can"
    yield "look at registry.yaml, commit, and push to the forge"
    if wishes.forge == "gitlab":
        yield "set on GitLab what README.md lists: pipelines must succeed, a protected branch"
    yield f"start the bot: {_STARTED['server' if wishes.server else wishes.forge]}"
    yield "registrar register digits 1.0.0 --weights model.joblib --metrics metrics.json --metric accuracy:higher"
