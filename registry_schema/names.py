"""How models, versions, statuses and files in the tree may be called."""

import re
from fnmatch import fnmatchcase

_SEGMENT = "[a-z0-9](?:[a-z0-9._-]*[a-z0-9_-])?"
_NO_ODD_SEGMENT = r"(?!.*\.\.)(?!(?:.*/)?versions(?:/|@|$))(?!.*\.lock(?:/|@|$))"
MODEL_NAME = rf"{_NO_ODD_SEGMENT}{_SEGMENT}(?:/{_SEGMENT})*"
MODEL_NAME_LENGTH = 200
MODEL_GLOB = r"(?!.*\.\.)[a-z0-9._*?-]+(?:/[a-z0-9._*?-]+)*"

_NUMBER = "(?:0|[1-9][0-9]*)"
_PRERELEASE = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
_BUILD = "[0-9a-zA-Z-]+"
VERSION_NAME = rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_PRERELEASE}(?:\.{_PRERELEASE})*)?(?:\+{_BUILD}(?:\.{_BUILD})*)?"
VERSION_NAME_LENGTH = 100

STATUS_NAME = "(?![Ll][Aa][Tt][Ee][Ss][Tt]$)[A-Za-z][A-Za-z0-9_-]*"
STATUS_NAME_LENGTH = 50

_NOT_DOTS = r"(?!\.{1,2}(?:/|$))"
REPOSITORY_NAME = rf"{_NOT_DOTS}[A-Za-z0-9_.-]+(?:/{_NOT_DOTS}[A-Za-z0-9_.-]+)+"
REF_NAME = r"(?!.*(?:\.\.|//|/\.|\.lock(?:/|$)))[A-Za-z0-9_](?:[A-Za-z0-9._/+-]*[A-Za-z0-9_+-])?"
_FILE_SEGMENT = r"(?!\.{1,2}(?:/|$))(?!\.[Gg][Ii][Tt](?:/|$))[^/\\:\s](?:[^/\\:\r\n\t]*[^/\\:\s])?"
FILE_PATH = rf"{_FILE_SEGMENT}(?:/{_FILE_SEGMENT})*"
SECRET_NAME = "REGISTRAR_SECRET_[A-Z0-9_]*[A-Z0-9]"  # noqa: S105 - a pattern, and no secret
_ACCOUNT = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?"
PERSON_WORD = rf"@@?{_ACCOUNT}(?:/{_ACCOUNT})*"
_CRON_FIELD = "(?:[0-9*,/#L-]|[A-Za-z]{3})+"  # no word that means something else each time, such as R
CRON = rf"{_CRON_FIELD}(?: +{_CRON_FIELD}){{4}}"
TIME_ZONE = "(?!localtime$)[A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*"  # not that of the machine
DATASET_VERSION = rf"{MODEL_NAME}@{VERSION_NAME}"


def is_model_name(text: str) -> bool:
    """Whether a model can be called this: segments of small letters, digits, ".", "_", "-", joined by "/"."""
    return len(text) <= MODEL_NAME_LENGTH and re.fullmatch(MODEL_NAME, text) is not None


def is_version_name(text: str) -> bool:
    """Whether this is a version by Semantic Versioning 2.0.0, without a leading "v"."""
    return len(text) <= VERSION_NAME_LENGTH and re.fullmatch(VERSION_NAME, text) is not None


def matches(glob: str, model: str) -> bool:
    """Whether a pattern means a model: * and ? stay within a segment, ** is any number of segments."""
    segments = model.split("/")
    reached = {0}
    for part in glob.split("/"):
        if part == "**":
            reached = set(range(min(reached, default=len(segments) + 1), len(segments) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(segments) and fnmatchcase(segments[at], part)}
    return len(segments) in reached
