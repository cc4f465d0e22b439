"""Puts one run together: the bot of a server without its database, its turn, what the job tells of, and a round."""

import threading
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from registrar.bootstrap import bot_for_run, lease_for_run
from registrar.core.events import Event, SweepDue
from registrar.errors import NotAllowed
from registrar.handlers import handle
from registrar.handlers.bot import Bot
from registrar.observing.deeds import DEEDS
from registrar.repository.lease import REF, Holder
from registrar.serverless.effects import RunEffects
from registrar.serverless.foreseeing import Foresight, NoEffects
from registrar.serverless.round import Handle, Limits, Round, Told
from registrar.serverless.turn import PACE, Pace, Turn, Waiting, passed
from registrar.settings import Settings

OF_EVERY_WORKFLOW: Final = "github-actions[bot]"  # the account of the GITHUB_TOKEN of every job, whoever wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What one run is to do, and for how long it may try."""

    settings: Settings
    state: Path  # for the mirror: a cache
    holder: str  # where a person sees what the run does
    hint: Event | None  # what the job tells of, which is looked at first
    hint_alone: bool = False  # whether everything else is left to another run
    waits: bool = True  # for its turn
    is_dry: bool = False  # whether it only tells what it would do
    limits: Limits
    pace: Pace = PACE


@dataclass(slots=True)
class Outcome:
    """What a run did."""

    repository: str
    base: str
    account: str
    told: Told | None = None  # None: it was not its turn
    held_by: Holder | None = None  # who had the turn instead, where somebody says so
    deeds: list[str] = field(default_factory=list)
    lost: str = ""  # why its turn ended before its time; empty: it did not
    foretold: list[str] | None = None  # what a run would write; None: this was one
    cut_short: list[Event] = field(default_factory=list)  # of which not all could be foretold

    @property
    def is_fine(self) -> bool:
        """Whether nothing is left that should have been done by now."""
        if self.told is None or self.told.failed or self.told.ended_early:
            return False
        return not self.lost and not self.foretold


def reconcile(wanted: Wanted, stopping: threading.Event, *, waiting: Waiting = lambda _: None) -> Outcome:
    """One run, from its turn to its end; `stopping` ends it early, and `waiting` is told who has the turn.

    Raises what keeps it from beginning: `NotAllowed` for an account that proves nothing.
    """
    turn = Turn(stopping=stopping, pace=wanted.pace)
    effects = RunEffects(turn.still_ours, passed, shown_within=wanted.pace.shown_within)
    bot = bot_for_run(wanted.settings, wanted.state, effects)
    refuse_everybodys_account(bot)
    outcome = Outcome(bot.forge.repository, bot.base, bot.forge.myself().login)
    lease = lease_for_run(wanted.settings, bot, wanted.holder)
    until = passed() + (wanted.limits.give_up_after if wanted.waits else 0.0)
    if not turn.begin(lease, until=until, waiting=waiting):
        outcome.held_by = None if stopping.is_set() else lease.whose()
        return outcome
    try:
        with DEEDS.listened() as heard:
            outcome.told = _worked(wanted, partial(handle, bot=bot), stopping)
        outcome.deeds = [deed for deed in heard if REF not in deed]
        _let_it_show(effects, stopping)
    finally:
        turn.end(give_back=not effects.is_in_doubt and not effects.shows_in())
    outcome.lost = turn.lost
    return outcome


def foretell(wanted: Wanted, stopping: threading.Event) -> Outcome:
    """What a run would do if it had its turn now; nobody's turn is waited for, and nothing is written.

    Raises what keeps it from beginning, like `reconcile`.
    """
    foresight = Foresight(bot_for_run(wanted.settings, wanted.state, NoEffects()))
    bot = foresight.bot
    refuse_everybodys_account(bot)
    with DEEDS.foretold() as wishes:
        told = _worked(wanted, foresight.handle, stopping)
    outcome = Outcome(bot.forge.repository, bot.base, bot.forge.myself().login, told)
    outcome.foretold, outcome.cut_short = list(dict.fromkeys(wishes)), foresight.cut_short
    return outcome


def refuse_everybodys_account(bot: Bot) -> None:
    """What the bot says under commits is believed by whose it is, so nobody else may be able to say it.

    Raises `NotAllowed`.
    """
    if bot.forge.myself().login == OF_EVERY_WORKFLOW:
        raise NotAllowed(
            f"this is the GITHUB_TOKEN of the job, whose account {OF_EVERY_WORKFLOW} speaks for every workflow that a "
            "writer can push: what it says under a commit proves nothing; give REGISTRAR_TOKEN the token of a GitHub "
            "App of your own (actions/create-github-app-token) or of an account that only Registrar uses"
        )


def _worked(wanted: Wanted, handle: Handle, stopping: threading.Event) -> Told:
    sweep = SweepDue(wanted.settings.repository)
    events = [wanted.hint] if wanted.hint is not None else [sweep]
    if wanted.hint is not None and not wanted.hint_alone:
        events.append(sweep)
    return Round(handle, wanted.limits, clock=passed, wait=stopping.wait).work_on(events)


def _let_it_show(effects: RunEffects, stopping: threading.Event) -> None:
    """The next run knows what this one did by what the forge lists, and that may lag behind."""
    stopping.wait(effects.shows_in())
