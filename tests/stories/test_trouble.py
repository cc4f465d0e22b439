"""A forge that lets the bot in no more: nothing is approved meanwhile, and nothing is lost."""

from stories.test_commands import asked
from stories.test_sweep import sweep
from stories.town import Town


def expire(town: Town, login: str = "registrar-bot") -> str:
    """The token of an account opens nothing any more; it is returned."""
    account = town.sandbox.store.account(login)
    token, account.token = account.token, f"{account.token}-new"
    return token


def test_a_bot_whose_token_has_expired_says_nothing(town: Town) -> None:
    number = asked(town)
    expire(town)

    town.side.approve("ana", number)
    town.settle()

    assert town.status(number) == ("pending", "waiting for ana or raj")
    assert town.merge(number) is None
    assert any("token" in str(refusal) for refusal in town.engine.refusals)


def test_what_happened_while_the_token_had_expired_is_seen_with_a_new_one(town: Town) -> None:
    number = asked(town)
    token = expire(town)
    town.approve(number, by="ana")
    town.sandbox.store.account("registrar-bot").token = token

    town.restart_bot(keeping=town.engine.later)
    sweep(town)

    assert town.status(number)[0] == "success"
