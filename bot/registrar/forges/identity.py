"""Knows which repository is meant: its number, which stays when it is renamed, and never passes to another one."""

from registrar.errors import ForgeRefused, RegistryGone


class Identity:
    """The number that a repository's name has led to since the process began; safe to use from several threads."""

    def __init__(self, repository: str) -> None:
        self._repository = repository
        self._known: str | None = None

    def checked(self, number: int) -> str:
        """The number that an answer names, kept if it is the first. Raises `ForgeRefused` when it is another one."""
        found = str(number)
        self._known = self._known or found
        refuse_another(self._repository, found, known=self._known)
        return found

    def in_use(self, number: int, *, archived: bool) -> str:
        """The same of a repository that can be written to. Raises `RegistryGone` when it is archived."""
        if archived:
            raise RegistryGone(
                f"{self._repository} is archived: nothing can be written there until its owner unarchives it"
            )
        return self.checked(number)


def refuse_another(repository: str, found: str, *, known: str) -> None:
    """Whoever may make repositories can take a name that was given up, with owners and rules of their own.

    Raises `ForgeRefused`, which is final: only a person can tell which of the two is meant.
    """
    if found != known:
        raise ForgeRefused(
            f"{repository} is another repository now (id {found}, it was {known}), and nothing in it is obeyed; write "
            f"the registry's new name into the settings, or if this one is meant, REGISTRAR_REPOSITORY_ID={found}"
        )
