"""A signed ledger: plain git proves it, and the bot builds upon nothing that somebody else wrote."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.ledgers import deployed, merged, rejected
from registrar.errors import BrokenLedger, RegistrarError, UsageError
from registrar.repository.ledger import REF, Ledger
from registrar.repository.mirror import mirror
from registrar.repository.signing import SigningKey, is_named, is_signed_by_one_of, signing_key
from repository.upstream import ANA, Upstream

BOT = replace(ANA, name="registrar-bot", email="registrar-bot@example.org")
MakeKey = Callable[[str], SigningKey]


def made_key(file: Path, *, passphrase: str = "") -> Path:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", file.name, "-f", str(file)]
    subprocess.run(command, check=True)
    return file


@pytest.fixture
def make_key(tmp_path: Path) -> MakeKey:
    return lambda name: signing_key(made_key(tmp_path / name))


def a_ledger(upstream: Upstream, folder: Path, key: SigningKey | None) -> Ledger:
    git = mirror(str(upstream.path), folder)
    git.fetch()
    return Ledger(git, lambda: BOT, "main", key)


def allowing(*keys: SigningKey) -> dict[str, str | bytes | None]:
    return {"allowed_signers": "".join(f"{key.allowed(BOT.email)}\n" for key in keys)}


def how_signed(upstream: Upstream) -> list[str]:
    """What plain git says of every commit of the ledger, by what the registry itself allows."""
    upstream.git("fetch", "--quiet", "origin", f"+{REF}:{REF}")
    upstream.git("checkout", "--quiet", "main")
    allowed = "gpg.ssh.allowedSignersFile=allowed_signers"
    return upstream.git("-c", allowed, "log", "--format=%G? %GS", REF).splitlines()


def forge_note(upstream: Upstream, sha: str, *, key: SigningKey | None = None) -> None:
    """A writer appends to a note by hand, and signs it or not."""
    upstream.git("fetch", "--quiet", "origin", f"+{REF}:{REF}")
    upstream.git("notes", "--ref=registrar", "append", "-m", 'ruling: "approved"', sha)
    if key is not None:
        signing = [word for pair in key.settings().items() for word in ("-c", "=".join(pair))]
        parts = upstream.git("show", "--no-patch", "--format=%T %P", REF).split()
        parents = [word for parent in parts[1:] for word in ("-p", parent)]
        forged = upstream.git(*signing, "commit-tree", "-S", *parents, "-m", "Note", parts[0])
        upstream.git("update-ref", REF, forged)
    upstream.git("push", "--quiet", "origin", REF)


def test_plain_git_proves_a_signed_ledger(upstream: Upstream, tmp_path: Path, make_key: MakeKey) -> None:
    key = make_key("bot")
    sha = upstream.commit(allowing(key))
    ledger = a_ledger(upstream, tmp_path / "mirror.git", key)

    ledger.append(sha, merged())
    ledger.append(sha, deployed())

    assert how_signed(upstream) == ["G registrar-bot@example.org"] * 2
    assert ledger.entries(sha) == (merged(), deployed())


@pytest.mark.parametrize("signs", [False, True], ids=["unsigned", "signed by a stranger"])
def test_a_forged_note_is_not_built_upon(upstream: Upstream, tmp_path: Path, make_key: MakeKey, *, signs: bool) -> None:
    key, eve = make_key("bot"), make_key("eve")
    sha = upstream.commit(allowing(key))
    ledger = a_ledger(upstream, tmp_path / "mirror.git", key)
    ledger.append(sha, merged())
    forge_note(upstream, sha, key=eve if signs else None)
    forged = upstream.git("ls-remote", "origin", REF)

    with pytest.raises(BrokenLedger, match="which nobody signed whom allowed_signers on main names"):
        ledger.append(sha, deployed())
    with pytest.raises(BrokenLedger, match="which nobody signed whom allowed_signers on main names"):
        a_ledger(upstream, tmp_path / "anew.git", key).append(sha, deployed())

    assert upstream.git("ls-remote", "origin", REF) == forged
    assert how_signed(upstream)[0][0] in ("U" if signs else "N")


def test_a_key_that_the_registry_does_not_name_writes_nothing(
    upstream: Upstream, tmp_path: Path, make_key: MakeKey
) -> None:
    key, other = make_key("bot"), make_key("other")
    sha = upstream.commit(allowing(other))

    with pytest.raises(BrokenLedger, match="does not name the key that this bot signs") as refused:
        a_ledger(upstream, tmp_path / "mirror.git", key).append(sha, merged())

    assert f"add the line {key.allowed(BOT.email)!r}" in str(refused.value)
    assert upstream.git("ls-remote", "origin", REF) == ""


def test_a_registry_that_names_nobody_yet_is_signed_for_all_the_same(
    upstream: Upstream, tmp_path: Path, make_key: MakeKey
) -> None:
    key = make_key("bot")
    sha = upstream.commit({})
    ledger = a_ledger(upstream, tmp_path / "mirror.git", key)

    ledger.append(sha, merged())
    a_ledger(upstream, tmp_path / "anew.git", key).append(sha, deployed())

    upstream.commit(allowing(key))
    assert how_signed(upstream) == ["G registrar-bot@example.org"] * 2


def test_a_ledger_begun_without_a_key_goes_on_with_one(upstream: Upstream, tmp_path: Path, make_key: MakeKey) -> None:
    key = make_key("bot")
    sha = upstream.commit(allowing(key))
    a_ledger(upstream, tmp_path / "mirror.git", None).append(sha, merged())

    a_ledger(upstream, tmp_path / "mirror.git", key).append(sha, deployed())
    a_ledger(upstream, tmp_path / "anew.git", key).append(sha, rejected())

    assert how_signed(upstream) == ["G registrar-bot@example.org", "G registrar-bot@example.org", "N"]


def test_a_bot_without_a_key_adds_nothing_to_a_signed_ledger(
    upstream: Upstream, tmp_path: Path, make_key: MakeKey
) -> None:
    key = make_key("bot")
    sha = upstream.commit(allowing(key))
    a_ledger(upstream, tmp_path / "mirror.git", key).append(sha, merged())

    with pytest.raises(BrokenLedger, match="set REGISTRAR_SIGNING_KEY where it runs"):
        a_ledger(upstream, tmp_path / "anew.git", None).append(sha, deployed())


def test_a_new_key_goes_on_where_the_old_one_stopped(upstream: Upstream, tmp_path: Path, make_key: MakeKey) -> None:
    old, new = make_key("old"), make_key("new")
    sha = upstream.commit(allowing(old, new))
    a_ledger(upstream, tmp_path / "mirror.git", old).append(sha, merged())

    a_ledger(upstream, tmp_path / "anew.git", new).append(sha, deployed())

    assert how_signed(upstream) == ["G registrar-bot@example.org"] * 2


def test_a_key_that_is_gone_signs_nothing(upstream: Upstream, tmp_path: Path, make_key: MakeKey) -> None:
    key = make_key("bot")
    sha = upstream.commit(allowing(key))
    key.path.unlink()

    with pytest.raises(BrokenLedger, match="an entry could not be written"):
        a_ledger(upstream, tmp_path / "mirror.git", key).append(sha, merged())


def test_what_is_no_list_of_signers_believes_nobody(upstream: Upstream, tmp_path: Path, make_key: MakeKey) -> None:
    key = make_key("bot")
    sha = upstream.commit({})
    ledger = a_ledger(upstream, tmp_path / "mirror.git", key)
    ledger.append(sha, merged())
    (signed,) = ledger.git.run("rev-list", "refs/registrar/ledger").decode().split()

    assert is_signed_by_one_of(ledger.git, signed, key.allowed("*").encode())
    assert not is_signed_by_one_of(ledger.git, signed, b"")
    assert not is_signed_by_one_of(ledger.git, signed, b"\xff\x00 nonsense\n")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        pytest.param(lambda file: file.unlink(), "is no file; make a key with ssh-keygen", id="missing"),
        pytest.param(lambda file: file.write_text("no key"), "is no private SSH key", id="no key"),
        pytest.param(lambda file: file.chmod(0o644), "may be read by others.*chmod 600", id="open to all"),
        pytest.param(
            lambda file: made_key(file.with_name("locked"), passphrase="secret").rename(file),
            "has a passphrase.*ssh-keygen -p",
            id="locked",
        ),
        pytest.param(
            lambda file: file.write_bytes(file.with_name("key.pub").read_bytes()), "is no private SSH key", id="public"
        ),
    ],
)
def test_a_key_that_cannot_sign_is_refused_at_once(
    tmp_path: Path, spoil: Callable[[Path], object], complaint: str
) -> None:
    file = made_key(tmp_path / "key")
    secret = file.read_text()
    spoil(file)

    with pytest.raises(UsageError, match=f"REGISTRAR_SIGNING_KEY: {file} (?s:{complaint})") as refused:
        signing_key(file)

    assert secret.splitlines()[2] not in str(refused.value)


def test_without_ssh_keygen_no_key_is_of_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = made_key(tmp_path / "key")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UsageError, match="ssh-keygen is not installed; install OpenSSH"):
        signing_key(file)


def test_a_key_is_told_by_its_public_half_alone(make_key: MakeKey) -> None:
    key = make_key("bot")

    private = key.path.read_text().splitlines()[1:-1]
    assert not any(line in repr(key) for line in private)
    assert key.allowed("bot@x") == f'bot@x namespaces="git" {key.public}'
    assert key.public == " ".join(key.path.with_name("bot.pub").read_text().split()[:2])


def test_a_registry_names_a_key_for_what_git_signs_alone(make_key: MakeKey) -> None:
    key, eve = make_key("bot"), make_key("eve")

    assert is_named(key, f"{eve.allowed('eve')}\n{key.allowed('bot@x')}\n".encode())
    assert not is_named(key, f"{eve.allowed('eve')}\n".encode())
    assert not is_named(key, f'bot@x namespaces="file" {key.public}\n'.encode())
    assert not is_named(key, b"")


def test_without_ssh_keygen_nothing_is_said_of_a_signature(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = a_ledger(upstream, tmp_path / "mirror.git", None).git
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RegistrarError, match="ssh-keygen is not installed"):
        is_signed_by_one_of(git, 40 * "a", b"")


def test_a_git_that_cannot_sign_is_refused_before_anything_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, tools = made_key(tmp_path / "key"), tmp_path / "tools"
    tools.mkdir()
    (tools / "git").write_text("#!/bin/sh\necho git version 2.30.2\n")
    (tools / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")

    with pytest.raises(UsageError, match=r"REGISTRAR_SIGNING_KEY: git version 2\.30\.2 knows no SSH signatures"):
        signing_key(key)
