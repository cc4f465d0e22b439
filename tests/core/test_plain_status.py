"""Claims about the plain spelling of a status.yaml: what is read in it is what the strict reader reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrar.core.lifecycle import Transition
from registrar.core.plain_status import Held, held_by, held_plainly, makes_room, moves
from registry_schema import InvalidFile, Registry, read_status

LINES = st.sampled_from(
    [
        "Production: 1.0.0",
        "Production:",
        "Archived:",
        "Staging: 2.0.0-rc.1+build.5",
        "Staging: 1.0.0",
        "on: 1.1.0",
        "Null: 1.1.0",
        "latest: 1.1.0",
        "Production: 1.0",
        "Production: 01.0.0",
        "  - 1.1.0",
        "  - 1.2.0",
        "- 1.3.0",
        "- 1.3.0-0x1e5",
        "   - 1.4.0",
        "# a word: to read",
        "",
        "Production: 1.0.0 # why",
        "QA: {version: 1.5.0, traffic: 10}",
        "QA: [1.6.0]",
        "\tQA: 1.7.0",
        "---",
        "Production: 1.9.0\r",
        f"{'S' * 51}: 1.8.0",
        f"QA: 1.0.0-{'a' * 100}",
    ]
)


def strictly(text: bytes) -> Held | None:
    try:
        return held_by(read_status(text, "status.yaml"))
    except InvalidFile:
        return None


@given(st.lists(LINES, max_size=8), st.booleans())
def test_what_is_read_plainly_is_what_the_strict_reader_reads(lines: list[str], ends: bool) -> None:  # noqa: FBT001 - drawn
    text = ("\n".join(lines) + "\n" * ends).encode()

    held = held_plainly(text)

    assert held is None or held == strictly(text)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param(b"", {}, id="nobody"),
        pytest.param(b"Production: 1.0.0\n", {"1.0.0": ("Production", None)}, id="one"),
        pytest.param(
            b"# who holds what: see docs\nProduction: 2.0.0\nArchived:\n  - 1.0.0\n  - 1.1.0-rc.1\nQA:\n",
            {"2.0.0": ("Production", None), "1.0.0": ("Archived", None), "1.1.0-rc.1": ("Archived", None)},
            id="several",
        ),
    ],
)
def test_what_nearly_all_write_is_plain(text: bytes, held: Held) -> None:
    assert held_plainly(text) == held == strictly(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"Production: 1.0.0\nStaging: 1.0.0\n", id="a version twice"),
        pytest.param(b"QA: 1.0.0\nQA: 1.1.0\n", id="a status twice"),
        pytest.param("Production: 1.0.0\n# für alle\n".encode(), id="not ASCII"),
        pytest.param(b"Production: 1.0.0\n" + b"# x\n" * 100_000, id="huge"),
        pytest.param(b"Production: 1.0.0-" + b"1" * 200_000 + b"!\n", id="made to keep a pattern busy"),
        pytest.param(b"off: 1.0.0\n", id="a truth for YAML"),
        pytest.param(b"Production: 1.0\n", id="what is no version"),
    ],
)
def test_what_is_not_plain_or_not_right_is_left_to_the_strict_reader(text: bytes) -> None:
    assert held_plainly(text) is None


def test_a_share_of_the_traffic_is_held_too() -> None:
    holdings = read_status(b"Production: [{version: 1.0.0, traffic: 90}, 1.1.0]\n", "status.yaml")

    assert held_by(holdings) == {"1.0.0": ("Production", 90), "1.1.0": ("Production", None)}


def test_what_was_asked_for_comes_before_what_it_displaced() -> None:
    before, after = {"1.0.0": ("Production", None)}, {"1.0.0": ("Archived", None), "1.1.0": ("Production", None)}

    found = moves("digits", before, after, rules=Registry())

    assert [str(move) for move in found] == [
        "digits 1.1.0: Development -> Production",
        "digits 1.0.0: Production -> Archived",
    ]
    assert [makes_room(move, found, Registry()) for move in found] == [False, True]


def test_a_rollback_is_what_was_asked_for() -> None:
    before = {"1.1.0": ("Production", None), "1.0.0": ("Archived", None)}
    after = {"1.0.0": ("Production", None), "1.1.0": ("Archived", None)}

    assert [move.version for move in moves("digits", before, after, rules=Registry())] == ["1.0.0", "1.1.0"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param({}, {}, [], id="nothing"),
        pytest.param({}, {"1.0.0": ("Development", None)}, [], id="what it had anyway is written down"),
        pytest.param({"1.0.0": ("QA", 10)}, {"1.0.0": ("QA", 20)}, [("QA", "QA", 10, 20)], id="its traffic"),
        pytest.param({"1.0.0": ("Gone", None)}, {}, [("Gone", "Development", None, None)], id="a status of the past"),
    ],
)
def test_only_what_differs_is_a_move(
    before: Held, after: Held, told: list[tuple[str, str, int | None, int | None]]
) -> None:
    found = moves("digits", before, after, rules=Registry())

    assert [(move.before, move.after, move.traffic_before, move.traffic_after) for move in found] == told


def test_a_status_that_the_rules_do_not_know_displaces_nobody() -> None:
    found = [Transition("digits", "1.0.0", "Gone", "QA"), Transition("digits", "1.1.0", "QA", "Gone")]

    assert [makes_room(move, found, Registry()) for move in found] == [False, False]


def test_what_was_displaced_comes_last_and_the_others_by_their_versions() -> None:
    before: Held = {"1.2.0": ("Production", None)}
    after: Held = {"1.10.0": ("Production", None), "1.9.0": ("Staging", None), "1.2.0": ("Archived", None)}

    found = moves("digits", before, after, rules=Registry())

    assert [move.version for move in found] == ["1.9.0", "1.10.0", "1.2.0"]
