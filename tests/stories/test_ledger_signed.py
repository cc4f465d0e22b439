"""A signed ledger is proved by plain git, and what others write into it is told of and never part of it."""

import subprocess
from pathlib import Path

from registrar.repository.ledger import REF
from registrar.repository.signing import SigningKey, signing_key
from stories.conftest import Found
from stories.registries import a_registry
from stories.test_commands import asked
from stories.test_ledger import kinds, notes, told
from stories.test_sweep import sweep
from stories.town import Town


def a_key(folder: Path) -> SigningKey:
    file = folder / "ledger-key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    return signing_key(file)


def proved(town: Town) -> list[str]:
    """Of each commit of the ledger, what plain git finds by the registry's own file."""
    notes(town, "checkout", "--quiet", "origin/main")
    allowed = "gpg.ssh.allowedSignersFile=allowed_signers"
    return notes(town, "-c", allowed, "log", "--format=%G?:%GS", REF).splitlines()


def forge_a_note(town: Town, commit: str) -> str:
    """Leo, who may write, adds his own words; the tip before is returned."""
    before = notes(town, "rev-parse", REF).strip()
    notes(town, "notes", "--ref=registrar", "append", "-m", 'ruling: "approved"', commit)
    town.checkout("leo").git("push", "--quiet", "origin", REF)
    return before


def test_a_forged_note_is_proved_by_nothing_and_stops_nothing(found: Found, tmp_path: Path) -> None:
    key = a_key(tmp_path)
    files = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    town = found(files | {"allowed_signers": f"{key.allowed('registrar-bot')}\n"})
    town.signing_key = key
    town.restart_bot()
    first = asked(town, text="/registrar promote digits@1.1.0 to Staging")
    staged = town.merge(first)
    assert staged is not None
    assert proved(town) == ["G:registrar-bot"]

    before = forge_a_note(town, staged)
    number = asked(town, by="leo")
    town.approve(number, by="ana")
    landed = town.merge(number)

    assert proved(town) == ["N:", "G:registrar-bot"]
    assert "✅ **Merged and deployed**" in town.verdict(number)
    assert "⚠️ **The ledger does not tell of this**" in town.verdict(number)
    back = asked(town, by="raj", text="/registrar rollback digits")
    town.comment(back, "/registrar reject not before the audit", by="ana")
    assert back not in [each.number for each in town.open_pull_requests()]
    town.checkout("leo").git("push", "--quiet", "--force", "origin", f"{before}:{REF}")
    sweep(town)
    assert kinds(told(town, landed)) == ["Merged approved", "Deployed pending", "Deployed success"]
    assert set(proved(town)) == {"G:registrar-bot"}
    assert "ledger" not in town.verdict(number)
