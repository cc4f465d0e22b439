"""Builds a project with a pipeline on the sandbox forge, and starts it as people and programs do."""

from dataclasses import dataclass
from typing import Any

from sandbox.gitlab_scene import REGISTRY, GitLabScene
from waiting import until

PASSWORD = "open sesame"


@dataclass(frozen=True, slots=True)
class Ci:
    """The project of a scene, with a configuration on its default branch."""

    scene: GitLabScene

    def project(self, login: str = "registrar-bot") -> Any:
        return self.scene.registry(login)

    def start(self, login: str = "registrar-bot", **wish: Any) -> Any:
        return self.project(login).pipelines.create({"ref": "main", **wish})

    def ended(self, pipeline: Any) -> Any:
        """The pipeline when nothing more happens in it by itself."""
        self.scene.sandbox.drain()
        pipeline.refresh()
        return pipeline

    def job(self, pipeline: Any, name: str, login: str = "registrar-bot") -> Any:
        (number,) = (each.id for each in pipeline.jobs.list(all=True) if each.name == name)
        return self.project(login).jobs.get(number)

    def trace(self, pipeline: Any, name: str) -> str:
        trace: bytes = self.job(pipeline, name).trace()
        return trace.decode()

    def states(self, pipeline: Any) -> dict[str, str]:
        return {each.name: each.status for each in pipeline.jobs.list(all=True)}

    def until_running(self, pipeline: Any, name: str, *, said: str) -> Any:
        """The job as soon as it said something."""
        until(lambda: said in self.trace(pipeline, name), otherwise=f"{name} never said {said}")
        return self.job(pipeline, name)


def furnished(scene: GitLabScene, configuration: str, **files: str) -> Ci:
    """A project whose pipelines are those that a test starts."""
    scene.sandbox.store.repository(REGISTRY).settings.begins_pipelines = False
    scene.sandbox.add_secret(REGISTRY, "PASSWORD", PASSWORD)
    contents = {".gitlab-ci.yml": configuration, "weights.txt": "weights\n", **files}
    scene.work_tree("ana").push(contents, "Start")
    return Ci(scene)
