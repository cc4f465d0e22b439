"""Knows whether the line of CODEOWNERS that an approval rests on gives that authority, as far as git can tell."""

from dataclasses import dataclass

from registrar.core.approval_facts import Owner, Rule
from registrar.core.codeowners.ownership import Codeowners, Ownership, asked_of, required_of
from registrar.core.ledger import Counted, Merged
from registrar.core.people import Person
from registrar.core.proof_facts import Landed, forge_of


@dataclass(frozen=True, slots=True)
class Authority:
    """A CODEOWNERS as it was at a commit, and the approvals that an entry of the ledger rests on it."""

    codeowners: Codeowners | None
    at: str  # empty: the entry names no such commit
    forge: str | None
    counted: tuple[Counted, ...]

    @property
    def sound(self) -> tuple[Counted, ...]:
        """The approvals that its lines bear out."""
        return tuple(each for each in self.counted if self.why_not(each) is None)

    def why_not(self, counted: Counted) -> str | None:
        """Why the line that an approval rests on does not give that authority; None: as far as it can tell.

        Who is in a team, and whose an address is, it cannot.
        """
        claim = f"the ledger says that {counted.person.login} owns {counted.path} by {counted.rule} as {counted.word}"
        named = [each for each in self._lines(counted.path) if _rule(each, ()).source == counted.rule]
        if not any(counted.word in each.owners for each in named):
            return f"{claim}, and at {self.at[:7]} that line does not say so"
        if not may_mean(counted.word, counted.person, forge=self.forge):
            return f"{claim}, which names somebody else"
        return None

    def asks_else(self, other: "Authority", path: str) -> bool:
        """Whether it asks something else of the path than another."""
        return bool(self.at) and asked_of(self.codeowners, path) != asked_of(other.codeowners, path)

    def rules_of(self, path: str) -> tuple[Rule, ...]:
        """Its rules of the path. Their owners are those whom the ledger names: it cannot tell who else is in a team."""
        mine = tuple(each for each in self.sound if each.path == path)
        return tuple(_rule(each, mine) for each in self._lines(path))

    def _lines(self, path: str) -> tuple[Ownership, ...]:
        return required_of(self.codeowners, path) if self.codeowners else ()


def authorities(landed: Landed, entry: Merged) -> tuple[Authority, Authority]:
    """What approvals of an entry rest on: CODEOWNERS of before the change, and of where its branch left the base."""
    forge = forge_of(entry.url)
    now = Authority(landed.codeowners, landed.before, forge, entry.approvals)
    return now, Authority(landed.codeowners_before, landed.fork or "", forge, entry.approvals_before)


def may_mean(word: str, person: Person, *, forge: str | None) -> bool:
    """Whether a word of CODEOWNERS can mean the person: GitLab writes a group as it writes an account."""
    name = word.removeprefix("@")
    is_account = name != word and "/" not in name and "@" not in name and forge != "gitlab"
    return not is_account or name.casefold() == person.login.casefold()


def _rule(ownership: Ownership, counted: tuple[Counted, ...]) -> Rule:
    mine = {each.person.id: each for each in counted if each.word in ownership.owners}
    owners = tuple(Owner(each.person, each.permission) for each in mine.values())
    return Rule(ownership.source, owners, ownership.section, ownership.count, lapses=ownership.lapses)
