"""How GitHub writes rulesets, and the rules that guard a branch."""

from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.github.people import Json, moment
from registrar.sandbox.github.repositories import repository_api
from registrar.sandbox.rulesets import Ruleset
from registrar.sandbox.store import Repository


def ruleset(forge: Forge, repository: Repository, found: Ruleset, viewer: Role) -> Json:
    """A ruleset by itself; whom it spares is told to those alone who may change it."""
    spared: Json = {"bypass_actors": list(found.bypass_actors)} if viewer >= Role.ADMIN else {}
    return (
        ruleset_item(forge, repository, found)
        | spared
        | {
            "conditions": {"ref_name": {"include": list(found.include), "exclude": list(found.exclude)}},
            "rules": list(found.rules),
            "current_user_can_bypass": "never",
        }
    )


def ruleset_item(forge: Forge, repository: Repository, found: Ruleset) -> Json:
    """A ruleset in a list."""
    url = repository_api(forge, repository, f"/rulesets/{found.id}")
    return {
        "id": found.id,
        "name": found.name,
        "target": "branch",
        "source_type": "Repository",
        "source": repository.full_name,
        "enforcement": found.enforcement,
        "node_id": f"RRS_{found.id}",
        "_links": {"self": {"href": url}, "html": {"href": f"{forge.url}/{repository.full_name}/rules/{found.id}"}},
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
    }


def active_rules(repository: Repository, found: Ruleset) -> list[Json]:
    """Its rules, where they guard a branch."""
    source: Json = {
        "ruleset_source_type": "Repository",
        "ruleset_source": repository.full_name,
        "ruleset_id": found.id,
    }
    return [dict(rule) | source for rule in found.rules]
