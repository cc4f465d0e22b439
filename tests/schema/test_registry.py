import pytest

from registry_schema import Approvals, Deploy, Gate, Holders, Registry, Status, read_registry
from schema.reading import EXAMPLES, told


def test_a_registry_states_its_rules() -> None:
    assert read_registry(EXAMPLES["registry"].encode(), "registry.yaml") == Registry(
        schema=1,
        statuses={
            "Development": Status(),
            "Staging": Status(
                promotes_from=("Development",),
                gates=(
                    Gate("accuracy", at_least=0.9),
                    Gate("latency", at_most=20.0, not_worse_than="Production", tolerance=0.5),
                ),
            ),
            "Production": Status(
                promotes_from=("Staging",),
                holders=Holders.ONE,
                displaced_to="Archived",
                approvals=Approvals(count=2, from_="codeowners", permission="maintain"),
            ),
            "Archived": Status(promotes_from=("Development", "Staging", "Production")),
        },
        deploys=(Deploy("Production", "acme/digits-ui", "deploy.yml", "release/2", ("risk/**", "digits")),),
    )


def test_a_deploy_may_wait_for_a_person_and_speak_as_gitlab_does() -> None:
    text = (
        "deploys: [{status: Production, repository: acme/ml/ui, pipeline: deploy, manual: true, "
        "parameters: variables, trigger_token: REGISTRAR_SECRET_UI}]"
    )

    (deploy,) = read_registry(text.encode(), "registry.yaml").deploys

    assert (deploy.manual, deploy.parameters, deploy.trigger_token) == (True, "variables", "REGISTRAR_SECRET_UI")


@pytest.mark.parametrize("text", [b"", b"schema: 1", b"deploys: []"])
def test_a_registry_that_states_no_statuses_has_the_default_lifecycle(text: bytes) -> None:
    registry = read_registry(text, "registry.yaml")

    assert registry == Registry()
    assert list(registry.statuses) == ["Development", "QA", "Staging", "Production", "Archived"]
    assert registry.statuses["Production"] == Status(
        ("Staging",), Holders.ONE, "Archived", Approvals(1, "codeowners", "admin")
    )


def test_the_first_status_is_the_initial_one() -> None:
    assert read_registry(b"statuses: {Draft: {}, Done: {promotes_from: [Draft]}}", "registry.yaml").initial == "Draft"


def test_statuses_of_a_registry_replace_the_default_wholly() -> None:
    assert list(read_registry(b"statuses: {Draft: {}}", "registry.yaml").statuses) == ["Draft"]


def test_approvals_without_keys_ask_for_one_admin() -> None:
    registry = read_registry(b"statuses: {A: {}, B: {approvals: {}}}", "registry.yaml")

    assert registry.statuses["B"].approvals == Approvals(1, "codeowners", "admin")


def test_a_newer_registry_asks_for_an_upgrade_and_nothing_else() -> None:
    assert told("registry", "workflows: 3\nschema: 2\nschema: 3\n") == [
        ":2: this registry is written for schema 2, and this Registrar knows 1; upgrade Registrar"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("schema: 0", "schema must be 1 or more, not 0; write 1 or more", id="before the first"),
        pytest.param(
            "schema: one", 'schema must be a whole number, not "one"; write a whole number, such as 3', id="word"
        ),
        pytest.param(
            "monitors: []",
            "the key monitors is not known; known here: schema, statuses, deploys, rules, freezes, break_glass, "
            "requests, tags, notices",
            id="not built yet",
        ),
        pytest.param(
            "statuses: {A: {approvals: {count: 0}}}",
            "statuses.A.approvals.count must be 1 or more, not 0; write 1 or more",
            id="no approval at all",
        ),
        pytest.param(
            "statuses: {A: {approvals: {from_: codeowners}}}",
            "the key statuses.A.approvals.from_ is not known; did you mean from?",
            id="a name of ours",
        ),
        pytest.param(
            "statuses: {A: {approvals: {from: everyone}}}",
            'statuses.A.approvals.from must be codeowners, not "everyone"; choose codeowners',
            id="anyone",
        ),
        pytest.param(
            "deploys: [{status: QA, repository: acme/x, pipeline: d.yml, when: later}]",
            "the key deploys[0].when is not known; "
            "known here: status, repository, pipeline, ref, models, manual, parameters, trigger_token",
            id="a promise that is not kept yet",
        ),
        pytest.param(
            "deploys: [{status: QA, repository: acme/x, pipeline: deploy, trigger_token: glptt-0123456789}]",
            "deploys[0].trigger_token must be the name of a secret, such as REGISTRAR_SECRET_DIGITS_UI, "
            'not "glptt-0123456789"; name a variable that begins with REGISTRAR_SECRET_; '
            "its value belongs where the bot runs, never here",
            id="a secret itself",
        ),
        pytest.param(
            "deploys: [{status: QA, repository: ../x, pipeline: d.yml}]",
            'deploys[0].repository must be a repository such as acme/digits-ui, not "../x"; '
            "write owner/name, without a host",
            id="a repository that climbs out",
        ),
        pytest.param(
            "deploys: [{status: QA, repository: acme/x, pipeline: ../d.yml}]",
            'deploys[0].pipeline must be the name of a pipeline, such as deploy.yml, not "../d.yml"; '
            "write the name of its file, without a folder that climbs out",
            id="a pipeline that climbs out",
        ),
        pytest.param(
            "deploys: [{status: QA, repository: acme/x, pipeline: d.yml, ref: -x}]",
            'deploys[0].ref must be a branch or tag, such as main, not "-x"; write its name as git branch shows it',
            id="an option as a branch",
        ),
        pytest.param(
            "deploys: [{status: QA, repository: acme/x, pipeline: d.yml, models: [../x]}]",
            'deploys[0].models[0] must be a pattern for names of models, such as risk/**, not "../x"; '
            'use small letters, digits, ".", "_", "-", "/" and the wildcards *, ? and **',
            id="a pattern that climbs out",
        ),
    ],
)
def test_a_fault_reads_as(text: str, problem: str) -> None:
    assert told("registry", text) == [f":1: {problem}"]
