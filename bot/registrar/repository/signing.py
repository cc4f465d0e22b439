"""Knows how git signs with an SSH key, and whose signature a registry believes."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from registrar.errors import RegistrarError, UsageError
from registrar.repository.git import GitRepository
from registrar.repository.processes import run_git

_GOOD = "G"
_SECONDS = 20.0
_SIGNS_SINCE = (2, 34)  # the first git that knows SSH signatures
# What else git would verify with: a signature of another kind is none of ours, however good.
_NOTHING_ELSE = {"gpg.program": "false", "gpg.x509.program": "false", "gpg.ssh.program": "ssh-keygen"}
_UNASKED = {"LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key by its file, which is never read by us, and the public one that belongs to it."""

    path: Path
    public: str  # `ssh-ed25519 AAAA...`

    def settings(self) -> Mapping[str, str]:
        """Git's settings for a command that signs."""
        return {"gpg.format": "ssh", "gpg.ssh.program": "ssh-keygen", "user.signingKey": str(self.path)}

    def allowed(self, person: str) -> str:
        """The line of allowed_signers that names it."""
        return f'{person} namespaces="git" {self.public}'


def signing_key(path: Path) -> SigningKey:
    """The key in a file. Raises `UsageError` with what keeps it from signing: nobody is asked for a passphrase."""
    try:
        done = _ssh_keygen("-y", "-P", "", "-f", str(path))
    except FileNotFoundError as error:
        raise UsageError("REGISTRAR_SIGNING_KEY: ssh-keygen is not installed; install OpenSSH 8.2 or newer") from error
    if done.returncode:
        raise UsageError(f"REGISTRAR_SIGNING_KEY: {path} {_why_not(path, done.stderr.decode(errors='replace'))}")
    lacking = lacks_signatures(run_git(Path.cwd(), "version").decode())
    if lacking:
        raise UsageError(f"REGISTRAR_SIGNING_KEY: {lacking}")
    kind, key, *_ = done.stdout.decode().split()
    return SigningKey(path.absolute(), f"{kind} {key}")


def lacks_signatures(version: str) -> str:
    """Why a git that calls itself so can neither sign nor verify; nothing where it can."""
    found = re.search(r"(\d+)\.(\d+)", version)
    if found is not None and (int(found[1]), int(found[2])) >= _SIGNS_SINCE:
        return ""
    return f"{version.strip()} knows no SSH signatures; install git 2.34 or newer"


def is_named(key: SigningKey, signers: bytes) -> bool:
    """Whether the text of an allowed_signers names the key for what git signs: it signs a word, and that is checked."""
    with TemporaryDirectory(prefix="registrar-") as folder:
        said, allowed = Path(folder) / "said", Path(folder) / "allowed_signers"
        said.write_bytes(b"a word")
        allowed.write_bytes(signers)
        _ssh_keygen("-Y", "sign", "-q", "-n", "git", "-f", str(key.path), str(said))
        known = ["-f", str(allowed), "-s", f"{said}.sig"]
        found = _ssh_keygen("-Y", "find-principals", *known).stdout.decode(errors="replace").splitlines()
        checks = (_ssh_keygen("-Y", "verify", "-n", "git", "-I", each, *known, said=b"a word") for each in found)
        return any(check.returncode == 0 for check in checks)


def is_signed(git: GitRepository, sha: str) -> bool:
    """Whether the commit carries a signature of whatever kind, whoever made it."""
    return any(line.startswith(b"gpgsig") for line in git.objects[sha].read_raw().partition(b"\n\n")[0].split(b"\n"))


def is_signed_by_one_of(git: GitRepository, sha: str, signers: bytes) -> bool:
    """Whether the commit carries a good SSH signature by a key that the text of an allowed_signers names.

    Raises `RegistrarError` where nothing can check it.
    """
    if shutil.which("ssh-keygen") is None:
        raise RegistrarError("ssh-keygen is not installed, and git checks SSH signatures with it; install OpenSSH")
    with believing(signers) as settings:
        shown = run_git(
            git.directory,
            f"--git-dir={git.directory}",
            *("log", "--max-count=1", "--no-notes", "--format=%G?", "--end-of-options", sha),
            settings=settings,
        )
    return shown.decode().strip() == _GOOD


@contextmanager
def believing(signers: bytes) -> Iterator[Mapping[str, str]]:
    """Git's settings for commands that verify by the text of an allowed_signers, and by nothing else."""
    with TemporaryDirectory(prefix="registrar-") as folder:
        file = Path(folder) / "allowed_signers"
        file.write_bytes(signers)
        yield {**_NOTHING_ELSE, "gpg.ssh.allowedSignersFile": str(file), "gpg.ssh.revocationFile": ""}


def _ssh_keygen(*arguments: str, said: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["ssh-keygen", *arguments]
    environment = {**os.environ, **_UNASKED}
    return subprocess.run(
        command, capture_output=True, check=False, input=said, timeout=_SECONDS, env=environment, start_new_session=True
    )


def _why_not(path: Path, complaint: str) -> str:
    if not path.is_file():
        return "is no file; make a key with ssh-keygen -t ed25519 -N '' -f FILE"
    if "passphrase" in complaint:
        return "has a passphrase, and a bot cannot type one; take it off with ssh-keygen -p -N '' -f FILE"
    if "bad permissions" in complaint:
        return "may be read by others, and SSH refuses such a key; chmod 600 it"
    if "Permission denied" in complaint:
        return "may not be read by this process; give it to the user that runs the bot"
    return "is no private SSH key; name the file that ssh-keygen made, without .pub"
