"""Knows what one run without a server is asked for: by options, by settings, and by the job that it runs in."""

import argparse
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Final

from registrar.cli.checkout import defaults_of, open_checkout
from registrar.cli.options import environment_of, options_given
from registrar.errors import NotAllowed, RegistrarError, Unknown, UsageError
from registrar.observing.job_log import log_to_job
from registrar.observing.redaction import Redaction
from registrar.serverless.reconciling import Wanted
from registrar.serverless.round import Limits
from registrar.serverless.surroundings import hint_of, is_token_of_job, job_of, settings_of_job
from registrar.settings import Defaults, Settings, from_environment, writable
from registrar.settings.confidential import confidential

_TIME: Final = re.compile(r"(0)|([1-9][0-9]{0,4})([smh])")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600}


@contextmanager
def wanted(arguments: argparse.Namespace) -> Iterator[Wanted]:
    """What the run is to do; the folder of its mirror is gone afterwards, unless somebody named one.

    Raises `UsageError` for what cannot be meant, and `NotAllowed` for a token that is not to be used here.
    """
    follow = seconds_in("--follow", arguments.follow)
    limits = Limits(
        follow=0.0 if arguments.dry_run else follow,  # nothing goes on of what was not begun
        give_up_after=seconds_in("--give-up-after", arguments.give_up_after),
    )
    environment = environment_of(arguments)
    settings = _settings(arguments, environment)
    log_to_job(Redaction([*_secrets(settings), *confidential(os.environ)]))
    _refuse_token_of_job(settings, environment)
    with _state(arguments, environment) as state:
        yield Wanted(
            settings=settings,
            state=state,
            holder=job_of(environment),
            hint=hint_of(environment, repository=settings.repository),
            hint_alone=arguments.event_only,
            waits=not arguments.no_wait,
            is_dry=arguments.dry_run,
            limits=limits,
        )


def seconds_in(option: str, text: str) -> float:
    """A length of time as options take it: 90s, 10m, 1h, 0. Raises `UsageError`."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{option} {text!r} is no length of time; write a number and s, m or h: 90s, 10m, 1h")
    return 0.0 if found[1] else float(int(found[2]) * _UNITS[found[3]])


def _settings(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Settings:
    """The job says where the registry is, else the checkout around the folder; what somebody has set wins."""
    by_job = settings_of_job(environment)
    defaults = Defaults() if by_job else _defaults_of_checkout(arguments)
    return from_environment({**environment, **by_job}, defaults=defaults, given=options_given(arguments))


def _defaults_of_checkout(arguments: argparse.Namespace) -> Defaults:
    try:
        return defaults_of(open_checkout(arguments))
    except Unknown:
        return Defaults()


def _secrets(settings: Settings) -> Iterator[str]:
    yield settings.token.reveal()
    yield from (secret.reveal() for secret in settings.secrets.values())


def _refuse_token_of_job(settings: Settings, environment: Mapping[str, str]) -> None:
    if settings.forge == "gitlab" and is_token_of_job(settings.token.reveal(), environment):
        raise NotAllowed(
            "CI_JOB_TOKEN speaks for whoever started the pipeline, and may neither comment nor set a status; give "
            "REGISTRAR_TOKEN a project access token in a variable that is masked and protected"
        )


@contextmanager
def _state(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Iterator[Path]:
    named = arguments.state or environment.get("REGISTRAR_STATE_DIR", "").strip()
    if named and not arguments.dry_run:
        yield writable(Path(named).expanduser(), mend="name one that can be written with --state")
        return
    with TemporaryDirectory(prefix="registrar-", dir=environment.get("RUNNER_TEMP") or None) as folder:
        place = Path(folder) / "state"
        if named and Path(named).expanduser().is_dir():
            _copied(Path(named).expanduser(), place)
        yield place


def _copied(state: Path, place: Path) -> None:
    """What a mirror remembers is what was written, so it is left be."""
    try:
        copytree(state, place)
    except OSError as error:
        why = "cannot be copied, as where a run works with it meanwhile; try again, or leave --state out"
        raise RegistrarError(f"state folder {state} {why}") from error
