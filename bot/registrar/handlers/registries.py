"""Several registries behind one queue: an event goes to the one that it is about, and one that is gone stops alone."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TypeVar

from registrar.core.events import Event, FollowUp, JobChanged, RunChanged, SweepDue, WorkStopped, named
from registrar.errors import ForgeRefused, ForgeUnavailable, RegistrarError, TokenRefused, Unknown, UsageError
from registrar.handlers import handle, runs
from registrar.handlers.bot import Bot

# What says of a registry that it is not there, or not the one that was meant: the others have nothing to do with it.
GONE = (Unknown, ForgeRefused)
# What says nothing of a registry: the forge answers later, or to another token.
WAITED_FOR = (ForgeUnavailable, TokenRefused)

T = TypeVar("T")

log = logging.getLogger("registrar.registries")


class Registries:
    """Every registry that one server looks after, each with a bot of its own."""

    def __init__(self, make: Mapping[str, Callable[[], Bot]], *, token: Callable[[], object] = lambda: None) -> None:
        """Nothing is made yet: a registry that is away when the server starts is asked for again by every event.

        `token` is what a bot would be made with now; another one than before, and it is made anew when it is refused.
        """
        self._registries = {name: _Registry(name, each, token) for name, each in make.items()}

    @property
    def sweeps(self) -> tuple[SweepDue, ...]:
        """What to look at regularly."""
        return tuple(SweepDue(name) for name in self._registries)

    def start(self) -> tuple[Bot, ...]:
        """Those that are there. Raises what is wrong with the settings, and why the first one is not if none is.

        That a forge does not answer, or not to the token, is no reason: what it tells meanwhile is kept, a refusal
        pauses all work until the token is mended, and a sweep finds the rest.
        """
        found: list[Bot] = []
        refusals: list[RegistrarError] = []
        for registry in self._registries.values():
            try:
                found.append(registry.bot())
            except UsageError:
                raise
            except RegistrarError as error:
                registry.say_that_it_is_gone(error)
                refusals.append(error)
        final = [why for why in refusals if not isinstance(why, WAITED_FOR)]
        if final and not found:
            raise final[0]
        return tuple(found)

    def handle(self, event: Event) -> tuple[FollowUp, ...]:
        """Do what an event calls for in the registry that it is about. Safe to repeat."""
        registry = self._registries.get(event.repository)
        match event:
            case SweepDue() if registry is not None:
                return registry.sweep(event)
            case RunChanged() | JobChanged() if registry is None:
                return self._look_at_run(event)
            case _ if registry is not None:
                return registry.do(partial(handle, event))
            case WorkStopped():  # of an application, whose registry nobody knows
                return self._tell_all(event)
        log.warning("nothing is done about %s: its registry is not in the settings any more", named(event))
        return ()

    def _look_at_run(self, event: RunChanged | JobChanged) -> tuple[FollowUp, ...]:
        """A run of an application tells which pull request it is for, and not of which registry."""
        if len(self._registries) == 1:
            (registry,) = self._registries.values()
            return registry.do(partial(handle, event))
        return tuple(each for registry in self._registries.values() for each in registry.look_at_run_of_any(event))

    def _tell_all(self, event: WorkStopped) -> tuple[FollowUp, ...]:
        told = (each.tell(replace(event, repository=name)) for name, each in self._registries.items())
        return tuple(chain.from_iterable(told))


def _refuse_what_is_gone(bot: Bot) -> None:
    bot.forge.identity()


class _Registry:
    """One registry, whose bot is made when it is first needed."""

    def __init__(self, name: str, make: Callable[[], Bot], token: Callable[[], object]) -> None:
        self._name = name
        self._make = make
        self._token = token
        self._made_with: object = None
        self._bot: Bot | None = None
        self._lock = threading.Lock()
        self._gone = ""  # why, once that was said

    def bot(self) -> Bot:
        """Its bot. Raises why there is none, and makes one the next time."""
        with self._lock:
            if self._bot is None:
                self._made_with = self._token()
                self._bot = self._make()
            return self._bot

    def do(self, act: Callable[[Bot], T]) -> T:
        """Let its bot act; where its token is refused and there is another by now, once more with that."""
        bot = self.bot()
        try:
            return act(bot)
        except TokenRefused:
            if not self._is_renewed(bot):
                raise
        log.warning("the token of %s was refused; going on with the one that its file holds now", self._name)
        return act(self.bot())

    def _is_renewed(self, refused: Bot) -> bool:
        """Whether there is a bot with another token, or can be."""
        with self._lock:
            if self._bot is refused and self._made_with != self._token():
                self._bot = None
            return self._bot is not refused

    def sweep(self, event: SweepDue) -> tuple[FollowUp, ...]:
        """Look at everything in it, if it is there: a registry that is gone is no failure that goes away by itself."""
        try:
            self.do(_refuse_what_is_gone)
        except GONE as error:
            self.say_that_it_is_gone(error)
            return ()
        if self._gone:
            log.warning("%s is back, and is looked after again", self._name)
            self._gone = ""
        return self.do(partial(handle, event))

    def look_at_run_of_any(self, event: RunChanged | JobChanged) -> tuple[FollowUp, ...]:
        """Look at a run that this registry may have started; one that is gone keeps no run from the others."""
        try:
            self.do(_refuse_what_is_gone)
        except GONE as error:
            self.say_that_it_is_gone(error)
            return ()
        return self.do(partial(runs.look_at_run_of_any, event))

    def tell(self, event: WorkStopped) -> tuple[FollowUp, ...]:
        """Tell whom its rules name; one that is gone has none, and keeps nothing from the others."""
        try:
            return self.do(partial(handle, event))
        except GONE as error:
            self.say_that_it_is_gone(error)
            return ()

    def say_that_it_is_gone(self, why: RegistrarError) -> None:
        """Once, until it is back or gone for another reason."""
        if self._gone != str(why):
            log.error("%s is not looked after, until a sweep finds it again: %s", self._name, why)
            self._gone = str(why)
