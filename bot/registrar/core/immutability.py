"""Knows that what has been merged about a version is never altered, and that a registry is made of plain files."""

from collections.abc import Iterable
from typing import Protocol

from registrar.core.paths import describes_model, holds_registry, is_looked_after, release_of
from registrar.core.verdicts import Verdict, all_of, failed, passed

_NAME = "released files"
_PLAIN = frozenset({"100644", "100755"})


class FileChange(Protocol):
    """One path that differs, in git's words; a rename is one file deleted and one added."""

    @property
    def kind(self) -> str:
        """`A`, `M`, `D` or `T`."""
        ...

    @property
    def path(self) -> str:
        """Where the file stands."""
        ...

    @property
    def new_mode(self) -> str | None:
        """Git's octal mode, `100644`; None when the file is gone."""
        ...


def judge_immutability(files: Iterable[FileChange]) -> Verdict:
    """Fails when a file of a merged version or dataset is altered or deleted.

    It fails too when a model is unmade, and when anything of the registry is a link or a submodule.
    """
    doubts = [doubt for doubt in map(_judge, files) if doubt is not None]
    return all_of(_NAME, doubts) if doubts else passed(_NAME, "no released file is altered")


def is_harmed(file: FileChange) -> bool:
    """Whether the change of this one file would fail."""
    return _judge(file) is not None


def _judge(file: FileChange) -> Verdict | None:
    release = release_of(file.path)
    if release is not None and file.kind != "A":
        act = "deletes" if file.kind == "D" else "alters"
        return failed(
            file.path, f"this {act} {file.path}, but {release} is released and stays as it is; register a new version"
        )
    if file.kind == "D" and describes_model(file.path):
        return failed(file.path, f"this deletes {file.path}, and with it the model; archive its versions instead")
    is_ours = is_looked_after(file.path) or holds_registry(file.path)
    if file.new_mode is not None and file.new_mode not in _PLAIN and is_ours:
        return failed(file.path, f"{file.path} is a link or a submodule; a registry holds plain files only")
    return None
