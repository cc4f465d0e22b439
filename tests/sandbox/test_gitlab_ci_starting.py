"""Who starts GitLab's pipelines on the sandbox forge, with what, and what is said to those who may not."""

from typing import Any

import pytest
from gitlab import GitlabCreateError, GitlabError

from registrar.sandbox.accounts import Role
from registrar.sandbox.store import Protection
from sandbox.gitlab_ci_scene import Ci, furnished
from sandbox.gitlab_ci_texts import DEPLOY, a_job
from sandbox.gitlab_scene import REGISTRY, GitLabScene

ANY_VARIABLE = """\
workflow: {name: "Deploy $REGISTRAR_MODEL"}
deploy: {script: 'echo "$REGISTRAR_MODEL"; test -z "$TRIGGER_PAYLOAD" || cat "$TRIGGER_PAYLOAD"'}
"""


@pytest.mark.parametrize(
    ("configuration", "wish", "complaint"),
    [
        pytest.param(DEPLOY, {"ref": "dev"}, "Reference not found", id="no such ref"),
        pytest.param(DEPLOY, {}, "`model` input: required value has not been provided", id="input missing"),
        pytest.param(DEPLOY, {"inputs": {"model": "x", "y": "z"}}, "unknown input arguments: y", id="input unknown"),
        pytest.param("deploy: [", {}, "Invalid configuration format", id="unreadable"),
        pytest.param(a_job("rules: [{if: $NO}]"), {}, "prevented any jobs from being added", id="no jobs"),
        pytest.param(
            "workflow: {rules: [{if: $NO}]}\n" + a_job(), {}, "Pipeline filtered out by workflow rules.", id="workflow"
        ),
        pytest.param(f"workflow: {{name: {'x' * 256}}}\n" + a_job(), {}, "Name is too long", id="a long name"),
        pytest.param(
            "build: {script: x, rules: [{if: $NO}]}\n" + a_job("needs: [build]"),
            {},
            "'deploy' job needs 'build' job, but 'build' does not exist in the pipeline",
            id="a need that is left out",
        ),
    ],
)
def test_a_pipeline_that_cannot_be_is_refused_with_the_reason(
    gitlab_scene: GitLabScene, configuration: str, wish: dict[str, Any], complaint: str
) -> None:
    ci = furnished(gitlab_scene, configuration)

    with pytest.raises(GitlabCreateError) as refused:
        ci.start(**wish)

    assert refused.value.response_code == 400
    assert complaint in str(refused.value.error_message)
    assert ci.project().pipelines.list() == []


def test_a_commit_is_no_ref_and_a_tag_is_one(gitlab_scene: GitLabScene) -> None:
    tree = gitlab_scene.work_tree("raj", name="tagged")
    sha = tree.push({".gitlab-ci.yml": a_job(script="echo $CI_COMMIT_TAG")}, "Start")
    tree.git("push", "--quiet", "origin", "HEAD:refs/tags/v1")
    ci = Ci(gitlab_scene)

    pipeline = ci.ended(ci.start(ref="v1"))

    assert (pipeline.tag, pipeline.sha) == (True, sha)
    assert "\nv1\n" in ci.trace(pipeline, "deploy")
    with pytest.raises(GitlabCreateError, match="Reference not found"):
        ci.start(ref=sha)


def test_a_name_that_is_a_branch_and_a_tag_is_told_apart_by_its_full_name(gitlab_scene: GitLabScene) -> None:
    tree = gitlab_scene.work_tree("raj", name="tagged")
    tree.push({".gitlab-ci.yml": a_job(script="echo there")}, "Start")
    tree.git("push", "--quiet", "origin", "HEAD:refs/tags/main")
    ci = Ci(gitlab_scene)

    assert not ci.start(ref="refs/heads/main").tag
    assert ci.start(ref="refs/tags/main").tag
    with pytest.raises(GitlabCreateError, match="Ref is ambiguous"):
        ci.start(ref="main")


