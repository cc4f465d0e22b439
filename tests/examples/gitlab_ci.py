"""Knows how a pipeline runs that uses the component: gitlab-ci-local fetches it from the forge, as GitLab would."""

import subprocess

from component.scene import Project
from examples.places import ROOT
from examples.stage import Stage
from nodes import Node
from registrar import __version__
from registrar.sandbox import git

COMPONENT = "model-registrar/registrar"
HELD = f"$CI_SERVER_FQDN/{COMPONENT}/registrar@{__version__}"
PIPELINE = ".gitlab-ci.yml"


def hold_component(stage: Stage) -> None:
    """Publish the component, which installs nothing: Registrar is at hand, where a user's image may have it."""
    stage.sandbox.add_organization("model-registrar")
    stage.sandbox.add_repository(COMPONENT)
    template = (ROOT / "templates/registrar/template.yml").read_text()
    at_hand = template.replace(f"default: model-registrar=={__version__}", 'default: ""')
    assert at_hand != template
    sha = stage.push(COMPONENT, {"templates/registrar/template.yml": at_hand}, by="ana")
    git.keep_ref(stage.repository(COMPONENT).path, f"refs/tags/{__version__}", sha)


def a_clone(stage: Stage, node: Node, name: str, **variables: str) -> Project:
    """A clone of a project, as a runner makes one, with the variables of its settings."""
    folder, home = stage.folder / name.rpartition("/")[2], stage.folder / "home"
    home.mkdir(exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", f"{stage.sandbox.url}/{name}.git", folder], check=True)
    known = {
        "CI_SERVER_URL": stage.sandbox.url,
        "CI_SERVER_FQDN": stage.sandbox.url.removeprefix("http://"),
        "CI_JOB_TOKEN": stage.token("mei"),
        "CI_PROJECT_URL": f"{stage.sandbox.url}/{name}",
    }
    return Project(stage.sandbox, folder, node, home, known | variables)
