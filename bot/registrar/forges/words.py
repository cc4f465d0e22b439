"""How a forge names things to a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForgeWords:
    """The words of one forge."""

    noun: str  # `merge request`
    sign: str  # before its number

    def pull_request(self, number: int) -> str:
        """As the forge links it: `!7`."""
        return f"{self.sign}{number}"
