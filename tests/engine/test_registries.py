"""Which registry an event goes to, and what becomes of those of one that is not there."""

from collections.abc import Callable

import pytest

from registrar.core.events import PullRequestChanged, RunChanged, SweepDue, WorkStopped
from registrar.errors import ForgeUnavailable, RegistrarError, RegistryGone, TokenRefused, UsageError
from registrar.handlers.bot import Bot
from registrar.handlers.registries import Registries


def refused(error: RegistrarError) -> Callable[[], Bot]:
    """What stands for a registry that cannot be reached, and why."""

    def make() -> Bot:
        raise error

    return make


def test_a_server_refuses_to_start_when_no_registry_is_there() -> None:
    registries = Registries({"acme/one": refused(RegistryGone("one is")), "acme/two": refused(RegistryGone("two is"))})

    with pytest.raises(RegistryGone, match="one is"):
        registries.start()


def test_a_server_refuses_to_start_with_settings_that_cannot_work() -> None:
    registries = Registries({"acme/one": refused(RegistryGone("gone")), "acme/two": refused(UsageError("no key"))})

    with pytest.raises(UsageError, match="no key"):
        registries.start()


@pytest.mark.fault(32, because="Both adapters say `TokenRefused`; tests/forges holds them to it.")
@pytest.mark.parametrize("trouble", [ForgeUnavailable("no answer"), TokenRefused("the token was refused")])
def test_a_server_starts_while_its_forge_takes_no_question(trouble: RegistrarError) -> None:
    registries = Registries({"acme/one": refused(trouble)})

    assert registries.start() == ()


def test_what_waits_for_a_registry_that_was_taken_out_of_the_settings_is_dropped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    registries = Registries({"acme/one": refused(RegistryGone("gone"))})

    assert registries.handle(PullRequestChanged("acme/two", 7)) == ()
    assert "its registry is not in the settings any more" in caplog.text


def test_a_sweep_of_a_registry_that_is_gone_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    registries = Registries({"acme/one": refused(RegistryGone("it was renamed"))})

    told = [registries.handle(SweepDue("acme/one")) for _ in range(3)]

    assert told == [(), (), ()]
    assert [line.getMessage() for line in caplog.records] == [
        "acme/one is not looked after, until a sweep finds it again: it was renamed"
    ]


def test_a_forge_that_does_not_answer_is_no_registry_that_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    registries = Registries({"acme/one": refused(ForgeUnavailable("no answer"))})

    with pytest.raises(ForgeUnavailable):
        registries.handle(SweepDue("acme/one"))

    assert caplog.records == []


def test_a_run_of_an_application_keeps_its_way_to_the_registries_that_are_there() -> None:
    registries = Registries({"acme/one": refused(RegistryGone("gone")), "acme/two": refused(RegistryGone("gone"))})

    assert registries.handle(RunChanged("acme/app", 1, "deploy-7-0123456789abcdef")) == ()


def test_what_an_application_has_stopped_is_told_by_every_registry_that_is_there(
    caplog: pytest.LogCaptureFixture,
) -> None:
    registries = Registries({"acme/one": refused(RegistryGone("gone")), "acme/two": refused(RegistryGone("gone"))})

    assert registries.handle(WorkStopped("acme/app", "work-parked", "", "", "")) == ()
    assert [line.getMessage().split(" ")[0] for line in caplog.records] == ["acme/one", "acme/two"]
