from dataclasses import replace

import pytest

from registrar.core.setup import Standing, Untold
from registrar.core.setup_ledger import LedgerFacts, ledger_findings

NEWEST = "abc1234" + 33 * "0"
LINE = 'bot@x namespaces="git" ssh-ed25519 AAAA'
FACTS = LedgerFacts("main", NEWEST, is_signed=True, is_believed=True, has_signers=True, line=LINE, is_named=True)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        pytest.param(FACTS, "is signed by a key that allowed_signers on main names", id="signed"),
        pytest.param(replace(FACTS, newest=None), "nothing is noted yet", id="not begun"),
        pytest.param(
            replace(FACTS, is_signed=False, is_believed=False), "is not signed yet", id="begun before there was a key"
        ),
        pytest.param(
            replace(FACTS, is_signed=False, is_believed=False, has_signers=False, line=""),
            "is not signed: whoever may write",
            id="no key anywhere",
        ),
    ],
)
def test_what_is_as_somebody_meant_it_is_fine(facts: LedgerFacts, says: str) -> None:
    [found] = ledger_findings(facts)

    assert (found.standing, found.says[: len(says)]) == (Standing.OK, says)


@pytest.mark.parametrize(
    ("facts", "says", "mend"),
    [
        pytest.param(replace(FACTS, is_named=False), "does not name the bot's key", LINE, id="another key"),
        pytest.param(
            replace(FACTS, is_believed=False),
            "commit abc1234 is signed by nobody whom allowed_signers on main names",
            "see who wrote it",
            id="a stranger",
        ),
        pytest.param(
            replace(FACTS, is_signed=False, is_believed=False, line=""),
            "is not signed, though allowed_signers",
            "set REGISTRAR_SIGNING_KEY",
            id="no key",
        ),
        pytest.param(replace(FACTS, has_signers=False), "main has no allowed_signers", LINE, id="no signers"),
        pytest.param(
            replace(FACTS, has_signers=False, line=""), "nobody can tell by whom", "a line for the bot's key", id="none"
        ),
    ],
)
def test_what_proves_nothing_is_a_problem_with_its_mend(facts: LedgerFacts, says: str, mend: str) -> None:
    [found] = ledger_findings(facts)

    assert found.standing is Standing.PROBLEM
    assert says in found.says
    assert mend in found.mend


def test_what_cannot_be_looked_at_is_said() -> None:
    [found] = ledger_findings(Untold("ssh-keygen is not installed"))

    assert (found.standing, found.says) == (Standing.UNTOLD, "ssh-keygen is not installed")
