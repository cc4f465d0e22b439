"""Knows how to tell a request that another change of the same status file was merged first."""

from dataclasses import dataclass

from registrar.core.lifecycle import Transition
from registrar.core.wording import every


@dataclass(frozen=True, slots=True)
class Overtaking:
    """What landed on the base since a request left it, and changed the status file that the request changes."""

    commit: str
    transitions: tuple[Transition, ...]
    number: int | None = None  # of the pull request that brought it; None: it came without one
    link: str = ""  # as the forge writes the number
    requester: str = ""  # a login; empty: nobody can be shown
    ruling: str = ""  # how that merge was judged: `approved by ana`
    is_judged: bool = False
    is_flagged: bool = False  # nobody approved it, so it may be taken back


@dataclass(frozen=True, slots=True)
class Lost:
    """A wish, and what was merged before it."""

    wish: Transition
    to: Overtaking

    @property
    def is_of_one_status(self) -> bool:
        """Whether the very status that was asked for went to another version."""
        return any(self._took_it(move) for move in self.to.transitions)

    def __str__(self) -> str:
        took = [f"{move.version} got {move.after}" for move in self.to.transitions if self._took_it(move)]
        changed = [f"{move.version} went from {move.before} to {move.after}" for move in self.to.transitions]
        what = every(took or changed) if took or changed else "the status file was changed"
        return f"{what} first, {self._by_whom()}"

    def _took_it(self, move: Transition) -> bool:
        return move.after == self.wish.after and move.version != self.wish.version

    def _by_whom(self) -> str:
        if self.to.number is None:
            return f"by {self.to.commit[:7]}, which came without a request"
        of = f" of {self.to.requester}" if self.to.requester else ""
        ruling = f", {self.to.ruling}" if self.to.ruling else ""
        return f"by {self.to.link}{of}{ruling}"
