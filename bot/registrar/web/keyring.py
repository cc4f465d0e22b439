"""Knows which secret speaks for which repository: whoever knows one registry's can say nothing of another's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from registrar.errors import BadSignature

Verify = Callable[[Sequence[str]], None]  # raises `BadSignature` unless one of these secrets signed the webhook

_SHARED = ""  # no repository is called so


@dataclass(frozen=True, slots=True)
class Keyring:
    """Secrets of webhooks; two of one place while one replaces the other."""

    shared: Sequence[str] = field(repr=False)  # prove what tells of any repository without its own
    own: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)  # by repository, in small letters

    def proven(self, verify: Verify) -> "Proof":
        """Whose secret signed the webhook. Raises `BadSignature`, of the shared ones if there are any, if nobody's."""
        doubts: list[BadSignature] = []
        whose: set[str] = set()
        for owner, secrets in self._all():
            try:
                verify(secrets)
                whose.add(owner)
            except BadSignature as doubt:
                doubts.append(doubt)
        if not whose:
            raise doubts[0] if doubts else BadSignature("no secret is set here that could prove a webhook")
        return Proof(frozenset(whose), frozenset(self.own))

    def _all(self) -> Sequence[tuple[str, Sequence[str]]]:
        shared = [(_SHARED, self.shared)] if self.shared else []
        return [*shared, *self.own.items()]


@dataclass(frozen=True, slots=True)
class Proof:
    """Who signed a webhook; what it tells of another's repository is not believed."""

    _whose: frozenset[str]
    _with_secrets: frozenset[str]

    def check(self, repository: str) -> None:
        """Raises `BadSignature` unless the signer may speak of the repository."""
        name = repository.casefold()
        if (name if name in self._with_secrets else _SHARED) not in self._whose:
            raise BadSignature(f"the webhook tells of {repository} and is signed with the secret of another repository")
