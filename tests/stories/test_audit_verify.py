"""What the bot did is proven from a clone alone, and what anybody did behind its back is named."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from registrar.core.proof_facts import Finding, Grade
from registrar.repository.git import GitRepository
from registrar.repository.ledger import REF
from registrar.repository.proving import Proof, Question
from stories.conftest import Found
from stories.registries import a_registry, a_version
from stories.side import Method
from stories.test_ledger import notes
from stories.test_ledger_signed import a_key, forge_a_note
from stories.test_unapproved_changes import pushed, reverts
from stories.town import Town

pytestmark = pytest.mark.slow

STATUS = "models/digits/status.yaml"
PUSHED = "a change that owners guard was pushed, and approved by nobody"
VERSION = "models/digits/versions/1.0.0/version.yaml"


def proven(town: Town) -> tuple[Proof, Sequence[Finding]]:
    """What leo, who was there for none of it, finds in a clone."""
    folder = Path(notes(town, "rev-parse", "--absolute-git-dir").strip())
    git = GitRepository(folder)
    proof = Proof(Question(git, git.resolve("main")))
    return proof, tuple(proof.findings())


def breaches(town: Town) -> list[tuple[str, str]]:
    """Of each breach the commit and what it is."""
    return [(each.commit, each.what) for each in proven(town)[1] if each.grade is Grade.BREACH]


@pytest.fixture
def signed(found: Found, tmp_path: Path) -> Town:
    """The bot signs what it notes, and the registry says with which key."""
    key = a_key(tmp_path)
    files = a_registry({"1.0.0": 0.90, "1.1.0": 0.95, "1.2.0": 0.97}, status="Production: 1.0.0\n")
    town = found(files | {"allowed_signers": f"{key.allowed('registrar-bot')}\n"})
    town.signing_key = key
    town.restart_bot()
    return town


def promoted(town: Town, place: int, text: str, *, by: str = "ana", method: Method = "merge") -> str:
    """Asked for by mei in a request that she has open, approved and merged."""
    town.comment(place, text, by="mei")
    number = max(each.number for each in town.open_pull_requests())
    town.approve(number, by=by)
    landed = town.merge(number, method=method)
    assert landed is not None, town.verdict(number)
    return landed


def test_a_registry_that_the_bot_looked_after_is_proven_whichever_way_it_was_merged(signed: Town) -> None:
    signed.merge(signed.propose(a_version("1.3.0"), by="mei", branch="new"), by="mei")
    place = signed.propose({"notes.txt": "hello\n"}, by="mei", branch="place")
    promoted(signed, place, "/registrar promote digits@1.1.0 to Production", by="raj", method="squash")
    promoted(signed, place, "/registrar promote digits@1.2.0 to Production", method="linear")
    promoted(signed, place, "/registrar rollback digits", by="raj")

    proof, found = proven(signed)

    assert found == ()
    assert (proof.holds, proof.changes, len(proof.keys)) == (True, 3, 1)


def test_what_was_pushed_past_everybody_is_named_until_its_revert_is_approved(signed: Town) -> None:
    sha = pushed(signed, {STATUS: "Production: 1.2.0\nArchived: 1.0.0\n"}, by="ana")

    assert breaches(signed) == [(sha, PUSHED)]

    (revert,) = reverts(signed)
    signed.approve(revert.number, by="raj")
    signed.merge(revert.number, by="raj")
    proof, found = proven(signed)

    assert [(each.commit, each.grade) for each in found] == [(sha, Grade.RESOLVED)]
    assert proof.holds


def test_what_somebody_does_to_the_ledger_or_to_a_version_is_named(signed: Town) -> None:
    place = signed.propose({"notes.txt": "hello\n"}, by="mei", branch="place")
    landed = promoted(signed, place, "/registrar promote digits@1.1.0 to Production")
    genuine = forge_a_note(signed, landed)
    forged = notes(signed, "rev-parse", REF).strip()

    assert (forged, "a commit of the ledger is not signed by whom the registry names") in breaches(signed)
    assert (landed, "a change that owners guard was approved by nobody") in breaches(signed)

    signed.checkout("leo").git("push", "--quiet", "--force", "origin", f"{genuine}:{REF}")
    assert breaches(signed) == []
    signed.protect(spares_admins=True)
    altered = signed.commit({VERSION: signed.read(VERSION) + "description: better\n"}, by="ana", branch="main")
    signed.settle()

    assert (altered, f"{VERSION} was changed in a way that no approval allows") in breaches(signed)

    signed.checkout("leo").git("push", "--quiet", "origin", f":{REF}")
    signed.checkout("leo").git("update-ref", "-d", REF)
    git = GitRepository(Path(signed.checkout("leo").git("rev-parse", "--absolute-git-dir").strip()))

    (*_, last) = Proof(Question(git, git.resolve("main"))).findings()

    assert last.what == "there is no ledger"
