"""A CODEOWNERS that is no plain file on the base: whether a forge follows a link nobody can tell, so nobody owns."""

from stories.test_commands import asked
from stories.town import Town


def test_nobody_can_approve_by_owners_behind_a_link(town: Town) -> None:
    town.protect(spares_admins=True)
    checkout = town.checkout("ana")
    checkout.git("fetch", "--quiet", "origin")
    checkout.git("checkout", "--quiet", "-B", "main", "origin/main")
    blob = checkout.git("rev-parse", "HEAD:CODEOWNERS").strip()
    checkout.git("update-index", "--add", "--cacheinfo", f"120000,{blob},CODEOWNERS")
    checkout.git("commit", "--quiet", "--message", "Make the owners a link")
    checkout.git("push", "--quiet", "origin", "HEAD:main")
    number = asked(town)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert "and a registry holds plain files" in town.verdict(number)
