from datetime import UTC, datetime, timedelta

import pytest

from registrar.core.people import Permission, Person
from registrar.core.setup import Finding, Standing, Untold, problems_in
from registrar.core.setup_token import Rights, Scopes, Token, token_findings

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BOT = Person(7, "registrar-bot", is_bot=True)
NEEDED = Scopes(("repo",))
ENOUGH = Rights(Permission.WRITE, "write", least="write", bypass=Permission.ADMIN, page="https://forge/access")


def a_token(*, expires_at: datetime | Untold | None = None, scopes: Scopes | Untold = NEEDED) -> Token:
    return Token(BOT, "https://forge/tokens", expires_at, scopes)


def the(findings: tuple[Finding, ...], check: str) -> Finding:
    return next(finding for finding in findings if finding.check == check)


def test_a_token_with_just_the_rights_it_needs_is_fine() -> None:
    findings = token_findings(a_token(expires_at=NOW + timedelta(days=90)), ENOUGH, now=NOW)

    assert problems_in(findings) == ()
    assert the(findings, "token").says == "is registrar-bot's, account 7"
    assert the(findings, "token expiry").says == "2026-05-30"


@pytest.mark.parametrize(
    ("expires_at", "standing", "says"),
    [
        pytest.param(None, Standing.OK, "never", id="never"),
        pytest.param(NOW + timedelta(days=13), Standing.PROBLEM, "2026-03-14, and from then on", id="soon"),
        pytest.param(NOW + timedelta(days=14), Standing.OK, "2026-03-15", id="not soon"),
        pytest.param(Untold("nobody says"), Standing.UNTOLD, "nobody says", id="not told"),
    ],
)
def test_a_token_is_renewed_before_it_ends(expires_at: datetime | Untold | None, standing: Standing, says: str) -> None:
    found = the(token_findings(a_token(expires_at=expires_at), ENOUGH, now=NOW), "token expiry")

    assert (found.standing, found.says.startswith(says)) == (standing, True)


@pytest.mark.parametrize(
    ("scopes", "says"),
    [
        pytest.param(Scopes(("gist",), lacking=("repo",)), "lacks repo", id="too few"),
        pytest.param(Scopes(("repo", "sudo"), excessive=("sudo",)), "holds sudo, which", id="too many"),
    ],
)
def test_scopes_are_enough_and_no_more(scopes: Scopes, says: str) -> None:
    found = the(token_findings(a_token(scopes=scopes), ENOUGH, now=NOW), "token scopes")

    assert found.standing is Standing.PROBLEM
    assert found.says.startswith(says)
    assert "https://forge/tokens" in found.mend


def test_what_a_fine_grained_token_may_do_is_told_by_nobody() -> None:
    found = the(token_findings(a_token(scopes=Untold("not told", "look")), ENOUGH, now=NOW), "token scopes")

    assert found == Finding("token scopes", Standing.UNTOLD, "not told", "look")


@pytest.mark.parametrize(
    ("rights", "standing", "says"),
    [
        pytest.param(Permission.READ, Standing.PROBLEM, "can say and push nothing", id="too little"),
        pytest.param(Permission.WRITE, Standing.OK, "is enough", id="enough"),
        pytest.param(Permission.MAINTAIN, Standing.OK, "is enough", id="more, and no bypass"),
        pytest.param(Permission.ADMIN, Standing.PROBLEM, "could get around what guards the base branch", id="bypass"),
    ],
)
def test_an_account_that_can_lift_the_rules_is_a_bypass(rights: Permission, standing: Standing, says: str) -> None:
    held = Rights(rights, rights.name.lower(), least="write", bypass=Permission.ADMIN, page="https://forge/access")

    found = the(token_findings(a_token(), held, now=NOW), "token rights")

    assert (found.standing, says in found.says) == (standing, True)


def test_rights_that_cannot_be_told_are_said_to_be_so() -> None:
    found = the(token_findings(a_token(), Untold("no answer"), now=NOW), "token rights")

    assert found.standing is Standing.UNTOLD
