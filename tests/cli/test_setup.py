"""`registrar setup` brings a set-up about, once, by agreement, and takes nothing away."""

import json
import os
import subprocess
import sys

import pytest

from cli.places import APPLICATION, REGISTRY, SECRET, Place
from registrar.cli.program import main
from waiting import until
from web.test_server import a_free_port, answers, running


def hooks(place: Place, repository: str = REGISTRY) -> list[tuple[str, set[str]]]:
    """Where its webhooks lead, and of what they tell."""
    return [(hook.url, set(hook.events)) for hook in place.sandbox.store.repository(repository).webhooks]


def test_the_plan_says_what_is_and_what_will_be_and_changes_nothing(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["setup", "--url", place.url, "--dry-run"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[:2] == [f"webhook of {REGISTRY}", "  now:  none"]
    assert lines[2].startswith(f"  then: {place.hook} tells of ")
    assert (hooks(place), place.guards()) == ([], [])


def test_nothing_is_changed_while_nobody_is_there_to_agree(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["setup", "--url", place.url])

    said = capsys.readouterr()
    assert code == 2
    assert said.err == (
        "registrar: error: nobody is here to agree: read the plan above, then run it again with --yes\n"
    )
    assert f"webhook of {REGISTRY}" in said.out
    assert (hooks(place), place.guards()) == ([], [])


def test_a_second_run_finds_nothing_to_do(ready: Place, capsys: pytest.CaptureFixture[str]) -> None:
    before = (hooks(ready), hooks(ready, APPLICATION), ready.guards())
    capsys.readouterr()

    code = main(["setup"])

    assert (code, capsys.readouterr().out) == (0, "nothing to change\n")
    assert (hooks(ready), hooks(ready, APPLICATION), ready.guards()) == before


def test_what_is_set_up_holds(ready: Place) -> None:
    [(url, events)] = hooks(ready)

    assert url == ready.hook
    assert events >= ready.needed_events
    assert ready.pushed("ana", "main") is False
    assert ready.pushed("ana", "other") is True


def test_a_program_reads_the_plan_and_what_became_of_it(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["setup", "--url", place.url, "--json"]

    codes = [main([*words, *more]) for more in ([], ["--dry-run"], ["--yes"])]

    said = capsys.readouterr()
    planned, done = (json.loads(text) for text in said.out.replace("\n}\n", "\n}\n\0").split("\0")[:-1])
    assert codes == [2, 0, 0]
    assert "--json asks nobody: add --dry-run to see the plan, or --yes to carry it out" in said.err
    assert (planned["repository"], planned["findings"]) == (REGISTRY, [])
    assert {each["done"] for each in planned["changes"]} == {False}
    assert [{**each, "done": True} for each in planned["changes"]] == done["changes"]
    assert {each["standing"] for each in done["findings"]} <= {"cannot be told"}


def test_no_secret_is_ever_shown(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    main(["setup", "--url", place.url, "--yes"])

    said = capsys.readouterr()
    shown = said.out + said.err
    assert [secret for secret in (SECRET, place.token("ana"), place.token("registrar-bot")) if secret in shown] == []


def test_without_a_server_developers_give_the_jobs_no_variables_any_more(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    first = main(["setup", "--without-server", "--yes"])
    done = capsys.readouterr().out.splitlines()
    again = main(["setup", "--without-server"])

    settings = place.sandbox.store.repository(REGISTRY).settings
    is_gitlab = place.sandbox.forge.dialect.name == "gitlab"
    assert (first, again, capsys.readouterr().out) == (0, 0, "nothing to change\n")
    assert ("done: jobs, variables" in done) == is_gitlab
    assert settings.ci_pipeline_variables_minimum_override_role == ("maintainer" if is_gitlab else "developer")
    assert hooks(place) == []


def test_a_webhook_that_is_there_is_mended_and_keeps_what_else_it_tells(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.sandbox.add_webhook(REGISTRY, "https://chat.example.org/webhook", "", events=place.other_events)
    place.sandbox.add_webhook(REGISTRY, place.hook, "", events=place.other_events)

    code = main(["setup", "--yes", "--url", place.url])

    chat, bot = hooks(place)
    assert code == 0, capsys.readouterr()
    assert chat == ("https://chat.example.org/webhook", set(place.other_events))
    assert bot == (place.hook, set(place.other_events) | place.needed_events)


def test_stricter_rules_stay(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.guard_strictly()
    before = place.strictness()

    code = main(["setup", "--yes", "--url", place.url])

    assert code == 0, capsys.readouterr()
    assert place.strictness() == before


def test_what_the_token_may_not_do_is_said_with_the_way_to_do_it_by_hand(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGISTRAR_ADMIN_TOKEN")

    code = main(["setup", "--yes", "--url", place.url])

    said = capsys.readouterr().out
    assert code == 1
    assert f"cannot be told  webhook of {REGISTRY}: the token may not list the webhooks of {REGISTRY}" in said
    assert "set REGISTRAR_ADMIN_TOKEN to a token of somebody who administers it" in said
    assert (hooks(place), place.guards()) == ([], [])


@pytest.mark.parametrize(
    ("lacking", "line"),
    [
        pytest.param("--url", "where the bot listens: give it with --url https://YOUR-HOST", id="address"),
        pytest.param("secret", "the secret of the webhook: give the bot's in REGISTRAR_WEBHOOK_SECRET", id="secret"),
    ],
)
def test_what_nobody_has_said_is_asked_for(
    place: Place, lacking: str, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if lacking == "secret":
        monkeypatch.delenv("REGISTRAR_WEBHOOK_SECRET")

    code = main(["setup", "--yes", *(["--url", place.url] if lacking != "--url" else [])])

    assert (code, capsys.readouterr().err) == (2, f"registrar: error: nobody has said {line}\n")
    assert (hooks(place), place.guards()) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("registrar.example.org", id="no scheme"),
        pytest.param("https://user:pass@registrar.example.org", id="with a password"),
        pytest.param("ftp://registrar.example.org", id="another scheme"),
    ],
)
def test_an_address_that_no_webhook_can_lead_to_is_refused(
    place: Place, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["setup", "--yes", "--url", url]) == 2
    assert "is not where a bot listens" in capsys.readouterr().err
    assert hooks(place) == []


def test_a_new_secret_is_sent_when_it_is_asked_for(ready: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRAR_WEBHOOK_SECRET", f"another secret,{SECRET}")

    assert main(["setup", "--yes"]) == 0
    assert ready.secrets() == {SECRET}
    assert main(["setup", "--yes", "--renew-secret"]) == 0
    assert ready.secrets() == {"another secret"}


@pytest.mark.parametrize(("answer", "changed"), [pytest.param("yes", True, id="yes"), pytest.param("", False, id="no")])
def test_a_person_is_asked_once(place: Place, answer: str, changed: bool) -> None:  # noqa: FBT001 - a parameter
    said = asked(place, answer)

    assert "Change this? [y/N]" in said
    assert bool(hooks(place)) is changed
    assert ("nothing was changed" in said) is not changed


def asked(place: Place, answer: str) -> str:
    """What a person at a terminal reads, who gives this answer."""
    person, program = os.openpty()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "dumb"}
    command = [sys.executable, "-m", "registrar", "setup", "--url", place.url]
    with subprocess.Popen(command, env=environment, stdin=program, stdout=program, stderr=program) as process:
        os.close(program)
        os.write(person, f"{answer}\n".encode())
        said = b"".join(iter(lambda: _read(person), b""))
        process.wait(timeout=120)
    os.close(person)
    return said.decode()


def test_the_bot_takes_what_its_webhook_tells(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    port = a_free_port()
    url = f"http://127.0.0.1:{port}"
    bot = {"REGISTRAR_STATE_DIR": str(place.folder / "state"), "REGISTRAR_PORT": str(port)}
    with running(place.environment(**bot)) as process:
        until(lambda: answers(f"{url}/healthz"))
        assert main(["setup", "--yes", "--url", url]) == 0
        place.push_as("raj", "other")
        place.sandbox.drain()

        assert main(["doctor", "--url", url]) == 0, capsys.readouterr().out
        process.terminate()
        process.communicate(timeout=60)

    assert {each.status_code for each in place.sandbox.deliveries} <= {200, 202}
    assert place.sandbox.deliveries


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the program is gone
        return b""


SIGNING_TOKEN = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.mark.parametrize("place", ["gitlab"], indirect=True)
def test_on_gitlab_a_signing_token_signs(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGISTRAR_WEBHOOK_SECRET", SIGNING_TOKEN)

    assert main(["setup", "--yes", "--url", place.url]) == 0
    assert main(["setup"]) == 0
    assert main(["doctor", "--url", place.url]) == 0
    assert f"webhook of {REGISTRY}, signature: it is signed" in capsys.readouterr().out


@pytest.mark.parametrize("place", ["gitlab"], indirect=True)
def test_a_plain_token_is_replaced_where_the_bot_wants_a_signature(
    ready: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGISTRAR_WEBHOOK_SECRET", SIGNING_TOKEN)

    assert main(["doctor"]) == 1
    assert "REGISTRAR_WEBHOOK_SECRET is a signing token, so the bot refuses" in capsys.readouterr().out
    assert main(["setup", "--yes"]) == 0
    assert {hook.signing_token for hook in ready.sandbox.store.repository(REGISTRY).webhooks} == {SIGNING_TOKEN}
