"""Knows how to see the files of a checkout as they lie there as a tree of git's, without taking in what is no text."""

import shutil
import tempfile
from pathlib import Path

from registrar.repository.checkout import work_folder
from registrar.repository.git import LARGEST_FILE, GitRepository

_ALWAYS = (".yaml", ".yml", ".dvc")  # of any size: too large a file is a problem to be told, not one to be overlooked


def tree_of_files(repository: GitRepository) -> str:
    """The id of a tree that holds the files of the checkout, committed or not, ignored ones left out.

    The person's index is not touched. Large files that git does not know yet, weights left lying about, are not
    in the tree: they would be written into the repository.
    """
    with tempfile.TemporaryDirectory(prefix="registrar-") as folder:
        index = Path(folder) / "index"
        users_index = repository.directory / "index"
        if users_index.exists():
            shutil.copyfile(users_index, index)
        if changed := _changed(repository, index):
            listed = Path(folder) / "changed"
            listed.write_bytes(b"\0".join(changed))
            options = [f"--pathspec-from-file={listed}", "--pathspec-file-nul"]
            repository.run(*_here(repository), "add", "--all", *options, index=index)
        return repository.run("write-tree", index=index).decode().strip()


def _changed(repository: GitRepository, index: Path) -> list[bytes]:
    kinds = ["--others", "--exclude-standard", "--modified", "--deleted"]
    output = repository.run(*_here(repository), "ls-files", "-z", *kinds, index=index)
    folder = work_folder(repository)
    paths = dict.fromkeys(output.split(b"\0"))  # what is deleted is listed as modified too
    return [path for path in paths if path and _is_text(folder / path.decode(errors="surrogateescape"))]


def _is_text(file: Path) -> bool:
    return file.suffix in _ALWAYS or not file.is_file() or file.lstat().st_size <= LARGEST_FILE


def _here(repository: GitRepository) -> tuple[str, str, str]:
    folder = work_folder(repository)
    return "-C", str(folder), f"--work-tree={folder}"
