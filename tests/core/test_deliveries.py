"""What a webhook could not deliver is sent again: once, and only what no sweep finds."""

import pytest

from registrar.core.deliveries import MOST_ATTEMPTS, Delivery, Telling, after, leads_here, to_send_again

DOOR = "/webhooks/github"


def an_attempt(number: int, name: str, status: int = 202, *, is_found: bool = False) -> Delivery:
    return Delivery(number, name, status, is_found)


def told(*attempts: Delivery) -> Telling:
    """What is known after one look; the oldest is written first."""
    return after(Telling(), attempts[::-1])


def again(telling: Telling, *, at_most: int = 9) -> list[int]:
    return [each.id for each in to_send_again(telling, at_most=at_most)]


@pytest.mark.parametrize(
    ("url", "public_url", "leads"),
    [
        pytest.param("https://bot.example.org/webhooks/github", None, True, id="some bot's"),
        pytest.param("https://bot.example.org/webhooks/github/?x=1", None, True, id="with a query"),
        pytest.param("https://chat.example.org/hook", None, False, id="a chat's"),
        pytest.param("https://bot.example.org/webhooks/github", "https://bot.example.org", True, id="this one's"),
        pytest.param("https://old.example.org/webhooks/github", "https://bot.example.org", False, id="another bot's"),
    ],
)
def test_a_webhook_is_known_by_where_it_leads(url: str, public_url: str | None, *, leads: bool) -> None:
    assert leads_here(url, door=DOOR, public_url=public_url) is leads


def test_what_did_not_arrive_is_sent_again_oldest_first_and_a_few_at_once() -> None:
    telling = told(*(an_attempt(number, f"a{number}", 502) for number in (1, 2, 3)), an_attempt(4, "a4"))

    assert (again(telling), again(telling, at_most=2)) == ([1, 2, 3], [1, 2])


def test_what_a_sweep_finds_is_not_sent_again() -> None:
    assert again(told(an_attempt(1, "push", 502, is_found=True), an_attempt(2, "b"))) == []


def test_what_arrived_in_the_end_or_at_first_is_not_sent_again() -> None:
    telling = told(
        an_attempt(1, "late", 502),
        an_attempt(2, "late"),
        an_attempt(3, "early"),
        an_attempt(4, "early", 502),
        an_attempt(5, "last"),
    )

    assert again(telling) == []


def test_while_nothing_arrives_only_the_newest_is_tried() -> None:
    telling = told(an_attempt(1, "a"), an_attempt(2, "b", 0), an_attempt(3, "c", 0))

    assert again(telling) == [3]


def test_what_nobody_answered_is_tried_again_and_what_was_refused_twice_is_not() -> None:
    telling = told(
        an_attempt(1, "hung", 0),
        an_attempt(2, "refused", 401),
        an_attempt(3, "hung", 0),
        an_attempt(4, "refused", 401),
        an_attempt(5, "new", 401),
        an_attempt(6, "other"),
    )

    assert again(telling) == [3, 5]


def test_what_nobody_answers_for_hours_is_given_up() -> None:
    attempts = [an_attempt(number, "hung", 0) for number in range(MOST_ATTEMPTS)]

    telling = told(*attempts, an_attempt(99, "other"))

    assert again(told(*attempts[:-1], an_attempt(99, "other"))) == [MOST_ATTEMPTS - 2]
    assert (again(telling), telling.lost["hung"].is_given_up) == ([], True)


def test_a_later_look_adds_to_what_is_known() -> None:
    first = told(an_attempt(1, "a", 502), an_attempt(2, "b", 401))

    second = after(first, [an_attempt(4, "b", 401), an_attempt(3, "a")])

    assert (again(first), again(second), second.newest) == ([2], [], 4)
    assert after(second, []) == second
