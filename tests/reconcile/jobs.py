"""A town whose bot is a job that somebody starts, instead of a server that listens."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from registrar.core.events import Event
from registrar.errors import RegistrarError
from registrar.serverless.reconciling import Outcome, Wanted, reconcile
from registrar.serverless.round import Limits
from registrar.serverless.turn import Pace
from registrar.settings import Secret, Settings
from stories.places import REGISTRY
from stories.side import Side
from stories.town import Town, peopled

PACE = Pace(looked_at_every=0.02, shown_within=0.0)  # a sandbox shows at once what it was told
LIMITS = Limits(follow=0.0, give_up_after=60.0)  # what goes on, the next run goes on with


def wanted(town: Town, *, hint: Event | None = None, limits: Limits = LIMITS, by: str = "registrar-bot") -> Wanted:
    """A run in the town that knows nothing of the runs before it."""
    settings = Settings(
        forge=town.side.dialect,
        forge_url=town.sandbox.url,
        repository=REGISTRY,
        token=Secret(town.tokens[by]),
        base=None,
        git_url=None,
        secrets={name: Secret(text) for name, text in town.secrets.items()},
    )
    state = town.root / f"run-{len(list(town.root.glob('run-*')))}"
    return Wanted(settings=settings, state=state, holder="a test", hint=hint, limits=limits, pace=PACE)


class Jobs:
    """Stands where a town has the engine of its bot: whenever something may have happened, a job runs."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._is_done = False
        self._quiet = 0
        self.outcomes: list[Outcome] = []
        self.defects: list[Exception] = []
        self.later: list[Event] = []

    @property
    def refusals(self) -> Sequence[RegistrarError | str]:
        """What the runs could not do."""
        return [failure.why for each in self.outcomes if each.told for failure in each.told.failed]

    @property
    def idle(self) -> bool:
        """Whether all is done: a town that wants to be quiet asks until it was told so twice in a row."""
        if self._quiet:
            self._quiet -= 1
            return True
        outcome = reconcile(wanted(self._town), threading.Event())
        self.outcomes.append(outcome)
        self.defects += outcome.told.defects if outcome.told is not None else []
        goes_on = outcome.told is not None and outcome.told.left and outcome.deeds
        self._quiet = 0 if goes_on else 2
        return False

    def accept(self, delivery: str, event: Event) -> bool:
        """The next run finds it by itself."""
        del delivery, event
        return True

    def rest(self, timeout: float) -> None:
        """A job that has ended leaves nothing under way."""

    def let_time_pass(self) -> None:
        """The next run looks again."""

    def stop(self) -> None:
        """No process goes on between two runs."""


@contextmanager
def without_a_server(
    root: Path, side: type[Side], files: Mapping[str, str], *, application: Mapping[str, str] | None = None
) -> Iterator[Town]:
    """A town as every story begins with it, in which no webhook leads anywhere."""
    with peopled(root, side, files, application=application) as town:
        town.engine = Jobs(town)  # type: ignore[assignment] # it does for a town what the engine does
        town.protect(held=True)
        yield town
