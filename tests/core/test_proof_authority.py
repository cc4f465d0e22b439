"""Who owned a path when a branch began must have approved it too, by the CODEOWNERS of then and of now."""

from typing import Any

import pytest

from core.builders import OTHER, STATUS_PATH, ZOE
from core.ledgers import MOVE, counted, merged
from core.proofs import OWNERS, judged, landed
from registrar.core.codeowners import github
from registrar.core.ledger import Merged
from registrar.core.lifecycle import Transition

ROOM = Transition("digits", "1.0.0", "Production", "Archived")
NOT_SAID = "that line does not say so"
BY_ZOE = counted(person=ZOE, word="@zoe", rule="CODEOWNERS:1", review=13)


def told(**changes: Any) -> Merged:
    """What is true of what landed, but for where its branch began."""
    return merged(transitions=(ROOM, MOVE), fork=OTHER, **changes)


@pytest.mark.parametrize(
    ("owners", "changes", "whys"),
    [
        pytest.param("* @zoe\n", {"approvals_before": (BY_ZOE,)}, [], id="who owned it then approved as well"),
        pytest.param(OWNERS, {}, [], id="it asked the same then"),
        pytest.param(
            "* @zoe\n",
            {},
            ["at 8d1e77a it needs 1 owners with admin, and by the ledger nobody approved"],
            id="who owned it then did not",
        ),
        pytest.param(
            None,
            {},
            ["at 8d1e77a it needs 1 owners with admin, and by the ledger nobody approved"],
            id="nobody owned it then",
        ),
        pytest.param(
            "* @leo\n",
            {"approvals_before": (BY_ZOE,)},
            [
                f"the ledger says that zoe owns {STATUS_PATH} by CODEOWNERS:1 as @zoe, and at 8d1e77a {NOT_SAID}",
                "at 8d1e77a it needs 1 owners with admin, and by the ledger nobody approved",
            ],
            id="by a line that did not say so then",
        ),
    ],
)
def test_who_owned_it_when_the_branch_began_must_have_approved_too(
    owners: str | None, changes: dict[str, Any], whys: list[str]
) -> None:
    then = github.parse_codeowners(owners.encode(), file="CODEOWNERS") if owners is not None else None
    change = landed(fork=OTHER, codeowners_before=then)

    assert judged(change, told(**changes)) == whys


def test_a_branch_that_began_elsewhere_is_named() -> None:
    assert "its entry says that its branch left the base at 8d1e77a, and it did not" in judged(landed(), told())
