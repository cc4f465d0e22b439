"""Knows which paths the rules of a registry depend on, and why."""

from registrar.core.codeowners import places
from registrar.core.layout import (
    DATASETS,
    DVC_CONFIG,
    MODEL_FILE,
    MODELS,
    REGISTRY,
    STATUS_FILE,
    dataset_of_path,
    version_of_path,
)

SIGNERS = "allowed_signers"  # whose signatures the ledger may carry, in the format of ssh-keygen
DVC_LOCAL = f"{DVC_CONFIG}.local"  # DVC lets it overrule the other, also where somebody has committed it
RULES = frozenset({REGISTRY, DVC_CONFIG, DVC_LOCAL, SIGNERS, *places.GITHUB, *places.GITLAB})
# Each a file, or a folder with all below it.
JOBS = (".github/actions", ".github/workflows", ".gitlab-ci.yml", ".gitlab/ci")
_BELOW_JOBS = tuple(f"{path}/" for path in JOBS)
_FOLDED_RULES = frozenset(path.casefold() for path in RULES)
_FOLDED_TOP = frozenset({MODELS, DATASETS, *(path for path in _FOLDED_RULES if "/" not in path)})
_FOLDERS = frozenset({MODELS, DATASETS, *(path.rpartition("/")[0] for path in RULES if "/" in path)})


def is_rules(path: str) -> bool:
    """Whether the file decides what is allowed, who approves, who signs, or where weights come from."""
    return path in RULES


def is_job(path: str) -> bool:
    """Whether the file says what the registry's own jobs run, also where a runner takes capital letters for small ones.

    Without a server, they have the bot's token.
    """
    folded = path.casefold()
    return folded in JOBS or folded.startswith(_BELOW_JOBS)


def is_guarded(path: str) -> bool:
    """Whether nobody may change the file without an approval: who holds what, the rules, the jobs."""
    return is_status(path) or is_rules(path) or is_job(path)


def is_status(path: str) -> bool:
    """Whether the file says who holds which status; true also where no model can stand, so that none is overlooked."""
    return _is_of_a_model(path, STATUS_FILE)


def describes_model(path: str) -> bool:
    """Whether the file is what makes its folder a model."""
    return _is_of_a_model(path, MODEL_FILE)


def release_of(path: str) -> str | None:
    """`digits 2.1.0` for a file that belongs to a version or to a dataset's; None for any other."""
    found = version_of_path(path) or dataset_of_path(path)
    return " ".join(found) if found else None


def is_of_registry(path: str) -> bool:
    """Whether Registrar itself reads the file, or would on a machine to which capital letters are small ones."""
    folded = path.casefold()
    return folded.startswith((f"{MODELS}/", f"{DATASETS}/")) or folded in _FOLDED_RULES


def is_looked_after(path: str) -> bool:
    """Whether a change of the file is judged."""
    return is_of_registry(path) or is_job(path)


def is_twin_of_registry(name: str) -> bool:
    """Whether a name at the top is one of the registry's but for its letters' case."""
    return name.casefold() in _FOLDED_TOP


def holds_registry(path: str) -> bool:
    """Whether what stands here must be a folder, or else nothing below it is what it seems."""
    return path in _FOLDERS


def _is_of_a_model(path: str, file: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name == file and folder.startswith(f"{MODELS}/") and version_of_path(path) is None
