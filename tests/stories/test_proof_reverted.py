"""What undoes an approved change is a change of its own, and what a change brings along starts nothing."""

import pytest

from stories.places import APPLICATION
from stories.registries import RULES
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town

BACK = {"models/digits/status.yaml": "Production: 1.0.0\nArchived: 1.1.0\n"}
LOOT = "acme/loot"


def deployed(town: Town) -> int:
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    assert len(town.runs()) == 1
    return number


@pytest.mark.fault(65)
def test_who_reverts_an_approved_deploy_needs_an_approval_of_the_revert(town: Town) -> None:
    deployed(town)

    number = town.propose(BACK, by="leo", branch="revert")

    assert town.status(number) == ("pending", "waiting for ana or raj")
    assert town.merge(number) is None


@pytest.mark.fault(65)
def test_a_revert_deploys_nothing_again_neither_itself_nor_what_it_reverts(town: Town) -> None:
    first = deployed(town)
    town.protect()
    number = town.propose(BACK, by="leo", branch="revert")

    town.merge(number)
    town.look_at(first)
    town.let_time_pass()

    assert len(town.runs()) == 1
    assert "**Merged, but not deployed**" in town.verdict(number)


@pytest.mark.fault(66)
def test_where_it_is_deployed_is_said_by_the_base_not_by_the_change(town: Town) -> None:
    town.sandbox.add_repository(LOOT)
    for login in ("ana", "registrar-bot"):
        town.sandbox.grant(LOOT, login, "admin")
    application = town.side.application()
    town.checkout("ana", repository=LOOT).push(application, branch="main", onto="", message="Start")
    number = town.propose(PROMOTED | {"registry.yaml": RULES.replace(APPLICATION, LOOT)}, by="mei")
    town.approve(number, by="ana")

    town.merge(number)

    loot = town.sandbox.store.repository(LOOT)
    assert (len(town.runs()), loot.runs, loot.ci.pipelines) == (1, [], [])


@pytest.mark.fault(66)
def test_nothing_that_a_change_brings_is_run_or_checked_out(town: Town) -> None:
    trap = town.root / "trap"
    scripts = {
        ".gitattributes": "* filter=evil diff=evil merge=evil\n",
        ".gitmodules": f'[submodule "m"]\n\tpath = m\n\turl = "ext::sh -c touch% {trap}"\n',
        ".dvc/config": f"[core]\n    remote = evil\n['remote \"evil\"']\n    url = ssh://-oProxyCommand=touch {trap}\n",
        "registrar.py": f"open({str(trap)!r}, 'w')\n",
        "models/digits/conftest.py": f"open({str(trap)!r}, 'w')\n",
    }
    number = town.propose(scripts | PROMOTED, by="leo")

    town.approve(number, by="ana")
    town.merge(number)

    assert not trap.exists()
    mirror = town.root / "mirror.git"
    assert not [path for path in mirror.rglob("*") if path.name in {"conftest.py", "registrar.py", ".gitattributes"}]
