"""Every number that the bot tells is explained, and no alert rests on one that it does not tell."""

import re
from datetime import UTC, datetime
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families

from database.happenings import Server, a_pull_request
from registrar.database.connecting import address_of, connected
from registrar.database.effects import KeptEffects
from registrar.database.sights import Sights
from registrar.observing.numbers import Numbers
from registrar.web.metrics import exposition

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operations.md").read_text()
RULES = (ROOT / "deploy/prometheus/registrar.yaml").read_text()


def names_told(folder: Path) -> set[str]:
    """The names of all numbers, where there is something to tell of each."""
    database = connected(address_of("", folder))
    Server(database).parks(a_pull_request(7))
    now = datetime.now(UTC)
    Sights(database).keep("sweep", "acme/registry", "done", at=now)
    Sights(database).keep("hook", "acme/registry", "active", at=now)
    effects = KeptEffects(database, "acme/registry", fence=lambda: None)
    effects.begin("deploy-7", "deploy")
    effects.done("deploy-7", "5")
    numbers = Numbers()
    numbers.delivery_answered("accepted")
    numbers.budget_left("github", 4000)
    told = exposition(numbers, database, lambda: False, repositories=["acme/registry"])().decode()
    database.dispose()
    samples = [sample.name for family in text_string_to_metric_families(told) for sample in family.samples]
    return {name for name in samples if name.startswith("registrar_")}


def test_every_number_is_explained_and_exists(tmp_path: Path) -> None:
    explained = set(re.findall(r"^\| `(registrar_\w+)` \|", PAGE, flags=re.MULTILINE))

    assert explained == names_told(tmp_path)


def test_every_alert_is_explained_and_exists() -> None:
    [group] = yaml.safe_load(RULES)["groups"]

    explained = re.findall(r"^\*\*(Registrar\w+)\*\*:", PAGE, flags=re.MULTILINE)

    assert explained == [rule["alert"] for rule in group["rules"]]


def test_no_alert_rests_on_a_number_that_is_not_told(tmp_path: Path) -> None:
    assert set(re.findall(r"registrar_\w+", RULES)) <= names_told(tmp_path)
