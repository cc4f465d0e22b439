"""Knows where the examples are, and what is the same in several of them."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
APPLICATION = EXAMPLES / "application"
TRAINER = EXAMPLES / "trainer"


def texts_of(example: Path) -> dict[str, str]:
    """Every file that a user would copy, by its path there."""
    files = (path for path in sorted(example.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(example)): path.read_text() for path in files}
