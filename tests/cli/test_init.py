"""`registrar init` makes a registry of a folder and breaks nothing in it."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from dvc.repo import Repo

from registrar.cli.program import main
from registry_schema import Approvals, BreakGlass, Registry, read_registry
from registry_schema.approvals import ModelApprovals

FILES = (
    ".dvc/config",
    ".github/CODEOWNERS",
    ".github/workflows/registrar-bot.yml",
    ".github/workflows/registrar-reviewed.yml",
    ".github/workflows/registrar.yml",
    ".gitignore",
    ".gitlab-ci.yml",
    "README.md",
    "registry.yaml",
)


def files_in(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and ".git/" not in f"{path}"
    )


def test_a_registry_starts_with_everything_it_needs(tmp_path: Path) -> None:
    code = main(["init", str(tmp_path / "registry"), "--remote", "s3://acme-models", "--admins", "@ana", "@acme/ml"])

    assert code == 0
    assert files_in(tmp_path / "registry") == sorted(FILES)
    assert "*                            @ana @acme/ml\n" in (tmp_path / "registry/.github/CODEOWNERS").read_text()


def test_a_gitlab_registry_has_what_gitlab_reads_and_nothing_of_github(tmp_path: Path) -> None:
    main(
        ["init", str(tmp_path), "--remote", "s3://acme-models", "--forge", "gitlab", "--admins", "@acme/ml", "@@owners"]
    )

    ours = {*(path for path in FILES if not path.startswith(".github/")), ".gitlab/CODEOWNERS"}
    assert files_in(tmp_path) == sorted(ours)
    assert "*                            @acme/ml @@owners\n" in (tmp_path / ".gitlab/CODEOWNERS").read_text()
    everything = "".join((tmp_path / path).read_text() for path in ours)
    assert "ithub" not in everything
    assert "pull request" not in everything


def test_a_gitlab_registry_says_what_to_set_on_gitlab(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", str(tmp_path), "--remote", "s3://acme-models", "--forge", "gitlab", "--base", "trunk"])

    page = (tmp_path / "README.md").read_text()
    assert "*Pipelines must succeed*" in page
    assert "| `trunk`: nobody may push" in page
    assert "| `REGISTRAR_TOKEN`: the token of the bot, masked and protected |" in page
    assert "`/webhooks/gitlab`" not in page
    assert "set on GitLab what README.md lists" in capsys.readouterr().out


def test_a_program_is_told_what_was_written_and_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "README.md").write_text("ours\n")

    code = main(["init", str(tmp_path / "registry"), "--base", "trunk", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told.pop("next")[0] == "name in CODEOWNERS who may approve: until then nobody can"
    assert told == {
        "directory": str(tmp_path / "registry"),
        "forge": "github",
        "base": "trunk",
        "new": [path for path in told["new"] if path != "README.md"],
        "left_alone": ["README.md"],
        "unused": [],
        "storage": str(tmp_path / "registry-storage"),
    }
    assert sorted(told["new"]) == sorted(path for path in FILES if path != "README.md")


def test_a_github_registry_says_nothing_of_gitlab(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", str(tmp_path), "--remote", "s3://acme-models"])

    assert "GitLab" not in (tmp_path / "README.md").read_text() + capsys.readouterr().out


@pytest.mark.parametrize(
    ("origin", "codeowners"),
    [
        pytest.param("git@gitlab.com:acme/ml/registry.git", ".gitlab/CODEOWNERS", id="GitLab"),
        pytest.param("https://gitlab.acme.org/acme/r.git", ".gitlab/CODEOWNERS", id="a GitLab of one's own"),
        pytest.param("https://github.com/acme/registry.git", ".github/CODEOWNERS", id="GitHub"),
        pytest.param("/srv/git/registry.git", ".github/CODEOWNERS", id="a folder"),
    ],
)
def test_the_forge_is_what_origin_says(tmp_path: Path, origin: str, codeowners: str) -> None:
    for command in (["init", "--quiet"], ["remote", "add", "origin", origin]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)

    main(["init", str(tmp_path), "--remote", "s3://acme-models"])

    assert (tmp_path / codeowners).is_file()


def test_where_origin_says_nothing_the_setting_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRAR_FORGE", "gitlab")

    main(["init", str(tmp_path), "--remote", "s3://acme-models"])

    assert (tmp_path / ".gitlab/CODEOWNERS").is_file()


def test_files_that_exist_are_left_alone_and_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text("mine\n")

    main(["init", str(tmp_path), "--remote", "s3://acme-models"])

    assert (tmp_path / "README.md").read_text() == "mine\n"
    assert "left alone  README.md" in capsys.readouterr().out


def test_starting_again_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", str(tmp_path), "--remote", "s3://acme-models", "--admins", "@ana"])
    before = {path: (tmp_path / path).read_bytes() for path in FILES}
    capsys.readouterr()

    code = main(["init", str(tmp_path), "--remote", "s3://another"])

    assert code == 0
    assert {path: (tmp_path / path).read_bytes() for path in FILES} == before
    assert "new " not in capsys.readouterr().out


def test_it_says_which_wish_it_dropped_because_the_file_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path), "--remote", "s3://acme-models", "--admins", "@ana"])
    capsys.readouterr()

    main(["init", str(tmp_path), "--remote", "s3://another", "--admins", "@ana"])

    shown = capsys.readouterr().out
    assert "left alone  .dvc/config, so --remote changes nothing; edit the file\n" in shown
    assert "left alone  .github/CODEOWNERS\n" in shown


def test_without_a_remote_dvc_stores_in_a_folder_beside_the_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "registry").mkdir()
    monkeypatch.chdir(tmp_path / "registry")

    code = main(["init"])

    storage = tmp_path / "registry-storage"
    with Repo(".") as repo:
        assert repo.cloud.get_remote().path == str(storage)
    assert (code, storage.is_dir()) == (0, True)
    assert f"stores weights and datasets in {storage}, which this machine alone can reach" in capsys.readouterr().out


def uncommented(text: str, title: str) -> str:
    """The part of registry.yaml below the line that begins with these words, without its comment signs."""
    part = text.partition(f"\n# {title}")[2].partition("\n#\n")[2].partition("\n\n")[0]
    return "\n".join(line.removeprefix("# ") for line in part.splitlines()) + "\n"


def test_what_registry_yaml_calls_a_default_is_one(tmp_path: Path) -> None:
    main(["init", str(tmp_path)])
    text = (tmp_path / "registry.yaml").read_text()

    assert read_registry(uncommented(text, "Defaults").encode(), "registry.yaml") == Registry()
    assert read_registry(text.encode(), "registry.yaml") == Registry()


def test_the_examples_of_registry_yaml_can_be_taken_as_they_are(tmp_path: Path) -> None:
    main(["init", str(tmp_path)])
    text = (tmp_path / "registry.yaml").read_text()
    gates, soak, models, *others = (
        uncommented(f"\n# Example{each}", "Example") for each in text.split("\n# Example")[1:]
    )
    bar, source = "    promotes_from: [Development, QA]\n", "    promotes_from: [Staging]\n"
    needed = "      permission: admin            # on GitLab the role Owner; `maintain` lets maintainers approve too\n"

    rules = uncommented(text, "Defaults")
    for line, example in {bar: gates, source: soak, needed: models}.items():
        assert line in rules
        rules = rules.replace(line, line + example, 1)

    read = read_registry("".join([rules, *others]).encode(), "registry.yaml")
    production = read.statuses["Production"]
    assert [gate.metric for gate in read.statuses["Staging"].gates] == ["accuracy"]
    assert production.soak == timedelta(hours=72)
    assert production.approvals == Approvals(for_models=(ModelApprovals(("risk/**",), count=2),))
    assert [deploy.pipeline for deploy in read.deploys] == ["deploy.yml"]
    assert (read.rules.approvals.count, len(read.freezes), read.break_glass) == (2, 1, BreakGlass(("@acme/oncall",)))


def test_a_link_that_leads_nowhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "registry.yaml").symlink_to(tmp_path.parent / "elsewhere.yaml")

    main(["init", str(tmp_path), "--remote", "s3://acme-models"])

    assert not (tmp_path.parent / "elsewhere.yaml").exists()


def test_dvc_itself_reads_the_remote_where_the_person_meant_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    main(["init", "registry", "--remote", "storage"])

    with Repo("registry") as repo:
        assert repo.cloud.get_remote().path == str(tmp_path / "storage")


def test_git_keeps_weights_out_and_descriptions_in(tmp_path: Path) -> None:
    main(["init", str(tmp_path), "--remote", "s3://acme-models"])
    ignored = [
        "models/a/b/versions/1.0.0/model.joblib",
        "datasets/digits/1/train.csv",
        ".dvc/cache/x",
        ".dvc/config.local",
    ]
    kept = [
        "models/a/model.yaml",
        "models/a/b/versions/1.0.0/version.yaml",
        "models/a/b/versions/1.0.0/model.joblib.dvc",
        "datasets/digits/1/dataset.yaml",
        "datasets/digits/1/train.csv.dvc",
        ".dvc/config",
    ]

    done = subprocess.run(
        ["git", "check-ignore", "--no-index", *ignored, *kept], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ignored


def test_without_admins_it_says_that_nobody_can_approve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", str(tmp_path), "--remote", "s3://acme-models"])

    assert "name in CODEOWNERS who may approve" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(["--remote", "https://u:pa55@host/x"], "holds a password", id="password in the remote"),
        pytest.param(["--remote", "a\nb"], "neither a folder nor an address", id="remote of two lines"),
        pytest.param(["--remote", " "], "neither a folder nor an address", id="blank remote"),
        pytest.param(["--remote", "x", "--admins", "ana"], "did you mean @ana?", id="admin without @"),
        pytest.param(["--remote", "x", "--admins", "@@owners"], "write @person", id="a role of GitLab on GitHub"),
        pytest.param(["--remote", "x", "--forge", "gitlab", "--admins", "@@all"], "@group", id="no role of GitLab"),
        pytest.param(["--remote", "x", "--admins", "@a\n* @eve"], "write @person", id="admin of two lines"),
    ],
)
def test_a_wish_that_cannot_be_meant_writes_nothing(
    options: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["init", str(tmp_path / "registry"), *options])

    assert code == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "registry").exists()


@pytest.mark.parametrize("server", [pytest.param([], id="jobs"), pytest.param(["--server"], id="a server")])
@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_the_forges_accept_the_jobs(forge: str, server: list[str], tmp_path: Path) -> None:
    main(["init", str(tmp_path), "--remote", "s3://x", "--forge", forge, "--base", 'odd"$branch', *server])
    workflows = [str(path) for path in (tmp_path / ".github/workflows").glob("*.yml")]
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]

    done = [
        subprocess.run([*check, schema, *files], check=False).returncode
        for schema, files in {
            "vendor.github-workflows": workflows,
            "vendor.gitlab-ci": [str(tmp_path / ".gitlab-ci.yml")],
        }.items()
        if files
    ]

    assert set(done) == {0}
    assert len(workflows) == (0 if forge == "gitlab" else 1 if server else 3)


def test_a_bot_without_a_server_begins_once_it_has_an_account(tmp_path: Path) -> None:
    main(["init", str(tmp_path / "hub"), "--remote", "s3://acme-models"])
    main(["init", str(tmp_path / "lab"), "--remote", "s3://acme-models", "--forge", "gitlab"])

    job = yaml.safe_load((tmp_path / "hub/.github/workflows/registrar-bot.yml").read_text())["jobs"]["reconcile"]
    pipeline = yaml.safe_load((tmp_path / "lab/.gitlab-ci.yml").read_text())
    assert job["if"].startswith("vars.APP_ID != '' && ")
    assert [step["uses"].partition("@")[0] for step in job["steps"]] == [
        "actions/create-github-app-token",
        "model-registrar/registrar",
    ]
    assert pipeline["registrar-reconcile"]["rules"] == [
        {"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $REGISTRAR_TOKEN"}
    ]


@pytest.mark.parametrize("name", ["registrar-bot", "registrar-reviewed"])
def test_the_page_on_jobs_shows_what_is_written(name: str, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/serverless.md").read_text()
    main(["init", str(tmp_path), "--remote", "s3://acme-models"])

    written = yaml.safe_load((tmp_path / f".github/workflows/{name}.yml").read_text())
    shown = yaml.safe_load(page.partition(f"# .github/workflows/{name}.yml")[2].partition("\n")[2].partition("```")[0])
    for job in (*written["jobs"].values(), *shown["jobs"].values()):
        job.pop("timeout-minutes", None)
        job["steps"] = [{**step, "uses": step.get("uses", "").partition("@")[0]} for step in job["steps"]]
        job["steps"][-1].get("with", {}).pop("base", None)
    assert shown == written


def test_a_run_that_is_skipped_drops_none_that_waits(tmp_path: Path) -> None:
    main(["init", str(tmp_path), "--remote", "s3://acme-models"])

    workflow = yaml.safe_load((tmp_path / ".github/workflows/registrar-bot.yml").read_text())
    assert "concurrency" not in workflow  # a workflow's holds before any `if`: our own comment would drop an approval
    assert workflow["jobs"]["reconcile"]["concurrency"] == "registrar"


def test_where_a_server_is_the_bot_no_job_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", str(tmp_path), "--remote", "s3://acme-models", "--forge", "gitlab", "--server"])

    pipeline = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text())
    assert [each["inputs"] for each in pipeline["include"]] == [{"command": "check"}]
    assert "`/webhooks/gitlab`" in (tmp_path / "README.md").read_text()
    assert "start the bot: registrar serve" in capsys.readouterr().out
