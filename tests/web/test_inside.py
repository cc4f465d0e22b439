"""What the process tells of itself: that it is up, whether to send it anything, and its numbers to whom it knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from loopback import PLAIN
from registrar.core.events import PullRequestChanged
from registrar.database.connecting import address_of, connected
from registrar.database.effects import KeptEffects
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.database.replicas import Replicas
from registrar.database.sights import Sights
from registrar.database.tables import INBOX
from registrar.observing.numbers import Numbers
from registrar.web.app import Inside, create_app
from registrar.web.keyring import Keyring
from registrar.web.metrics import exposition
from registrar.web.readiness import BELIEVED_FOR, Readiness, inbox_of
from registrar.web.webhooks import at_once
from web.doors import NOW, Listening, a_door, reached

TOKEN = "for-prometheus"
SEVEN = PullRequestChanged("acme/registry", 7)


class Process:
    """A bot whose insides can be asked for."""

    def __init__(self, database: sa.Engine, url: str = "") -> None:
        self.database = database
        self.url = url
        self.numbers = Numbers()
        self.time = 0.0
        self.readiness = Readiness(inbox_of(database), clock=lambda: self.time)

    def get(self, path: str, *, token: str = TOKEN) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=20, verify=PLAIN)

    def numbers_told(self) -> dict[str, float]:
        """Each by its name, with its labels as Prometheus writes them."""
        told = {}
        for family in text_string_to_metric_families(self.get("/metrics").text):
            for sample in family.samples:
                labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
                told[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
        return told


@contextmanager
def asked(database: sa.Engine, *, token: str | None = TOKEN) -> Iterator[Process]:
    process = Process(database)
    inside = Inside(
        why_not_ready=process.readiness.why_not,
        metrics=exposition(process.numbers, database, lambda: False, repositories=["acme/registry"]),
        metrics_token=token,
    )
    app = create_app(a_door("github", Keyring(["a-secret"]), at_once(Listening().accept)), inside)
    with reached(app) as process.url:
        yield process


@pytest.fixture
def process(database: sa.Engine) -> Iterator[Process]:
    with asked(database) as process:
        yield process


def gone(tmp_path: Path) -> sa.Engine:
    """A database without an inbox."""
    return connected(f"sqlite:///{tmp_path}/empty.sqlite")


def test_it_is_ready_once_it_has_begun_and_until_it_leaves(process: Process) -> None:
    answers = [process.get("/readyz")]
    process.readiness.begun()
    answers.append(process.get("/readyz"))
    process.readiness.leaving()
    answers.append(process.get("/readyz"))

    assert [(answer.status_code, answer.text) for answer in answers] == [
        (503, "it is starting\n"),
        (200, "ready\n"),
        (503, "it is stopping\n"),
    ]


def test_it_is_not_ready_without_an_inbox_and_says_so_without_details(tmp_path: Path) -> None:
    with asked(gone(tmp_path)) as process:
        process.readiness.begun()
        answer = process.get("/readyz")

    assert (answer.status_code, answer.text) == (503, "the database keeps nothing\n")


@pytest.mark.fault(13, because="What is kept is kept alike, whichever forge it is from.")
def test_it_is_not_ready_while_its_inbox_can_only_be_read_and_asks_that_seldom(tmp_path: Path) -> None:
    database = connected(address_of("", tmp_path))
    migrate(database)
    with asked(database) as process:
        process.readiness.begun()
        answers = [process.get("/readyz")]
        with database.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER shut BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        answers.append(process.get("/readyz"))
        process.time += BELIEVED_FOR
        answers.append(process.get("/readyz"))

    assert [answer.status_code for answer in answers] == [200, 200, 503]


@pytest.mark.fault(90)
def test_the_numbers_are_told_to_nobody_without_the_token(process: Process) -> None:
    answers = [process.get("/metrics", token="guessed"), httpx.get(f"{process.url}/metrics", timeout=20, verify=PLAIN)]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert "registrar_" not in "".join(answer.text for answer in answers)


@pytest.mark.fault(90)
def test_there_are_no_numbers_where_no_token_is_set(database: sa.Engine) -> None:
    with asked(database, token=None) as process:
        assert process.get("/metrics").status_code == 404


def test_the_numbers_tell_of_what_all_replicas_share(process: Process) -> None:
    inbox, now = Inbox(process.database), datetime.now(UTC)
    inbox.add_all([("guid-1", SEVEN), ("guid-2", PullRequestChanged("acme/registry", 8))], now=now - timedelta(hours=1))
    inbox.add_all([("guid-3", SEVEN)], now=now + timedelta(hours=1))
    with process.database.begin() as connection:
        parked = {"outcome": "nobody knows it", "finished_at": 0.0}
        connection.execute(sa.update(INBOX).where(INBOX.c.delivery == "guid-2").values(parked))
    Replicas(process.database).join("one")

    told = process.numbers_told()

    assert told["registrar_events{state=waiting}"] == 1
    assert told["registrar_events{state=later}"] == 1
    assert told["registrar_parked_events{repository=acme/registry}"] == 1
    assert 3600 <= told["registrar_oldest_event_age_seconds"] < 7200
    assert told["registrar_replicas"] == 1
    assert told["registrar_database_up"] == 1


def test_the_numbers_tell_of_every_effect_that_was_done(process: Process) -> None:
    effects = KeptEffects(process.database, "acme/registry", fence=lambda: None)
    for key in ("one", "other", "in doubt"):
        effects.begin(key, "deploy")
    effects.done("one", "31")
    effects.done("other", "32")

    assert process.numbers_told()["registrar_effects_total{kind=deploy}"] == 2


def test_an_empty_inbox_has_no_oldest_event(process: Process) -> None:
    assert process.numbers_told()["registrar_oldest_event_age_seconds"] == 0


def test_of_what_two_replicas_saw_the_newer_sight_is_told(process: Process) -> None:
    sights = Sights(process.database)
    sights.keep("hook", "acme/registry", "active", at=NOW + timedelta(minutes=1))
    sights.keep("hook", "acme/registry", "disabled", at=NOW)
    sights.keep("sweep", "acme/registry", "done", at=NOW)

    told = process.numbers_told()

    assert told["registrar_hook{repository=acme/registry,state=active}"] == 1
    assert told["registrar_hook{repository=acme/registry,state=disabled}"] == 0
    assert told["registrar_last_sweep_timestamp_seconds{repository=acme/registry}"] == NOW.timestamp()


def test_a_registry_that_was_never_swept_is_told_of_and_one_that_left_is_not(process: Process) -> None:
    Sights(process.database).keep("sweep", "acme/left", "done", at=NOW)

    told = process.numbers_told()

    assert told["registrar_last_sweep_timestamp_seconds{repository=acme/registry}"] == 0
    assert "registrar_last_sweep_timestamp_seconds{repository=acme/left}" not in told


def test_the_numbers_tell_of_what_this_process_counted(process: Process) -> None:
    process.numbers.delivery_answered("accepted")
    process.numbers.delivery_answered("accepted")
    process.numbers.budget_left("github", 4321)

    told = process.numbers_told()

    assert told["registrar_webhooks_total{answer=accepted}"] == 2
    assert told["registrar_forge_budget_left{forge=github}"] == 4321


def test_a_database_that_does_not_answer_is_a_number_too(tmp_path: Path) -> None:
    with asked(gone(tmp_path)) as process:
        told = process.numbers_told()

    assert told["registrar_database_up"] == 0
    assert "registrar_events{state=waiting}" not in told


def test_health_needs_no_database(tmp_path: Path) -> None:
    with asked(gone(tmp_path)) as process:
        assert process.get("/healthz").status_code == 200
