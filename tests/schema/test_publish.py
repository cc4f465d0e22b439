import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from registry_schema import publish
from schema.reading import EXAMPLES, problems_of

KINDS = publish.FILES


def schema_of(kind: str) -> dict[str, Any]:
    text = files("registry_schema").joinpath("schemas", f"{kind}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def accepts(kind: str, tree: object) -> bool:
    return jsonschema.Draft202012Validator(schema_of(kind)).is_valid(tree)


def example(kind: str) -> Any:
    """A right file as an editor reads it: a date is text, and 1e-3 is a number."""
    tree = yaml.safe_load(EXAMPLES[kind].replace("1e-3", "1.0e-3"))
    return json.loads(json.dumps(tree, default=lambda moment: moment.isoformat()))


def changed(kind: str, keys: Sequence[str | int], value: object) -> Any:
    """A right file in which one key has another value."""
    tree = node = example(kind)
    for key in keys[:-1]:
        node = node[key]
    node[keys[-1]] = value
    return tree


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_published_is_what_is_read(kind: str) -> None:
    published = (publish.SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8")

    assert published == publish.text_of(kind), "write it anew: python -m registry_schema.publish"


def test_publishing_writes_every_schema(tmp_path: Path) -> None:
    publish.main(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{kind}.schema.json" for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_a_schema(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))

    assert schema_of(kind)["$id"] == f"urn:model-registrar:schema:1:{kind}"
    assert schema_of(kind)["title"]
    assert schema_of(kind)["description"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described(kind: str) -> None:
    schema = schema_of(kind)
    shapes = [schema, *schema.get("$defs", {}).values()]

    assert [
        name for shape in shapes for name, key in shape.get("properties", {}).items() if not key.get("description")
    ] == []


@pytest.mark.parametrize("kind", KINDS)
def test_editors_accept_what_the_reader_accepts(kind: str) -> None:
    assert accepts(kind, example(kind))


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("registry", ()),
        ("registry", ("statuses", "Production")),
        ("registry", ("statuses", "Production", "approvals")),
        ("registry", ("statuses", "Staging", "gates", 0)),
        ("registry", ("deploys", 0)),
        ("model", ()),
        ("model", ("metrics", "accuracy")),
        ("status", ("Production", 0)),
        ("status", ("Staging",)),
        ("version", ()),
        ("version", ("source",)),
        ("version", ("artifacts", "weights")),
        ("dataset", ()),
        ("dataset", ("artifacts", "digits")),
    ],
)
def test_editors_and_reader_reject_an_unknown_key(kind: str, keys: tuple[str | int, ...]) -> None:
    tree = changed(kind, (*keys, "surprise"), 1)

    assert not accepts(kind, tree)
    assert "surprise is not known" in problems_of(kind, yaml.safe_dump(tree))[0].message


@pytest.mark.parametrize(
    ("kind", "keys", "value"),
    [
        ("registry", ("schema",), 2),
        ("registry", ("statuses",), {}),
        ("registry", ("statuses", "a b"), {}),
        ("registry", ("statuses", "Production", "approvals"), None),
        ("registry", ("statuses", "Production", "approvals", "count"), 0),
        ("registry", ("statuses", "Production", "displaced_to"), None),
        ("registry", ("deploys", 0, "repository"), "../x"),
        ("model", ("description",), " "),
        ("model", ("metrics", "accuracy", "direction"), "up"),
        ("status", ("QA",), 1.1),
        ("status", ("QA",), "v1.0.0"),
        ("status", ("a b",), "1.0.0"),
        ("status", ("Production", 0, "traffic"), 101),
        ("version", ("created",), "2026-03-01"),
        ("version", ("dataset",), "digits"),
        ("version", ("metrics", "accuracy"), "high"),
        ("version", ("parameters", "layers"), [3]),
        ("version", ("artifacts", "weights", "path"), "../x"),
        ("dataset", ("rows",), -1),
    ],
)
def test_editors_and_reader_reject_a_wrong_value(kind: str, keys: tuple[str | int, ...], value: object) -> None:
    tree = changed(kind, keys, value)

    assert not accepts(kind, tree)
    assert problems_of(kind, yaml.safe_dump(tree))
