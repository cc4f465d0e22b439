"""`registrar doctor` finds what is wrong with a real set-up, and says how to mend it."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.places import APPLICATION, PIPELINES, REGISTRY, Place
from forges.replies import serving
from registrar.cli.program import main
from registrar.sandbox.accounts import Role
from registrar.sandbox.store import Protection

Look = Callable[..., "Looked"]


@dataclass(frozen=True)
class Looked:
    """What the doctor said."""

    code: int
    findings: list[dict[str, str]]

    def problems(self) -> list[str]:
        return [f"{each['check']}: {each['says']}" for each in self.findings if each["standing"] == "problem"]

    def untold(self) -> list[str]:
        return [each["check"] for each in self.findings if each["standing"] == "cannot be told"]


@pytest.fixture
def look(place: Place, capsys: pytest.CaptureFixture[str]) -> Look:
    """Let the doctor look, as JSON."""

    def looked(*options: str) -> Looked:
        place.sandbox.drain()
        capsys.readouterr()
        code = main(["doctor", "--json", *options])
        said = capsys.readouterr()
        assert said.out, said.err
        return Looked(code, json.loads(said.out)["findings"])

    return looked


def test_what_is_set_up_has_no_problem(ready: Place, look: Look) -> None:
    ready.sandbox.store.account("registrar-bot").token_scopes = ready.enough_scopes
    ready.push_as("raj", "other")

    looked = look("--url", ready.url, "--write-check")

    assert (looked.problems(), looked.untold(), looked.code) == ([], ready.untold, 0)


def test_each_finding_is_a_line_and_each_mend_another(ready: Place, capsys: pytest.CaptureFixture[str]) -> None:
    ready.land({"models/digits/status.yaml": "Production: 9.9.9\n"})
    capsys.readouterr()

    code = main(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert f"ok              webhook of {REGISTRY}: leads to {ready.hook}" in lines
    assert "                  mend models/digits/status.yaml on main" in lines
    assert lines[-1].startswith("1 problem, ")
    assert ready.token("ana") not in "".join(lines)


def test_what_is_not_set_up_is_listed(place: Place, look: Look) -> None:
    looked = look()

    assert looked.code == 1
    assert [each.partition(":")[0] for each in looked.problems()] == [
        f"webhook of {REGISTRY}",
        f"webhook of {APPLICATION}",
        *place.walls,
    ]


def test_the_bots_token_is_judged_and_not_the_administrators(ready: Place, look: Look) -> None:
    bot = ready.sandbox.store.account("registrar-bot")
    bot.token_scopes, bot.token_expires_at = ready.excessive_scopes, datetime.now(UTC) + timedelta(days=3)
    ready.sandbox.grant(REGISTRY, "registrar-bot", "admin")

    problems = look().problems()

    assert [each.partition(":")[0] for each in problems] == ["token expiry", "token scopes", "token rights"]
    assert problems[-1].endswith("so it could get around what guards the base branch")


def test_an_account_that_may_only_read_can_do_nothing(ready: Place, look: Look) -> None:
    for repository in (REGISTRY, APPLICATION):
        ready.sandbox.grant(repository, "registrar-bot", "read")

    problems = [each.partition(":")[0] for each in look().problems()]

    assert {"token rights", "token, git"} <= set(problems)
    assert any(each.startswith("pipeline ") for each in problems)


def test_a_token_that_nobody_has_is_the_only_problem(place: Place, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRAR_TOKEN", "nobodys")

    looked = look()

    [problem], [finding] = looked.problems(), looked.findings
    assert place.token("ana") not in problem
    assert problem.startswith("token: the token was refused")
    assert finding["mend"] == "give REGISTRAR_TOKEN one that is valid"


def test_a_forge_that_does_not_answer_is_no_fault_of_the_token(
    place: Place, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place
    with serving() as gone:
        monkeypatch.setenv("REGISTRAR_FORGE_URL", gone.url)

    [finding] = look().findings

    assert " did not answer when asked to tell whose the token is" in finding["says"]
    assert finding["mend"].endswith(f"at {gone.url}; --forge and --forge-url say which it is, and where")


@pytest.mark.usefixtures("ready")
def test_what_only_an_administrator_may_see_cannot_be_told_by_the_bot(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGISTRAR_ADMIN_TOKEN")

    looked = look()

    assert looked.problems() == []
    assert {f"webhook of {REGISTRY}", f"webhook of {APPLICATION}"} <= set(looked.untold())
    mends = [each["mend"] for each in looked.findings if each["check"] == f"webhook of {REGISTRY}"]
    assert mends == ["set REGISTRAR_ADMIN_TOKEN to a token of somebody who administers it"]


def test_a_webhook_that_is_told_twice_or_refused_is_a_problem(ready: Place, look: Look) -> None:
    ready.door.status_code = 401
    ready.sandbox.store.repository(APPLICATION).webhooks.clear()
    for _ in range(2):
        ready.sandbox.add_webhook(APPLICATION, ready.hook, "s3cret")
    ready.land({"README.md": "hello"})
    ready.push_as("raj", "other")

    problems = look().problems()

    assert f"webhook of {APPLICATION}: 2 lead to {ready.hook}, so everything is told 2 times" in problems
    assert any(each.startswith(f"webhook of {REGISTRY}, deliveries: the bot refused") for each in problems)


def test_a_webhook_to_another_address_is_not_this_bots(ready: Place, look: Look) -> None:
    problems = look("--url", "https://elsewhere.example.org/").problems()

    leads = f"none leads to https://elsewhere.example.org/webhooks/{ready.sandbox.forge.dialect.name}"
    assert problems[0].startswith(f"webhook of {REGISTRY}: {leads}")


def test_owners_and_rules_on_the_base_are_judged(ready: Place, look: Look) -> None:
    ready.land({"CODEOWNERS": "* @mei\n", "registry.yaml": "statusses: {}\n"})

    problems = look().problems()

    assert any(each.startswith("owners: CODEOWNERS and registry.yaml: ") for each in problems)
    assert any("mei has write, admin is needed" in each for each in problems)
    assert any(each.startswith("registry: registry.yaml:1: ") for each in problems)


def test_what_jobs_run_needs_owners_like_the_rules(ready: Place, look: Look) -> None:
    owned = "".join(f"{path} @ana @raj\n" for path in ("/models/", "/registry.yaml", "CODEOWNERS", "/.github/actions/"))
    jobs = {".github/workflows/bot.yml": "on: push\n", ".github/actions/own/action.yml": "name: own\n"}
    ready.land({"CODEOWNERS": owned} | jobs)

    problems = [each for each in look().problems() if each.startswith("owners: ")]

    assert [each.partition(": ")[2].partition(":")[0] for each in problems] == [".github/workflows/bot.yml"]


def test_a_registry_without_owners_can_approve_nothing(ready: Place, look: Look) -> None:
    ready.land({"CODEOWNERS": None})

    [problem] = look().problems()

    assert problem.startswith("CODEOWNERS: is in none of ")


def test_a_pipeline_that_would_not_start_is_found_before_the_first_deploy(ready: Place, look: Look) -> None:
    path, text = PIPELINES[ready.sandbox.forge.dialect.name]
    ready.land({path: text.replace("    hash:", "    sha:").replace("operation }}", "version }}")}, APPLICATION)

    problems = look().problems()

    assert any("declares no input hash, so the forge refuses to start it" in each for each in problems)


def test_a_pipeline_that_is_not_there_is_a_problem(ready: Place, look: Look) -> None:
    ready.land({PIPELINES[ready.sandbox.forge.dialect.name][0]: None, "README.md": "hello"}, APPLICATION)

    [problem] = look().problems()

    assert problem.startswith("pipeline deploy")


def test_data_that_the_dvc_remote_does_not_hold_is_a_problem(ready: Place, look: Look) -> None:
    for file in (path for path in ready.storage.rglob("*") if path.is_file()):
        file.unlink()

    [problem] = look().problems()

    assert "does not hold model.joblib of digits 1.0.0" in problem


def test_a_dvc_remote_that_takes_nothing_is_found_only_by_writing(ready: Place, look: Look) -> None:
    before = sorted(ready.storage.rglob("*"))

    assert look("--write-check").code == 0
    assert [path for path in sorted(ready.storage.rglob("*")) if path.is_file()] == [
        path for path in before if path.is_file()
    ]


def test_a_checkout_says_which_registry_is_meant(
    ready: Place, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGISTRAR_REPOSITORY")
    monkeypatch.chdir(ready.clone("mei", tmp_path / "clone"))

    assert look().problems() == []


def test_the_ledgers_key_must_be_the_one_that_the_registry_names(
    ready: Place, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ledger-key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    monkeypatch.setenv("REGISTRAR_SIGNING_KEY", str(file))

    def said() -> dict[str, str]:
        return next(each for each in look().findings if each["check"] == "ledger")

    unnamed = said()
    ready.land({"allowed_signers": unnamed["mend"].split("'")[1] + "\n"})

    assert (unnamed["standing"], unnamed["says"]) == (
        "problem",
        "is signed, and main has no allowed_signers, so nobody can tell by whom",
    )
    assert said()["standing"] == "ok"
    assert file.read_text().splitlines()[1] not in str(unnamed)


def test_the_token_that_looks_after_webhooks_is_tried(
    ready: Place, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRAR_HOOKS_TOKEN", ready.token("ana"))
    anas = look("--url", ready.url).problems()
    monkeypatch.setenv("REGISTRAR_HOOKS_TOKEN", ready.token("mei"))
    monkeypatch.setenv("REGISTRAR_PUBLIC_URL", "https://elsewhere.example.org")

    meis = look("--url", ready.url).problems()

    assert anas == []
    assert [each.partition(":")[0] for each in meis] == ["address", "webhooks under watch"]


def test_without_a_server_the_jobs_are_looked_at_and_no_webhook(
    ready: Place, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.sandbox.store.repository(REGISTRY).webhooks.clear()
    dialect = ready.sandbox.forge.dialect.name
    registry = ready.sandbox.store.repository(REGISTRY)
    protections, tags = registry.protections, registry.protected_tags
    protections["release"], tags["v*"] = Protection(), Role.WRITE
    none = look("--without-server").problems()
    del protections["release"], tags["v*"]
    monkeypatch.chdir(ready.folder)
    main(["setup", "--without-server", "--yes"])
    main(["init", "made", "--forge", dialect])
    jobs = ".gitlab-ci.yml" if dialect == "gitlab" else ".github/workflows/registrar-bot.yml"
    ready.land({jobs: (ready.folder / "made" / jobs).read_text(), ".github/workflows/old/kept.txt": "no workflow\n"})

    ready.start_jobs()

    looked = look("--without-server")

    of_gitlab = ["jobs, branches", "jobs, tags", "jobs, variables"] if dialect == "gitlab" else []
    assert [each.partition(":")[0] for each in none] == ["jobs", *of_gitlab]
    assert looked.problems() == []
    assert {"jobs, schedule", *(["jobs, secrets"] if dialect == "github" else [])} <= {
        each["check"] for each in looked.findings if each["standing"] == "ok"
    }
    assert not any(each["check"].startswith("webhook") for each in looked.findings)
