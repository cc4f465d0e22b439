"""How many must approve which model, and the rules themselves."""

from stories.conftest import Found
from stories.registries import MODEL, RULES, a_registry, a_version
from stories.test_commands import asked

RISKY = RULES.replace(
    "    approvals: {count: 1, from: codeowners, permission: admin}\n",
    '    approvals: {count: 1, permission: admin, for_models: [{models: ["risk/**"], count: 2}]}\n',
)


def test_a_model_may_need_two_approvals_where_others_need_one(found: Found) -> None:
    fraud = {"models/risk/fraud/model.yaml": MODEL} | a_version("1.0.0", model="risk/fraud")
    town = found(a_registry({"1.0.0": 0.9, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=RISKY) | fraud)
    risky, plain = asked(town, text="/registrar promote risk/fraud@1.0.0 to Production"), asked(town, by="leo")

    for number in (risky, plain):
        town.approve(number, by="ana")

    assert town.status(plain) == ("success", "approved by ana (CODEOWNERS:2)")
    assert town.status(risky) == ("pending", "approved by ana (CODEOWNERS:2), waiting for raj")

    town.approve(risky, by="raj")

    assert town.status(risky)[0] == "success"


def test_a_change_of_the_rules_needs_as_many_as_the_rules_of_the_base_say(found: Found) -> None:
    strict = RULES + "rules: {approvals: {count: 2, permission: admin}}\n"
    town = found(a_registry({"1.0.0": 0.9}, rules=strict, codeowners="* @ana @raj\n"))
    number = town.propose({"registry.yaml": RULES}, by="mei")

    town.approve(number, by="ana")

    assert town.status(number) == ("pending", "approved by ana (CODEOWNERS:1), waiting for raj")
