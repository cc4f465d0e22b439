"""How a forge names things to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ForgeWords:
    """The words of one forge."""

    noun: str  # `merge request`
    sign: str  # before its number

    def pull_request(self, number: int) -> str:
        """As the forge links it: `!7`."""
        return f"{self.sign}{number}"


GITHUB: Final = ForgeWords("pull request", "#")
GITLAB: Final = ForgeWords("merge request", "!")
FORGE_WORDS: Final[Mapping[str, ForgeWords]] = {"github": GITHUB, "gitlab": GITLAB}
