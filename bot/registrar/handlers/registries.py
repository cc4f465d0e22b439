"""Several registries behind one queue: an event goes to the one that it is about, and one that is gone stops alone."""

import logging
import threading
from collections.abc import Callable, Mapping

from registrar.core.events import Event, FollowUp, JobChanged, RunChanged, SweepDue
from registrar.errors import ForgeRefused, RegistrarError, Unknown, UsageError
from registrar.handlers import handle, runs
from registrar.handlers.bot import Bot

# What says of a registry that it is not there, or not the one that was meant: the others have nothing to do with it.
GONE = (Unknown, ForgeRefused)

log = logging.getLogger("registrar.registries")


class Registries:
    """Every registry that one server looks after, each with a bot of its own."""

    def __init__(self, make: Mapping[str, Callable[[], Bot]]) -> None:
        """Nothing is made yet: a registry that is away when the server starts is asked for again by every event."""
        self._registries = {name: _Registry(name, each) for name, each in make.items()}

    @property
    def sweeps(self) -> tuple[SweepDue, ...]:
        """What to look at regularly."""
        return tuple(SweepDue(name) for name in self._registries)

    def start(self) -> tuple[Bot, ...]:
        """Those that are there. Raises why the first one is not, if none is, and what is wrong with the settings."""
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
        if not found:
            raise refusals[0]
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
                return handle(event, registry.bot())
        log.warning("nothing is done about %s: its registry is not in the settings any more", event)
        return ()

    def _look_at_run(self, event: RunChanged | JobChanged) -> tuple[FollowUp, ...]:
        """A run of an application tells which pull request it is for, and not of which registry."""
        if len(self._registries) == 1:
            (registry,) = self._registries.values()
            return handle(event, registry.bot())
        return tuple(each for registry in self._registries.values() for each in registry.look_at_run_of_any(event))


class _Registry:
    """One registry, whose bot is made when it is first needed."""

    def __init__(self, name: str, make: Callable[[], Bot]) -> None:
        self._name = name
        self._make = make
        self._bot: Bot | None = None
        self._lock = threading.Lock()
        self._gone = ""  # why, once that was said

    def bot(self) -> Bot:
        """Its bot. Raises why there is none, and makes one the next time."""
        with self._lock:
            if self._bot is None:
                self._bot = self._make()
            return self._bot

    def sweep(self, event: SweepDue) -> tuple[FollowUp, ...]:
        """Look at everything in it, if it is there: a registry that is gone is no failure that goes away by itself."""
        try:
            bot = self.bot()
            bot.forge.identity()
        except GONE as error:
            self.say_that_it_is_gone(error)
            return ()
        if self._gone:
            log.warning("%s is back, and is looked after again", self._name)
            self._gone = ""
        return handle(event, bot)

    def look_at_run_of_any(self, event: RunChanged | JobChanged) -> tuple[FollowUp, ...]:
        """Look at a run that this registry may have started; one that is gone keeps no run from the others."""
        try:
            bot = self.bot()
            bot.forge.identity()
        except GONE as error:
            self.say_that_it_is_gone(error)
            return ()
        return runs.look_at_run_of_any(event, bot)

    def say_that_it_is_gone(self, why: RegistrarError) -> None:
        """Once, until it is back or gone for another reason."""
        if self._gone != str(why):
            log.error("%s is not looked after, until a sweep finds it again: %s", self._name, why)
            self._gone = str(why)
