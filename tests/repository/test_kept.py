"""Claims about what was read before: there is never more of it than was meant."""

from registrar.repository.kept import Kept


def test_what_was_used_longest_ago_is_let_go() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.keep("one", 1)
    kept.keep("two", 2)
    kept.find("one")

    kept.keep("three", 3)

    assert (kept.find("one"), kept.find("two"), kept.find("three")) == (1, None, 3)


def test_a_value_counts_for_what_it_holds() -> None:
    kept: Kept[str, str] = Kept(10, weigh=len)
    kept.keep("one", "1234")
    kept.keep("two", "1234")
    kept.keep("two", "12345")

    kept.keep("three", "12")

    assert (kept.find("one"), kept.find("two"), kept.find("three")) == (None, "12345", "12")


def test_the_value_asked_for_is_kept_however_large() -> None:
    kept: Kept[str, str] = Kept(2, weigh=len)
    kept.keep("one", "1")

    assert kept.get("two", lambda: "12345") == "12345"
    assert (kept.find("one"), kept.find("two")) == (None, "12345")
