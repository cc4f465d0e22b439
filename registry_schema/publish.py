"""The published JSON Schemas: what an editor needs to complete and check a registry's files.

Written anew by `python -m registry_schema.publish`.
"""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parent / "schemas"
FILES = ("registry", "model", "status", "version", "dataset")


def published(file: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file."""
    shape = import_module(f"registry_schema.{file}").shape()
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:model-registrar:schema:1:{file}",
    }
    tidy: dict[str, Any] = _tidy(shape.adapter.json_schema())
    return head | tidy


def text_of(file: str) -> str:
    """The published file, byte for byte."""
    return json.dumps(published(file), indent=2, ensure_ascii=False) + "\n"


def main(folder: Path = SCHEMAS) -> None:
    """Write every schema."""
    for file in FILES:
        (folder / f"{file}.schema.json").write_text(text_of(file), encoding="utf-8")


def _tidy(node: Any) -> Any:
    """As the reader has it: no key with nothing after it, no name outside its pattern, no titles that say nothing."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items()}
    if "properties" in tidy:
        tidy["properties"] = {name: _property(below) for name, below in tidy["properties"].items()}
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy


def _property(node: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        key: value for key, value in node.items() if key not in ("title", "anyOf") and (key, value) != ("default", None)
    }
    alternatives = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
    return kept | (dict(alternatives[0]) if len(alternatives) == 1 else {"anyOf": alternatives} if alternatives else {})


if __name__ == "__main__":  # pragma: no cover - the tests call main
    main()
