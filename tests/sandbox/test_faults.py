"""What goes wrong with a forge goes wrong on demand, where it is wanted, and as often."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from random import Random

import httpx
import pytest

from loopback import PLAIN
from registrar.errors import ForgeUnavailable
from registrar.forges.connecting import forge_of
from registrar.sandbox import Sandbox
from registrar.sandbox.carrier import Carrier
from registrar.sandbox.faults import (
    DROPPED_ANSWER,
    DROPPED_REQUEST,
    LOST_ANSWER,
    LOST_REQUEST,
    SWALLOWED,
    Fault,
    Half,
    Silent,
    Spot,
    Stale,
)
from registrar.sandbox.forge import DialectName
from registrar.sandbox.limits import primary_limit, secondary_limit

REGISTRY = "acme/registry"
HOOKS = {"github": "/api/v3/repos/acme/registry/hooks", "gitlab": "/api/v4/projects/acme%2Fregistry/hooks"}


@dataclass(frozen=True, slots=True)
class Owner:
    """Ana, who writes down addresses to tell, and reads them."""

    sandbox: Sandbox
    client: httpx.Client
    dialect: DialectName

    def write(self) -> httpx.Response:
        url = "http://127.0.0.1:9/told"
        body = {"config": {"url": url}} if self.dialect == "github" else {"url": url}
        return self.client.post(HOOKS[self.dialect], json=body)

    def read(self) -> int:
        """How many there are."""
        return len(self.client.get(HOOKS[self.dialect]).json())


@pytest.fixture(params=["github", "gitlab"])
def ana(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Owner]:
    with Sandbox.serve(tmp_path, dialect=request.param) as sandbox:
        account = sandbox.add_user("ana")
        sandbox.add_user("mei")
        sandbox.add_organization("acme")
        sandbox.add_repository(REGISTRY)
        sandbox.grant(REGISTRY, "ana", "admin")
        headers = {"Authorization": f"Bearer {account.token}"}
        with httpx.Client(base_url=sandbox.url, headers=headers, timeout=5, verify=PLAIN) as client:
            yield Owner(sandbox, client, request.param)


@pytest.mark.parametrize(
    ("fault", "status", "written"),
    [
        pytest.param(LOST_REQUEST, 502, 0, id="before the act"),
        pytest.param(LOST_ANSWER, 502, 1, id="after it"),
        pytest.param(SWALLOWED, 204, 0, id="with a lie"),
    ],
)
def test_something_else_is_answered(ana: Owner, fault: Fault, status: int, written: int) -> None:
    ana.sandbox.faults.begin(Spot("POST", "/hooks"), fault)

    assert (ana.write().status_code, ana.read()) == (status, written)


@pytest.mark.parametrize(
    ("fault", "written"),
    [
        pytest.param(DROPPED_REQUEST, 0, id="before the act"),
        pytest.param(DROPPED_ANSWER, 1, id="after it"),
        pytest.param(Half(), 1, id="in the middle of the answer"),
    ],
)
def test_the_connection_ends(ana: Owner, fault: Fault, written: int) -> None:
    ana.sandbox.faults.begin(Spot("POST", "/hooks"), fault)

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        ana.write()

    assert ana.read() == written


def test_a_silent_forge_answers_others(ana: Owner) -> None:
    ana.sandbox.faults.begin(Spot("POST"), Silent())
    ana.client.timeout = httpx.Timeout(5, read=0.05)

    with pytest.raises(httpx.ReadTimeout):
        ana.write()

    ana.client.timeout = httpx.Timeout(5)
    assert ana.read() == 0


def test_a_list_that_lags_behind_holds_nothing_new(ana: Owner) -> None:
    ana.sandbox.faults.begin(Spot("GET", "/hooks"), Stale())
    before = ana.read()
    ana.write()

    assert (before, ana.read(), ana.read()) == (0, 0, 1)


def test_a_fault_strikes_where_and_when_it_is_told_to(ana: Owner) -> None:
    rule = ana.sandbox.faults.begin(Spot(by="ana", is_write=True), LOST_REQUEST, after=1, times=1)
    others = ana.sandbox.faults.begin(Spot(by="mei"), LOST_REQUEST)

    seen = [ana.write().status_code, ana.read(), ana.write().status_code, ana.write().status_code]

    assert seen == [201, 1, 502, 201]
    assert (rule.met, rule.struck, others.met, ana.sandbox.faults.struck) == (3, 1, 0, 1)


def test_chance_repeats_itself(ana: Owner) -> None:
    def luck() -> list[int]:
        ana.sandbox.faults.random.seed(7)
        ana.sandbox.faults.begin(Spot("POST"), LOST_REQUEST, SWALLOWED, share=0.5)
        told = [ana.write().status_code for _ in range(12)]
        ana.sandbox.faults.end()
        return told

    first = luck()

    assert set(first) == {201, 204, 502}
    assert luck() == first


def test_a_clock_that_is_ahead_dates_everything(ana: Owner) -> None:
    ahead = timedelta(minutes=10)
    ana.sandbox.faults.skew = ahead

    answer = ana.write()

    moments = [parsedate_to_datetime(answer.headers["date"]), datetime.fromisoformat(answer.json()["created_at"])]
    assert all(abs(moment - datetime.now(UTC) - ahead) < timedelta(seconds=30) for moment in moments)


@pytest.mark.parametrize("limit", [primary_limit, secondary_limit])
def test_a_limit_is_told_as_the_forge_tells_it(ana: Owner, limit: type) -> None:
    ana.sandbox.faults.begin(Spot(), limit(ana.dialect, seconds=600))
    token = ana.sandbox.store.account("ana").token
    forge = forge_of(ana.dialect, ana.sandbox.url, repository=REGISTRY, token=token)

    with pytest.raises(ForgeUnavailable) as refused:
        forge.default_branch()

    assert refused.value.retry_at is not None
    assert abs(refused.value.retry_at - datetime.now(UTC) - timedelta(seconds=600)) < timedelta(seconds=30)


def carried(count: int, **shares: float) -> tuple[list[int], list[int]]:
    """Which of so many parcels arrived in time, and which at last."""
    sent: list[int] = []
    carrier = Carrier(sent.append)
    carrier.random = Random(7)
    carrier.lost, carrier.twice, carrier.late = (shares.get(name, 0.0) for name in ("lost", "twice", "late"))
    for parcel in range(count):
        carrier.carry(parcel)
    in_time = list(sent)
    carrier.release(backwards=True)
    return in_time, sent[len(in_time) :]


def test_webhooks_travel_once_and_in_turn() -> None:
    assert carried(5) == ([0, 1, 2, 3, 4], [])


def test_webhooks_get_lost() -> None:
    in_time, later = carried(100, lost=0.5)

    assert 30 < len(in_time) < 70
    assert later == []


def test_webhooks_come_twice() -> None:
    assert carried(3, twice=1.0) == ([0, 0, 1, 1, 2, 2], [])


def test_webhooks_come_late_and_backwards() -> None:
    assert carried(3, late=1.0) == ([], [2, 1, 0])


def test_webhooks_that_were_held_back_come_at_the_end(tmp_path: Path) -> None:
    with Sandbox.serve(tmp_path) as sandbox:
        sandbox.add_organization("acme")
        sandbox.add_repository(REGISTRY)
        sandbox.faults.webhooks.late = 1.0
        sandbox.add_webhook(REGISTRY, "http://127.0.0.1:9/", "s3cret")
        sandbox.drain()
        before = len(sandbox.deliveries)

        sandbox.faults.end()
        sandbox.drain()

        assert (before, len(sandbox.deliveries)) == (0, 1)  # GitHub pings a new one
