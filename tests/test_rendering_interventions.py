"""What the bot says where somebody stepped in, read whole."""

from core.builders import ANA, HEAD, RAJ, ZOE
from registrar import rendering
from registrar.core.interventions import Intervention, Kind

HELD = """\
### ⏸️ raj holds this merge request

> until Monday

It waits, whoever approves it, and merged all the same it is not deployed.

raj, or an owner who could approve it, lets it go with `/registrar unhold`.
"""

HELD_WITHOUT_A_WORD = """\
### ⏸️ raj holds this pull request

It waits, whoever approves it, and merged all the same it is not deployed.

raj, or an owner who could approve it, lets it go with `/registrar unhold`.
"""

LET_GO = """\
### ▶️ Held no longer

ana let this pull request go.
"""

REJECTED = """\
### ⛔ ana rejected this pull request

> the test set leaked, said @\u2060leo

It is closed, its branch is deleted, and whoever asked for it cannot open it again, nor ask for the same anew; \
somebody else can.

ana, or another owner who could approve it, takes this back by approving it as it is, here.
"""

REJECTED_OF_A_PERSON = """\
### ⛔ ana rejected this pull request

> it leaks

It stays red, whatever is pushed to it.

ana, or another owner who could approve it, takes this back by approving it.
"""

TAKEN_BACK = """\
### ↩️ Rejected no longer

raj approved this pull request, and so took its rejection back. It can be asked for anew.
"""

GLASS = """\
### 🚨 zoe broke the glass

> all is down

`3f2a91c` may be merged and deployed without the approvals that it lacks, in a freeze, and before its time. What else \
is asked of it still is. Merged by somebody whom `break_glass` in registry.yaml does not name, or with anything else \
pushed to it, it is not deployed. The ledger will say so for good.

@ana @raj: this pull request changes what you own, and nobody waits for you. Look at it now: `/registrar hold` or \
`/registrar reject` stop it until it is merged.
"""


def test_a_hold() -> None:
    said = rendering.hold_comment(Intervention(Kind.HOLD, RAJ, "until Monday"), noun="merge request")

    assert said == HELD


def test_a_hold_without_a_reason() -> None:
    assert rendering.hold_comment(Intervention(Kind.HOLD, RAJ), noun="pull request") == HELD_WITHOUT_A_WORD


def test_the_end_of_a_hold() -> None:
    assert rendering.hold_comment(Intervention(Kind.HOLD, ANA, stands=False), noun="pull request") == LET_GO


def test_a_rejection_of_what_the_bot_opened() -> None:
    rejection = Intervention(Kind.REJECTION, ANA, "the test set leaked, said @leo")

    assert rendering.rejection_comment(rejection, is_ours=True, noun="pull request") == REJECTED


def test_a_rejection_that_the_ledger_does_not_tell_of() -> None:
    rejection = Intervention(Kind.REJECTION, ANA, "it leaks")

    said = rendering.rejection_comment(rejection, is_ours=False, noun="pull request", unwritten="it was deleted")

    assert said == REJECTED_OF_A_PERSON.replace(
        "It stays", "⚠️ **The ledger does not tell of this**: it was deleted\n\nIt stays"
    )


def test_a_rejection_of_what_a_person_opened() -> None:
    rejection = Intervention(Kind.REJECTION, ANA, "it leaks")

    assert rendering.rejection_comment(rejection, is_ours=False, noun="pull request") == REJECTED_OF_A_PERSON


def test_a_rejection_that_was_taken_back() -> None:
    lifted = Intervention(Kind.REJECTION, RAJ, stands=False)

    assert rendering.rejection_comment(lifted, is_ours=True, noun="pull request") == TAKEN_BACK


def test_broken_glass_calls_the_owners() -> None:
    glass = Intervention(Kind.GLASS, ZOE, "all is down")

    assert rendering.glass_comment(glass, head=HEAD, owners=(ANA, RAJ), noun="pull request") == GLASS


def test_broken_glass_where_nobody_owns_what_changes_calls_nobody() -> None:
    glass = Intervention(Kind.GLASS, ZOE, "ask @acme/everybody")

    said = rendering.glass_comment(glass, head=HEAD, owners=(), noun="pull request")

    assert "@acme" not in said
    assert said.endswith("The ledger will say so for good.\n")
