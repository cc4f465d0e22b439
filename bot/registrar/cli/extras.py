"""Knows which optional parts a command needs, and how to say that they are missing."""

from collections.abc import Iterator
from contextlib import contextmanager

from registrar.errors import RegistrarError


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Turn a missing library into the one line that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(("registrar", "registry_schema")):
            raise
        mend = f"pip install 'model-registrar[{extra}]'"
        raise RegistrarError(f"this needs {error.name}, which is not installed; run: {mend}") from error
