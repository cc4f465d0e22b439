"""What docs/registry.md shows as a registry.yaml is one."""

import re
from pathlib import Path

from registry_schema import read_registry
from registry_schema.registry import shape

PAGE = (Path(__file__).parents[1] / "docs/registry.md").read_text(encoding="utf-8")


def test_the_policy_that_is_shown_can_be_taken_as_it_is() -> None:
    (shown,) = re.findall(r"## Policy\n\n```yaml\n(.*?)```", PAGE, re.DOTALL)

    registry = read_registry(shown.encode(), "registry.yaml")

    assert (len(registry.freezes), registry.break_glass is not None, len(registry.notices)) == (2, True, 1)


def test_every_key_of_the_rules_has_its_line() -> None:
    schema = shape().adapter.json_schema()
    status = schema["$defs"]["Status"]["properties"]
    keys = [*schema["properties"], *(f"statuses.<name>.{key}" for key in status)]

    assert [key for key in keys if f"| `{key}" not in PAGE] == []
