"""How the sandbox forge tells which refs a repository has, in git's protocol: most fetches ask for nothing else.

https://git-scm.com/docs/protocol-v2#_ls_refs
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pygit2

from registrar.sandbox import git

_FLUSH, _DELIMITER = b"0000", b"0001"
_COMMAND = b"command=ls-refs"
_PREFIX = b"ref-prefix "


@dataclass(frozen=True, slots=True)
class Asked:
    """Which refs somebody wants to know of, and what of each."""

    prefixes: Sequence[str]  # none: of all
    symrefs: bool = False
    peel: bool = False
    unborn: bool = False


def asked_in(body: bytes) -> Asked | None:
    """What a request asks for; None when it wants anything but the refs."""
    if not body[4:].startswith(_COMMAND):
        return None
    lines = [line.rstrip(b"\n") for line in _lines(body)]
    words = lines[lines.index(_DELIMITER) + 1 :] if _DELIMITER in lines else []
    prefixes = [line.removeprefix(_PREFIX).decode() for line in words if line.startswith(_PREFIX)]
    return Asked(prefixes, symrefs=b"symrefs" in words, peel=b"peel" in words, unborn=b"unborn" in words)


def _lines(body: bytes) -> Iterator[bytes]:
    """The lines of one message, each of which says how long it is."""
    at = 0
    while (length := body[at : at + 4]) not in {b"", _FLUSH}:
        if length == _DELIMITER:
            yield _DELIMITER
            at += 4
            continue
        size = int(length, 16)
        yield body[at + 4 : at + size]
        at += max(size, 4)


def told(path: Path, asked: Asked) -> bytes:
    """The answer: a line for each ref, HEAD before all others."""
    repository = git.opened(path)
    names = ["HEAD", *sorted(repository.references)]
    wanted = [name for name in names if not asked.prefixes or name.startswith(tuple(asked.prefixes))]
    lines = (_line(repository, name, asked) for name in wanted)
    return b"".join(b"%04x%s" % (len(line) + 4, line) for line in lines if line) + _FLUSH


def _line(repository: pygit2.Repository, name: str, asked: Asked) -> bytes:
    """What is to be said of a ref; nothing of one that leads nowhere."""
    reference = repository.lookup_reference(name)
    leads_to = reference.target if isinstance(reference.target, str) else ""
    aim = f" symref-target:{leads_to}" if leads_to and asked.symrefs else ""
    if leads_to and leads_to not in repository.references:
        return f"unborn {name}{aim}\n".encode() if asked.unborn and aim else b""
    found = repository[reference.resolve().target]
    peeled = f" peeled:{found.peel(None).id}" if asked.peel and isinstance(found, pygit2.Tag) else ""
    return f"{found.id} {name}{aim}{peeled}\n".encode()