def test_a_project_without_a_configuration_has_no_pipelines(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.work_tree("ana").push({"README.md": "# Nothing\n"}, "Start")

    with pytest.raises(GitlabCreateError, match="Missing CI config file"):
        Ci(gitlab_scene).start()


def test_on_a_protected_branch_only_those_run_pipelines_who_may_move_it(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job("when: manual"))
    pipeline = ci.ended(ci.start())
    rule = Protection(merge_role=Role.MAINTAIN)
    gitlab_scene.sandbox.store.repository(REGISTRY).protections["main"] = rule

    with pytest.raises(GitlabCreateError, match="sufficient permission to run a pipeline on 'main'"):
        ci.start()
    with pytest.raises(GitlabError, match="403 Forbidden"):
        ci.job(pipeline, "deploy").play()
    assert ci.ended(ci.start("ana")).status == "skipped"


def test_a_reporter_may_not_start_a_pipeline(gitlab_scene: GitLabScene) -> None:
    with pytest.raises(GitlabCreateError, match="403 Forbidden"):
        furnished(gitlab_scene, a_job()).start("mei")


def test_a_pipeline_takes_variables_where_its_project_lets_it(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, ANY_VARIABLE)
    variables = [{"key": "REGISTRAR_MODEL", "value": "digits"}]

    pipeline = ci.ended(ci.start(variables=variables))

    assert pipeline.name == "Deploy digits"
    assert [(each.key, each.value) for each in pipeline.variables.list()] == [("REGISTRAR_MODEL", "digits")]
    settings = gitlab_scene.sandbox.store.repository(REGISTRY).settings
    settings.ci_pipeline_variables_minimum_override_role = "no_one_allowed"
    with pytest.raises(GitlabCreateError, match="Insufficient permissions to set pipeline variables"):
        ci.start("ana", variables=variables)
    assert ci.start().id > pipeline.id
    settings.restrict_user_defined_variables = False
    assert ci.ended(ci.start(variables=variables)).name == "Deploy digits"


def test_variables_of_a_pipeline_win_over_all_others(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.add_variable(REGISTRY, "A", "project")
    gitlab_scene.sandbox.add_variable(REGISTRY, "B", "project")
    ci = furnished(
        gitlab_scene, "variables: {A: file, C: file}\n" + a_job("variables: {C: job}", script="echo $A $B $C")
    )

    pipeline = ci.ended(ci.start(variables=[{"key": "A", "value": "pipeline"}]))

    assert "\npipeline project job\n" in ci.trace(pipeline, "deploy")


def test_a_trigger_token_starts_a_pipeline_in_the_name_of_its_maker(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.store.repository(REGISTRY).private = True
    ci = furnished(gitlab_scene, ANY_VARIABLE)
    token = ci.project("ana").triggers.create({"description": "registrar"}).token

    answer = gitlab_scene.answer(
        None,
        "POST",
        f"/projects/{REGISTRY.replace('/', '%2F')}/trigger/pipeline",
        data={"token": token, "ref": "main", "variables[REGISTRAR_MODEL]": "digits"},
    )

    assert answer.status_code == 201
    pipeline = ci.ended(ci.project("ana").pipelines.get(answer.json()["id"]))
    assert (pipeline.source, pipeline.user["username"], pipeline.name) == ("trigger", "ana", "Deploy digits")
    assert '"REGISTRAR_MODEL": "digits"' in ci.trace(pipeline, "deploy")
    assert token not in ci.trace(pipeline, "deploy")


def test_python_gitlab_starts_a_pipeline_with_a_token_and_inputs(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, DEPLOY)
    token = ci.project("ana").triggers.create({"description": "registrar"}).token

    pipeline = ci.project("mei").trigger_pipeline("main", token, inputs={"model": "digits"})

    assert ci.ended(pipeline).status == "success"


def test_a_job_starts_a_pipeline_with_its_own_token(gitlab_scene: GitLabScene) -> None:
    again = """curl --silent --fail --output /dev/null --form token=$CI_JOB_TOKEN --form ref=main
        "$CI_API_V4_URL/projects/$CI_PROJECT_ID/trigger/pipeline" """
    once = f"rules: [{{if: $CI_PIPELINE_SOURCE == 'api'}}]\n  script: >-\n    {' '.join(again.split())}"
    ci = furnished(gitlab_scene, f"again: {{script: 'true', needs: []}}\nask:\n  {once}\n")

    ci.ended(ci.start("raj"))

    found = ci.project().pipelines.list(all=True)
    assert [(each.source, each.status) for each in found] == [("pipeline", "success"), ("api", "success")]
    assert ci.project().pipelines.get(found[0].id).user["username"] == "raj"


def test_a_trigger_token_is_described_otherwise_by_its_maker_alone(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.grant(REGISTRY, "raj", "maintain")
    ci = furnished(gitlab_scene, a_job())
    trigger = ci.project("ana").triggers.create({"description": "registrar"})

    ci.project("ana").triggers.update(trigger.id, {"description": "deploys"})

    assert ci.project("raj").triggers.get(trigger.id).description == "deploys"
    with pytest.raises(GitlabError, match="403 Forbidden"):
        ci.project("raj").triggers.update(trigger.id, {"description": "mine"})


def test_a_trigger_token_takes_texts_alone(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job())
    token = ci.project("ana").triggers.create({"description": "registrar"}).token

    with pytest.raises(GitlabCreateError, match="variables needs to be a map of key-valued strings"):
        ci.project().trigger_pipeline("main", token, variables={"COUNT": 3})


def test_a_token_that_expired_starts_nothing(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job())
    token = ci.project("ana").triggers.create({"description": "registrar", "expires_at": "2026-01-01"}).token

    with pytest.raises(GitlabCreateError, match="404 Not Found"):
        ci.project().trigger_pipeline("main", token)


@pytest.mark.parametrize("revoked", [True, False])
def test_a_token_that_starts_nothing_is_told_that_nothing_is_there(gitlab_scene: GitLabScene, revoked: bool) -> None:  # noqa: FBT001 - a table's column
    ci = furnished(gitlab_scene, a_job())
    trigger = ci.project("ana").triggers.create({"description": "registrar"})
    if revoked:
        trigger.delete()

    with pytest.raises(GitlabCreateError, match="404 Not Found"):
        ci.project().trigger_pipeline("main", trigger.token if revoked else gitlab_scene.token("ana"))


def test_trigger_tokens_are_for_maintainers_and_whole_only_for_their_maker(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.grant(REGISTRY, "raj", "maintain")
    ci = furnished(gitlab_scene, a_job())
    token = ci.project("ana").triggers.create({"description": "registrar"}).token

    assert [each.token for each in ci.project("raj").triggers.list()] == [token[:4]]
    with pytest.raises(GitlabError, match="403 Forbidden"):
        ci.project("registrar-bot").triggers.list()
