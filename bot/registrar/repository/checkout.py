"""Knows a user's checkout: what in it is not committed yet, and its files as a tree that reads like a commit."""

import shutil
import tempfile
from pathlib import Path

from registrar.errors import UsageError
from registrar.repository.git import LARGEST_FILE, GitRepository

_ALWAYS = (".yaml", ".yml", ".dvc")  # of any size: too large a file is a problem to be told, not one to be overlooked


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


def tree_of_files(repository: GitRepository) -> str:
    """The id of a tree that holds the files of the checkout, committed or not, ignored ones left out.

    The person's index is not touched. Large files that git does not know yet, weights left lying about, are not
    in the tree: they would be written into the repository.
    """
    with tempfile.TemporaryDirectory(prefix="registrar-") as folder:
        index = Path(folder) / "index"
        users_index = repository.directory / "index"
        if users_index.exists():
            shutil.copy2(users_index, index)  # with its time, by which git knows what it cannot tell by theirs
        if changed := _changed(repository, index):
            listed = Path(folder) / "changed"
            listed.write_bytes(b"\0".join(changed))
            options = [f"--pathspec-from-file={listed}", "--pathspec-file-nul"]
            repository.run(*_in_work_tree(repository), "add", "--all", *options, index=index)
        return repository.run("write-tree", index=index).decode().strip()


def _changed(repository: GitRepository, index: Path) -> list[bytes]:
    kinds = ["--others", "--exclude-standard", "--modified", "--deleted"]
    output = repository.run(*_in_work_tree(repository), "ls-files", "-z", *kinds, index=index)
    folder = work_folder(repository)
    paths = dict.fromkeys(output.split(b"\0"))  # what is deleted is listed as modified too
    return [path for path in paths if path and _is_text(folder / path.decode(errors="surrogateescape"))]


def _is_text(file: Path) -> bool:
    return file.suffix in _ALWAYS or not file.is_file() or file.lstat().st_size <= LARGEST_FILE


def _in_work_tree(repository: GitRepository) -> tuple[str, str, str]:
    folder = work_folder(repository)
    return "-C", str(folder), f"--work-tree={folder}"
