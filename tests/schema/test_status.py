import pytest

from registry_schema import Holder, Holdings, read_status
from schema.reading import EXAMPLES, told

MEND = "write all three parts of the version, without a leading v"
HOLDINGS = read_status(EXAMPLES["status"].encode(), "status.yaml")


def test_every_form_of_a_holder_is_read_in_the_order_of_the_file() -> None:
    assert list(HOLDINGS.statuses.items()) == [
        ("Production", (Holder("2.0.0", 90), Holder("2.1.0", 10))),
        ("Staging", (Holder("2.2.0"),)),
        ("QA", (Holder("2.3.0"),)),
        ("Development", (Holder("3.0.0-rc.1"), Holder("3.0.0-rc.2"))),
        ("Archived", ()),
    ]


def test_a_version_has_the_status_that_names_it() -> None:
    assert HOLDINGS.status_of("2.1.0") == "Production"


def test_a_version_named_nowhere_has_no_status_here() -> None:
    assert HOLDINGS.status_of("9.0.0") is None


def test_a_status_is_held_by_its_versions() -> None:
    assert HOLDINGS.holders_of("Production") == ("2.0.0", "2.1.0")


def test_a_status_named_nowhere_is_held_by_none() -> None:
    assert HOLDINGS.holders_of("Canary") == ()


def test_no_file_means_no_holders() -> None:
    assert read_status(b"", "status.yaml") == Holdings()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "QA: 1.10",
            'QA must be a version such as 2.1.0, not 1.10, which YAML reads as a number; put it in quotes: "1.10", '
            f"and {MEND}",
            id="a number",
        ),
        pytest.param(
            "QA: [true]",
            "QA[0] must be a version such as 2.1.0, not true, which YAML reads as true or false; "
            'put it in quotes: "true", '
            f"and {MEND}",
            id="a truth",
        ),
        pytest.param(
            "QA: 2026-03-01",
            f'QA must be a version such as 2.1.0, not "2026-03-01"; {MEND}',
            id="a date",
        ),
        pytest.param(
            "QA: {version: v2.1.0}",
            f'QA.version must be a version such as 2.1.0, not "v2.1.0"; {MEND}',
            id="a leading v",
        ),
        pytest.param("QA: {traffic: 5}", "QA.version is missing; add it", id="no version"),
        pytest.param("QA: [{traffic: 5}]", "QA[0].version is missing; add it", id="no version in a list"),
        pytest.param("QA: [~]", "QA[0] has no value; give it one, or leave it out", id="nothing in a list"),
        pytest.param(
            "QA: {version: 1.0.0, traffic: 101}",
            "QA.traffic must be 100 or less, not 101; write 100 or less",
            id="more than all",
        ),
        pytest.param(
            "QA: {version: 1.0.0, traffic: 10%}",
            'QA.traffic must be a whole number, not "10%"; write a whole number, such as 3',
            id="per cent",
        ),
        pytest.param(
            "QA: [[1.0.0]]",
            f"QA[0] must be a version such as 2.1.0, not a list; {MEND}",
            id="list in a list",
        ),
        pytest.param(
            "QA: [1.0.0, {version: 1.0.0}]", "1.0.0 is named twice (line 1); keep one of the two", id="named twice"
        ),
        pytest.param(
            "a b: 1.0.0",
            "the key a b must be the name of a status, such as Production; "
            'begin with a letter, and use letters, digits, "-" and "_"; latest is taken',
            id="no name of a status",
        ),
        pytest.param(
            "QA: [{version: 1.0.0, traffic: 60}, {version: 1.0.1, traffic: 60}, {version: 1.0.2, traffic: all}]",
            "the traffic of QA adds up to 120 %; let it be 100 % at most",
            id="more than all traffic",
        ),
    ],
)
def test_a_fault_reads_as(text: str, problem: str) -> None:
    assert f":1: {problem}" in told("status", text)


def test_a_version_holds_one_status() -> None:
    assert told("status", "QA:\n  - 1.0.0\nStaging: {version: 1.0.0, traffic: 5}\n") == [
        ":3: 1.0.0 is under QA already (line 2); keep one of the two"
    ]
