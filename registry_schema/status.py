"""Who holds which status: the one file that a promotion touches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any

from pydantic import Field, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import core_schema

from registry_schema.complaints import Complaint
from registry_schema.document import Document, KeyPath
from registry_schema.shape import STRICT, Shape
from registry_schema.texts import VERSION, StatusName, VersionName

_FULL_TRAFFIC = 100


@dataclass(frozen=True, slots=True)
class Holder:
    """A version that holds a status, and its share of the traffic if it is shared."""

    version: Annotated[VersionName, Field(description="The version.")]
    traffic: Annotated[
        int | None, Field(description="Its share of the traffic in percent.", ge=1, le=_FULL_TRAFFIC)
    ] = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """The content of a status.yaml, in its order; a version named nowhere has the initial status."""

    statuses: Mapping[str, tuple[Holder, ...]] = field(default_factory=dict)

    def status_of(self, version: str) -> str | None:
        """The status that names the version; None when none does."""
        return next((status for status in self.statuses if version in self.holders_of(status)), None)

    def holders_of(self, status: str) -> tuple[str, ...]:
        """The versions that hold the status, in the file's order; none when the file does not name it."""
        return tuple(holder.version for holder in self.statuses.get(status, ()))


def read_status(text: bytes, path: str) -> Holdings:
    """The holdings that a status.yaml states; InvalidFile with every problem of the file."""
    return Holdings(shape().read(text, path))


def _spelled_out(statuses: dict[str, object]) -> object:
    """The one form that all the short ones stand for: a list of mappings under each status."""
    return {status: [_holder(holder) for holder in _listed(holders)] for status, holders in statuses.items()}


def _listed(holders: object) -> list[object]:
    if holders is None:
        return []
    return holders if isinstance(holders, list) else [holders]


def _holder(holder: object) -> object:
    return holder if isinstance(holder, dict) else {"version": holder}


class _AnyForm:
    """Publishes the short forms, too."""

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        one = [VERSION.json_schema, handler(schema)["items"]]
        return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}}, {"type": "null"}]}


@cache
def shape() -> Shape[Mapping[str, tuple[Holder, ...]]]:
    """What a status.yaml must look like."""
    described = Field(title="Holdings", description="Which versions of a model hold which status.")
    adapter: TypeAdapter[Mapping[str, tuple[Holder, ...]]] = TypeAdapter(
        Annotated[Mapping[StatusName, Annotated[tuple[Holder, ...], _AnyForm()]], described], config=STRICT
    )
    return Shape(adapter, checks=[_twice, _traffic], may_be_empty=True, may_be_null=[("*",)], spelled_out=_spelled_out)


def _named(document: Document) -> Iterator[tuple[KeyPath, str]]:
    """Every version that is written down, in any of the ways it can be."""
    for pattern in (("*",), ("*", "*"), ("*", "*", "version")):
        for keys, value in document.find(*pattern):
            is_share = len(keys) == 2 and keys[1] == "traffic"  # noqa: PLR2004 - status, then its key
            if isinstance(value, str) and not is_share:
                yield keys, value


def _twice(document: Document) -> Iterator[Complaint]:
    first: dict[str, KeyPath] = {}
    for keys, version in sorted(_named(document), key=lambda named: document.line(named[0])):
        if version in first:
            here, there = keys[0], first[version][0]
            message = f"{version} is under {there} already" if here != there else f"{version} is named twice"
            yield Complaint(keys, f"{message} (line {document.line(first[version])})", "keep one of the two")
        first.setdefault(version, keys)


def _traffic(document: Document) -> Iterator[Complaint]:
    totals: dict[str | int, int] = {}
    for keys, share in document.find("*", "*", "traffic"):
        if isinstance(share, int):
            totals[keys[0]] = totals.get(keys[0], 0) + share
    for status, total in totals.items():
        if total > _FULL_TRAFFIC:
            yield Complaint((status,), f"the traffic of {status} adds up to {total} %", "let it be 100 % at most")
