"""What landed, as git tells it, with every default: what `core.ledgers.merged` says of it is true."""

from typing import Any

from core.builders import PROMOTED, STATUS_PATH, AFile, a_change, a_registry
from core.ledgers import BEFORE, LANDED
from registrar.core.codeowners import github, gitlab
from registrar.core.ledger import Merged
from registrar.core.proof import judge
from registrar.core.proof_facts import Finding, Landed

OWNERS = "* @raj\n\n/models/ @ana @raj @acme/admins ana@example.org\n"  # the third line, of which the ledger tells


def landed(*, owners: str | None = OWNERS, forge: str = "github", **changes: Any) -> Landed:
    """1.1.0 came to Production, and 1.0.0 made room."""
    language = gitlab if forge == "gitlab" else github
    said: dict[str, Any] = {
        "commit": LANDED,
        "before": BEFORE,
        "registry": a_registry(),
        "codeowners": language.parse_codeowners(owners.encode(), file="CODEOWNERS") if owners is not None else None,
        "models": (a_change(after=PROMOTED),),
        "files": (AFile(STATUS_PATH),),
        "content": {STATUS_PATH: 40 * "e"},
    }
    return Landed(**said | changes)


def judged(change: Landed, entry: Merged) -> list[str]:
    """Why, of everything that is found."""
    return [finding.why for finding in judge(change, entry)]


def found(change: Landed, entry: Merged) -> list[Finding]:
    return list(judge(change, entry))
