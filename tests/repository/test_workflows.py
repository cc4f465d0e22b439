"""What the jobs of GitHub's workflows take from their own repository that have the bot's token."""

import pytest

from registrar.core.setup_jobs import Used
from registrar.repository.workflows import environments_of, used_by_workflows

BOT = "{uses: model-registrar/registrar@v1, with: {command: reconcile, token: '${{ secrets.KEY }}'}}"
FILES = {
    "tools/x.sh": b"",
    "tools/own/action.yml": b"runs: {steps: [{run: ./tools/x.sh}, {uses: ./tools/own}]}",
    ".github/workflows/own.yml": b"jobs: {own: {steps: [{uses: ./tools/other}]}}",
    "action.yml": b"runs: {main: index.js}",
}


def used(*steps: str, more: str = "", job: str = "") -> list[tuple[str, Used]]:
    text = f"{more}\njobs:\n  bot:\n    steps: [{', '.join((BOT, *steps))}]\n{job}"
    found = used_by_workflows(
        {"bot.yml": text.encode()}, repository="acme/registry", read=FILES.get, is_file=FILES.__contains__
    )
    return [(path, each) for path, several in found.items() for each in several]


@pytest.mark.parametrize(
    ("step", "taken"),
    [
        pytest.param("{uses: ./tools/none}", Used("tools/none"), id="an action"),
        pytest.param("{uses: ./}", Used("action.yml"), id="the repository as an action"),
        pytest.param("{uses: Acme/Registry/tools/own@next}", Used("tools/own", "next"), id="at another ref"),
        pytest.param("{uses: acme/registry@next}", Used("action.yml", "next"), id="itself at another ref"),
    ],
)
def test_what_a_step_uses_of_its_own_repository_is_told(step: str, taken: Used) -> None:
    assert used(step) == [("bot.yml", taken)]


def test_what_is_used_is_followed() -> None:
    assert used("{uses: ./tools/own}") == [
        ("bot.yml", Used("tools/own")),
        ("tools/own/action.yml", Used("tools/x.sh")),
        ("tools/own/action.yml", Used("tools/own")),
    ]


@pytest.mark.parametrize(
    ("checkout", "told"),
    [
        pytest.param("actions/checkout@v5", True, id="its own"),
        pytest.param("actions/checkout@v5, with: {repository: acme/app}", False, id="another one's"),
        pytest.param("acme/setup@v5", False, id="none"),
    ],
)
@pytest.mark.parametrize("run", ["run: tools/x.sh", "run: ./x.sh, working-directory: tools"])
def test_a_script_is_run_where_the_repository_is_checked_out(checkout: str, run: str, *, told: bool) -> None:
    assert used(f"{{uses: {checkout}}}", f"{{{run}}}") == ([("bot.yml", Used("tools/x.sh"))] if told else [])


@pytest.mark.parametrize(
    ("more", "job", "told"),
    [
        pytest.param("", "env: {KEY: '${{ secrets.KEY }}'}, ", True, id="the bot's secret"),
        pytest.param("", "env: {KEY: \"${{ secrets['KEY'] }}\"}, ", True, id="written otherwise"),
        pytest.param("env: {KEY: '${{ secrets.KEY }}'}", "", True, id="of every job"),
        pytest.param(
            "", "env: {KEY: '${{ secrets.OTHER }} ${{ secrets.GITHUB_TOKEN }}'}, ", False, id="another secret"
        ),
        pytest.param("", "secrets: inherit, ", True, id="every secret"),
    ],
)
def test_other_jobs_count_that_have_what_the_bot_has(more: str, job: str, *, told: bool) -> None:
    other = f"  other: {{{job}uses: ./.github/workflows/own.yml}}"

    found = used(more=more, job=other)

    assert [each.path for _, each in found] == ([".github/workflows/own.yml", "tools/other"] if told else [])


@pytest.mark.parametrize(
    ("job", "told"),
    [
        pytest.param("environment: registrar, steps: [{run: 'registrar reconcile ${{ secrets.KEY }}'}]", ["registrar"]),
        pytest.param("environment: {name: x}, steps: [{run: 'registrar reconcile ${{ secrets.KEY }}'}]", ["x"]),
        pytest.param("steps: [{run: 'registrar reconcile ${{ secrets.KEY }}'}]", [""], id="none"),
        pytest.param("steps: [{run: 'registrar reconcile ${{ secrets.GITHUB_TOKEN }}'}]", [], id="no secret"),
        pytest.param("steps: [{run: 'registrar check ${{ secrets.KEY }}'}]", [], id="no bot"),
    ],
)
def test_the_environment_of_the_bots_job_is_told(job: str, told: list[str]) -> None:
    found = environments_of({"bot.yml": f"jobs: {{bot: {{{job}}}}}".encode()})

    assert [name for _, name in found] == told
