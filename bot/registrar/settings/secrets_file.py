"""Knows how the file reads that gives repositories webhook secrets of their own, and tells nothing of what is in it."""

from collections.abc import Mapping
from pathlib import Path

from registrar.addresses import REPOSITORY

_SHAPE = "it must map OWNER/NAME to a list of one secret, or two while one replaces the other"


def read_secrets(file: Path) -> Mapping[str, tuple[str, ...]]:
    """The secrets by repository, its name in small letters: forges do not mind the case.

    Raises `ValueError` that says where the file is wrong, never what stands there.
    """
    from registry_schema.document import InvalidFile, load  # the command line must not pay for it

    try:
        document = load(file.read_bytes(), file.name)
    except OSError as error:
        raise ValueError(f"names {file}: {(error.strerror or str(error)).lower()}") from None
    except InvalidFile as error:
        raise _broken(file, error.problems[0].line, "no YAML") from None
    if document.problems:
        raise _broken(file, document.problems[0].line, "not plain YAML, with each name once")
    if not isinstance(document.value, Mapping):
        raise _broken(file, 0, "no mapping")
    found: dict[str, tuple[str, ...]] = {}
    for name, given in document.value.items():
        line = document.line((name,))
        if not REPOSITORY.fullmatch(str(name)) or str(name).casefold() in found:
            raise _broken(file, line, "the name of no repository, or it stands there twice")
        if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
            raise _broken(file, line, "no list of secrets")
        found[str(name).casefold()] = tuple(given)
    return found


def _broken(file: Path, line: int, what: str) -> ValueError:
    where = f"{file}, line {line}," if line else str(file)
    return ValueError(f"names a file that cannot be used: {where} is {what}; {_SHAPE}")
