"""Nothing that the bot was given in confidence is found anywhere that it writes to, whatever goes wrong."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from harness.deeds import Crowd
from harness.served import PATIENCE, Served, listen_to
from registrar.sandbox.faults import Answered, Spot
from stories.places import REGISTRY
from stories.registries import RULES, a_registry
from stories.side import Side
from stories.town import SECRET, Town, peopled
from waiting import until

TELLING = RULES + "notices:\n  - {events: [rejected], channel: REGISTRAR_SECRET_CHAT}\n"
NEXT_SECRET = "the-next-secret/+of-the-webhooks"
CHAT_PASSWORD = "pa55-of-the-chat"
CONFIDENTIAL = {
    "REGISTRAR_WEBHOOK_SECRET": f"{SECRET},{NEXT_SECRET}",
    "REGISTRAR_METRICS_TOKEN": "token-for-prometheus/+=",
    "REGISTRAR_SECRET_CHAT": f"json://registrar:{CHAT_PASSWORD}@127.0.0.1:1/a-room",  # nobody listens there
    "REGISTRAR_SECRET_TRIGGER": "glptt-0123456789abcdef",
}


def forms(secret: str) -> Iterator[bytes]:
    """A secret as it is, in JSON, in an address, and in the header of git."""
    yield secret.encode()
    yield json.dumps(secret)[1:-1].encode()
    yield quote(secret, safe="").encode()
    for user in ("x-access-token", "oauth2", "registrar-bot"):
        yield base64.b64encode(f"{user}:{secret}".encode())


def left_behind(town: Town, bot: Served) -> Iterator[tuple[str, bytes]]:
    """Everything that the bot wrote anywhere, by its place."""
    yield "the log", bot.said.encode()
    for file in (town.root / "bot").rglob("*"):
        if file.is_file():
            yield str(file.relative_to(town.root)), file.read_bytes()
    repository = town.sandbox.store.repository(REGISTRY)
    for request in repository.pull_requests:
        said = [request.title, request.body, *(comment.body for comment in request.comments)]
        statuses = [each.description for each in repository.newest_statuses(request.head_sha)]
        yield f"pull request {request.number}", "\n".join([*said, *statuses]).encode()


def troubled_life(town: Town, bot: Served) -> None:
    """A request is made and rejected, the forge goes wrong, and takes the token no longer."""
    token = town.tokens["registrar-bot"]
    crowd = Crowd(town, bot.revive)
    echo = json.dumps({"message": f"cannot use {token}", "error": f"Basic x:{token}"}).encode()
    struck = town.faults.begin(Spot(by="registrar-bot", is_write=True), Answered(acts=False, status=500, body=echo))
    crowd.wish(by="mei")
    crowd.wait(lambda: struck.struck, "the forge did not go wrong")
    town.faults.end()
    number = crowd.wait(lambda: request_of_the_bot(town), "nobody opened a pull request")
    request = town.sandbox.store.repository(REGISTRY).pull_request(number)
    crowd.wait(lambda: request.comments, "nobody looked at it")
    town.side.request_changes("ana", number)
    crowd.wait(lambda: "REGISTRAR_SECRET_CHAT" in bot.said, "nobody was told in vain")
    town.sandbox.end_token("registrar-bot")
    town.commit({"notes.txt": "once more\n"}, by="mei", branch="place-mei")
    crowd.wait(lambda: "work is paused" in bot.said, "the token still works")


def request_of_the_bot(town: Town) -> int:
    """Its number; 0 while there is none."""
    requests = town.sandbox.store.repository(REGISTRY).pull_requests
    return next((each.number for each in requests if each.author.login == "registrar-bot"), 0)


@pytest.mark.fault(85)
def test_no_secret_is_left_anywhere(tmp_path: Path, side: type[Side]) -> None:
    settings = {**CONFIDENTIAL, "REGISTRAR_LOG_LEVEL": "debug"}
    with peopled(tmp_path, side, a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, rules=TELLING)) as town:
        secrets = [SECRET, NEXT_SECRET, CHAT_PASSWORD, *CONFIDENTIAL.values(), town.tokens["registrar-bot"]]
        bot = Served(town, town.root / "bot", settings)
        bot.start()
        try:
            until(lambda: bot.answers, patience=PATIENCE)
            listen_to(town, bot)
            troubled_life(town, bot)
            bot.stop()
        finally:
            bot.kill()
        places = list(left_behind(town, bot))

    leaks = [(place, secret) for place, text in places for secret in secrets for form in forms(secret) if form in text]
    assert leaks == []
    assert {place.split()[0] for place, _ in places} >= {"the", "bot/inbox.sqlite", "bot/work.sqlite", "pull"}
    assert '"level": "error"' in bot.said
