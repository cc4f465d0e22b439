"""What a `.gitlab-ci.yml` says about how its pipeline is started.

https://docs.gitlab.com/ci/inputs/#define-input-parameters-with-specinputs
"""

import re

from registrar.core.setup import Untold
from registrar.core.setup_pipelines import Pipeline
from registry_schema.document import Document, InvalidFile, load

_BETWEEN = re.compile(rb"^---[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def as_pipeline(text: bytes, path: str, *, is_told: bool, page: str) -> Pipeline:
    """The configuration as a pipeline that a deploy may start; `is_told`: a variable that we can read holds the key."""
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    try:
        files = [load(part, path) for part in parts]
    except InvalidFile as error:
        return Pipeline(page=page, takes=Untold(f"{path} cannot be read here: {error.problems[0].message}"))
    inputs = {str(keys[-1]): value for file in files for keys, value in file.find("spec", "inputs", "*")}
    demanded = {name for name, value in inputs.items() if not isinstance(value, dict) or "default" not in value}
    is_titled = is_told or any(_names_its_runs(file) for file in files)
    return Pipeline(page=page, takes=frozenset(inputs), demands=frozenset(demanded), is_titled=is_titled)


def _names_its_runs(file: Document) -> bool:
    """Whether the operation key is in the name of the pipeline, or may be in what the file includes."""
    name = next((str(value) for _, value in file.find("workflow", "name")), "")
    return "operation" in name or any(file.find("include"))
