"""Files that are made to be slow to read; away from `tests/schema`, where a tracer of lines triples what they cost."""

import time

import pytest

from schema.reading import problems_of


@pytest.mark.parametrize("kind", ["registry", "status", "version"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"[" * 60_000, id="deep"),
        pytest.param(b"x: " + b"1_" * 500_000, id="a long number"),
        pytest.param(b"parameters:\n" + b"".join(b" m%d: [1]\n" % i for i in range(33_000)), id="many faults"),
        pytest.param(
            b"statuses:\n" + b"".join(b" S%d: {promotes_from: [T%d]}\n" % (i, i) for i in range(19_000)),
            id="many near names",
        ),
        pytest.param(
            b"deploys:\n" + b"".join(b"- {status: Prd%d}\n" % i for i in range(30_000)), id="many unknown names"
        ),
        pytest.param(b"".join(b"S%d: %d.0.0\n" % (i, i) for i in range(49_000)), id="many statuses"),
        pytest.param(b"description: '" + b" " * 1_000_000 + b"'", id="a long blank"),
        pytest.param(b"? " * 500_000, id="keys in keys"),
    ],
)
def test_a_hostile_file_costs_seconds_at_most(kind: str, text: bytes) -> None:
    began = time.process_time()

    problems_of(kind, text)

    assert time.process_time() - began < 10
