"""Knows what a clone remembers of its base that the base holds no more: where it was before, and what tags tell of."""

from collections.abc import Iterator
from dataclasses import dataclass

from registrar.core.gto import landed_by
from registrar.core.proof_facts import Finding, breach
from registrar.repository.git import GitRepository
from registrar.repository.proving_ledger import first_parents

_MEND = "see who moved it, and why, and put it back; if it was meant, a clone made anew takes what is there as given"
_REWRITTEN = "the base was rewritten"
_NEVER = 40 * "0"


@dataclass(frozen=True, slots=True)
class Memory:
    """What one clone has seen."""

    git: GitRepository
    tip: str  # of the base
    tracked: str | None  # the ref in which the clone keeps the base of its remote; None: it has none

    def findings(self) -> Iterator[Finding]:
        """The newest step of the base that is gone, by where it was before; and each that a tag tells of."""
        earlier, tagged = tuple(self._earlier_tips()), dict(self._tagged())
        if not earlier and not tagged:
            return
        held = set(first_parents(self.git, self.tip))
        gone = (sha for sha in earlier if bytes.fromhex(sha) not in held)
        lost = next((sha for sha in gone if not self._holds(sha)), None)
        if lost is not None:
            why = f"this clone fetched it as the tip of the base once, and {self.tip[:7]} does not build upon it"
            yield breach(lost, _REWRITTEN, why, _MEND)
        for commit, tag in tagged.items():
            if bytes.fromhex(commit) not in held:
                yield breach(commit, _REWRITTEN, f"the tag {tag} tells that it landed, and the base lacks it", _MEND)

    def _earlier_tips(self) -> Iterator[str]:
        """Newest first, where the clone knew the base to be."""
        reference = self.git.objects.references.get(self.tracked) if self.tracked is not None else None
        told = (str(sha) for entry in (reference.log() if reference else ()) for sha in (entry.oid_new, entry.oid_old))
        return (sha for sha in dict.fromkeys(told) if sha != _NEVER)

    def _tagged(self) -> Iterator[tuple[str, str]]:
        """Every commit that a tag of the bot's says to have landed, and the tag."""
        form = "--format=%(objecttype)%00%(refname:strip=2)%00%(contents)%00"
        fields = self.git.run("for-each-ref", form, "refs/tags/").decode("utf-8", "replace").split("\0")[:-1]
        for kind, name, message in zip(*[iter(fields)] * 3, strict=True):
            if kind.strip() == "tag" and (commit := landed_by(message)):
                yield commit, name

    def _holds(self, sha: str) -> bool:
        """Whether the base builds upon it, be it not in a straight line."""
        return self.git.contains(sha) and self.git.is_ancestor(sha, self.tip)
