"""Which texts a file may hold where a name, a path or a hash is meant, and what they are called."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from registry_schema import names


def refusal(expected: str, mend: str) -> PydanticCustomError:
    """An error that says what was expected and how to get there."""
    return PydanticCustomError("refused", "refused", {"expected": expected, "mend": mend})


@dataclass(frozen=True, slots=True)
class Text:
    """A kind of text: what it is called, its pattern as ECMAScript and Python both read it, its greatest length."""

    expected: str
    pattern: str
    mend: str
    longest: int = 200

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.checked)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.json_schema

    @property
    def json_schema(self) -> dict[str, Any]:
        """The same kind of text as editors understand it."""
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "maxLength": self.longest}

    def checked(self, value: object) -> str:
        """The value if it is such a text."""
        if not isinstance(value, str):
            raise refusal(self.expected, self.mend)
        if len(value) > self.longest:
            raise refusal(f"{self.expected} of at most {self.longest} characters", "shorten it")
        if not re.fullmatch(self.pattern, value):
            raise refusal(self.expected, self.mend)
        return value


_VERSION_MEND = "write all three parts of the version, without a leading v"

VERSION = Text("a version such as 2.1.0", names.VERSION_NAME, _VERSION_MEND, names.VERSION_NAME_LENGTH)
VersionName = Annotated[str, VERSION]
StatusName = Annotated[
    str,
    Text(
        "the name of a status, such as Production",
        names.STATUS_NAME,
        'begin with a letter, and use letters, digits, "-" and "_"; latest is taken',
        names.STATUS_NAME_LENGTH,
    ),
]
MetricName = Annotated[
    str, Text("the name of a metric", r"\S(?:[^\r\n]*\S)?", "write it on one line, without spaces around it", 100)
]
ModelGlob = Annotated[
    str,
    Text(
        "a pattern for names of models, such as risk/**",
        names.MODEL_GLOB,
        'use small letters, digits, ".", "_", "-", "/" and the wildcards *, ? and **',
        names.MODEL_NAME_LENGTH,
    ),
]
RepositoryName = Annotated[
    str,
    Text("a repository such as acme/digits-ui", names.REPOSITORY_NAME, "write owner/name, without a host"),
]
RefName = Annotated[str, Text("a branch or tag, such as main", names.REF_NAME, "write its name as git branch shows it")]
PipelineName = Annotated[
    str,
    Text(
        "the name of a pipeline, such as deploy.yml",
        names.FILE_PATH,
        "write the name of its file, without a folder that climbs out",
    ),
]
SecretName = Annotated[
    str,
    Text(
        "the name of a secret, such as REGISTRAR_SECRET_DIGITS_UI",
        names.SECRET_NAME,
        "name a variable that begins with REGISTRAR_SECRET_; its value belongs where the bot runs, never here",
    ),
]
FilePath = Annotated[
    str,
    Text(
        "the name of a file in this folder, such as model.joblib",
        names.FILE_PATH,
        "write a relative path with /, which does not climb out with ..",
    ),
]
ArtifactName = Annotated[
    str,
    Text("the name of an artifact, such as weights", "[A-Za-z0-9][A-Za-z0-9_-]*", 'use letters, digits, "-" and "_"'),
]
Hash = Annotated[
    str, Text("a hash such as md5:9e107d9d372bb6826bd81d3542a419d6", "md5:[0-9a-f]{32}", "copy it from the .dvc file")
]
CommitSha = Annotated[
    str,
    Text("a commit's full hash of 40 or 64 digits", "[0-9a-f]{40}(?:[0-9a-f]{24})?", "write what git rev-parse prints"),
]
Origin = Annotated[
    str,
    Text(
        "the address or name of a repository, without a user or password in it",
        r"(?!https?://[^/]*@)\S+",
        "take out what stands before the @",
        2000,
    ),
]
DatasetVersion = Annotated[
    str,
    Text("a dataset and its version, such as digits@1.0.0", names.DATASET_VERSION, "write name@version"),
]
Description = Annotated[str, Text("text that says something", r"[\s\S]*\S[\s\S]*", "describe it in a sentence", 10_000)]
PersonWord = Annotated[
    str,
    Text(
        "an account or team, such as @ana or @acme/oncall", names.PERSON_WORD, "write it as CODEOWNERS does, with its @"
    ),
]
Cron = Annotated[
    str,
    Text(
        "a cron expression, such as 0 18 * * 5",
        names.CRON,
        "write its five fields: minute, hour, day of the month, month, day of the week",
    ),
]
TimeZone = Annotated[
    str, Text("the name of a time zone, such as Europe/Berlin", names.TIME_ZONE, "write it as the IANA database does")
]

_MOMENT = (
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:[Zz]|[-+][0-9]{2}:[0-9]{2})"
)


def _moment(value: object) -> datetime:
    try:
        if isinstance(value, str) and re.fullmatch(_MOMENT, value):
            return datetime.fromisoformat(value.upper())
    except ValueError:
        pass
    raise refusal("a date and time with its offset, such as 2026-03-01T12:00:00+00:00", "write it in that form")


Moment = Annotated[
    datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_MOMENT}$"}),
]

_DURATION = "([1-9][0-9]{0,4})([mhd])"
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def _duration(value: object) -> timedelta:
    found = re.fullmatch(_DURATION, value) if isinstance(value, str) else None
    if found is None:
        raise refusal("a length of time, such as 72h", "write a number and m, h or d: 30m, 72h, 7d")
    return int(found[1]) * _UNITS[found[2]]


Duration = Annotated[
    timedelta,
    PlainValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$"}),
]
