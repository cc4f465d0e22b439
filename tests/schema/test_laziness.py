import subprocess
import sys

import pytest

import registry_schema


def test_nothing_is_paid_for_before_it_is_used() -> None:
    program = (
        "import sys, registry_schema.problems, registry_schema.names; print({'pydantic', 'yaml'} & set(sys.modules))"
    )

    assert (
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "set()\n"
    )


def test_every_public_name_is_there() -> None:
    assert [name for name in registry_schema.__all__ if not hasattr(registry_schema, name)] == []


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Surprise'"):
        _ = registry_schema.Surprise
