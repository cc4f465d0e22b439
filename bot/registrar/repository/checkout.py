"""Knows a user's checkout: what in it is not committed yet, and its content as a tree that reads like a commit."""

import shutil
import tempfile
from pathlib import Path

from registrar.errors import UsageError
from registrar.repository.git import GitRepository


def work_folder(repository: GitRepository) -> Path:
    """The top folder of the checkout. Raises `UsageError` for a bare repository."""
    folder = repository.objects.workdir
    if folder is None:
        raise UsageError(f"{repository.directory} is a bare repository; run this inside a checkout")
    return Path(folder)


def uncommitted(repository: GitRepository) -> tuple[str, ...]:
    """Paths that differ from HEAD or that git does not know yet, ignored ones left out."""
    output = repository.run(
        *_in_work_tree(repository), "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"
    )
    return tuple(line[3:].decode("utf-8", "surrogateescape") for line in output.split(b"\0") if line)


def tree_of_work(repository: GitRepository) -> str:
    """The id of a tree that holds what the checkout holds now; the user's index is not touched."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        users_index = repository.directory / "index"
        if users_index.exists():
            shutil.copyfile(users_index, index)
        repository.run(*_in_work_tree(repository), "add", "--all", "--", ".", index=index)
        return repository.run("write-tree", index=index).decode().strip()


def _in_work_tree(repository: GitRepository) -> tuple[str, str, str]:
    folder = work_folder(repository)
    return "-C", str(folder), f"--work-tree={folder}"
