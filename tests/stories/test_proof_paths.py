"""Every path that changes is judged by its own owners, by what git holds of it, and however many there are."""

import pytest

from registrar.core.ledger import Merged
from stories.conftest import Found
from stories.landing import agreed
from stories.mischief import FILE, LINK, SUBMODULE, committed_as, many_commits, pushed_entries
from stories.places import REGISTRY
from stories.registries import MODEL, RULES, a_registry, a_version
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_ledger import notes, told
from stories.town import Town

STATUS_FILE = "models/digits/status.yaml"
FACES = {"models/faces/model.yaml": MODEL, **a_version("1.0.0", model="faces")}
BY_MODEL = "* @ana\n/models/digits/ @ana\n/models/faces/ @raj\n"
EVERY_STATUS_ASKS = RULES.replace("[Development]}", "[Development], approvals: {}}")
TWO_MODELS = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", codeowners=BY_MODEL) | FACES


@pytest.mark.fault(47)
def test_an_owner_who_became_one_after_the_branch_began_does_not_approve_it_alone(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei")
    town.sandbox.grant(REGISTRY, "eve", "admin")
    agreed(town, {"CODEOWNERS": "* @eve\n"})

    town.approve(number, by="eve")

    assert town.status(number)[0] == "pending"
    assert "waiting for ana or raj" in town.verdict(number)

    town.approve(number, by="ana")
    entry, *_ = told(town, town.merge(number))

    assert isinstance(entry, Merged)
    assert [each.word for each in (*entry.approvals, *entry.approvals_before)] == ["@eve", "@ana"]
    assert entry.fork == notes(town, "merge-base", entry.head, entry.before).strip()


@pytest.mark.fault(47)
def test_an_owner_who_is_none_any_more_when_it_merges_has_not_approved(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")
    agreed(town, {"CODEOWNERS": "* @acme/admins\n"})
    town.lose_webhooks()
    town.protect(spares_admins=True)

    town.merge(number)
    town.look_at(number)

    assert town.runs() == []
    assert "ana does not own models/digits/status.yaml" in town.verdict(number)


@pytest.mark.fault(48)
def test_a_tag_that_is_called_like_the_base_is_not_read(town: Town) -> None:
    town.sandbox.grant(REGISTRY, "eve", "admin")
    evil = town.commit({"CODEOWNERS": "* @eve\n"}, by="mei", branch="evil")
    town.checkout("mei").git("push", "--quiet", "origin", f"{evil}:refs/tags/main")
    number = town.propose(PROMOTED, by="mei")

    town.approve(number, by="eve")

    assert town.status(number)[1].startswith("waiting for ana or raj; eve does not own ")


@pytest.mark.fault(54)
def test_a_line_without_owners_takes_a_model_from_everybody(found: Found) -> None:
    files = a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, codeowners="* @ana\n/models/digits/\n")
    town = found(files | {STATUS_FILE: "Production: 1.0.0\n"})
    number = asked(town)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert "CODEOWNERS:2" in town.verdict(number)


@pytest.mark.fault(45)
def test_new_rules_need_an_owner_of_the_rules_beside_the_owners_of_the_status(found: Found) -> None:
    rules = RULES.replace("permission: admin", "permission: write")
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=rules,
                            codeowners="* @ana @leo\n"))  # fmt: skip
    number = town.propose(PROMOTED | {"CODEOWNERS": "* @ana @leo @eve\n"}, by="mei")

    town.approve(number, by="leo")
    assert town.status(number)[0] == "pending"
    assert "leo has write, admin is needed" in town.verdict(number)

    town.approve(number, by="ana")
    assert town.status(number)[0] == "success"


ODD = {
    "a link": {STATUS_FILE: (LINK, "../../notes.txt")},
    "a submodule": {"models/more": (SUBMODULE, "1" * 40)},
    "a twin of the models": {"Models/digits/status.yaml": (FILE, "Production: 1.1.0\n")},
    "a twin by case": {"models/digits/Status.yaml": (FILE, "Production: 1.1.0\n")},
    "a twin by Unicode": {"models/digits/\u00e9": (FILE, "1"), "models/digits/e\u0301": (FILE, "2")},
}


@pytest.mark.fault(59)
@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_plain_file_of_its_own_is_refused(town: Town, odd: str) -> None:
    pushed_entries(town, ODD[odd], by="mei", branch="odd")
    number = town.open_for("odd", by="mei")

    town.approve(number, by="ana")

    assert town.status(number)[0] == "failure"
    assert town.merge(number) is None


@pytest.mark.fault(59)
def test_a_status_that_moves_to_another_model_needs_the_owners_of_both(found: Found) -> None:
    town = found(TWO_MODELS | {STATUS_FILE: "Staging: 1.0.0\n"} | {"registry.yaml": EVERY_STATUS_ASKS})
    moved = {"models/faces/status.yaml": (FILE, "Staging: 1.0.0\n")}
    pushed_entries(town, moved, by="mei", branch="moved", without=[STATUS_FILE])
    number = town.open_for("moved", by="mei")

    town.approve(number, by="raj")

    assert town.status(number)[0] != "success"
    assert "waiting for ana" in town.verdict(number)


@pytest.mark.fault(60)
def test_a_status_behind_three_thousand_files_is_judged_too(town: Town) -> None:
    number = town.propose({f"files/{each:04}": f"{each}\n" for each in range(3_001)} | PROMOTED, by="mei")
    assert town.status(number) == ("pending", "waiting for ana or raj")

    town.approve(number, by="ana")
    town.merge(number)

    assert len(town.runs()) == 1


@pytest.mark.fault(60)
def test_who_wrote_the_first_or_the_last_of_many_commits_cannot_approve_them(town: Town) -> None:
    """GitHub lists the oldest of them, GitLab the newest first."""
    town.commit(PROMOTED, by="mei", branch="long")
    for login, more in (("ana", 250), ("raj", 0)):
        author = f"{login} <{town.address(login)}>"
        committed_as(town, author, "author", branch="long", by="mei", message=f"By {login}")
        many_commits(town, more, by="mei", branch="long")
    number = town.open_for("long", by="mei")

    for login in ("ana", "raj"):
        town.approve(number, by=login)

    assert town.status(number)[0] == "failure"
    assert town.merge(number) is None


@pytest.mark.fault(64)
def test_each_model_is_judged_by_its_own_owners(found: Found) -> None:
    town = found(TWO_MODELS)
    number = town.propose(PROMOTED | {"models/faces/status.yaml": "Production: 1.0.0\n"}, by="mei")

    town.approve(number, by="ana")
    assert town.status(number)[0] == "pending"
    assert "waiting for raj" in town.status(number)[1]

    town.approve(number, by="raj")
    assert town.status(number)[0] == "success"
