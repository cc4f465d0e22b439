"""What the file of a workflow says about how it is started.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatch
"""

from registrar.core.setup import Untold
from registrar.core.setup_pipelines import Pipeline
from registry_schema.document import Document, InvalidFile, load

_STARTED_BY = "workflow_dispatch"


def as_pipeline(text: bytes, path: str, *, page: str) -> Pipeline:
    """The workflow as a pipeline that a deploy may start."""
    try:
        file = load(text, path)
    except InvalidFile as error:
        return Pipeline(page=page, takes=Untold(f"{path} cannot be read here: {error.problems[0].message}"))
    if not _is_started_by_hand(file):
        mend = f"add on: {_STARTED_BY}, with the inputs that docs/deploys.md lists, to {page}"
        return Pipeline(f"{path} has no {_STARTED_BY}, so it cannot be started", mend)
    inputs = {str(keys[-1]): value for keys, value in file.find("on", _STARTED_BY, "inputs", "*")}
    demanded = {
        name
        for name, value in inputs.items()
        if isinstance(value, dict) and value.get("required") and "default" not in value
    }
    title = next((str(value) for _, value in file.find("run-name")), "")
    return Pipeline(page=page, takes=frozenset(inputs), demands=frozenset(demanded), is_titled="operation" in title)


def _is_started_by_hand(file: Document) -> bool:
    started_by = next((value for _, value in file.find("on")), None)
    if isinstance(started_by, dict | list):
        return _STARTED_BY in started_by
    return started_by == _STARTED_BY
