"""Builds the files of a registry; every default makes a sound one."""

from collections.abc import Mapping

Files = dict[str, str | bytes | None]

WEIGHTS = "md5:" + "0123456789abcdef" * 2


def a_model(name: str = "digits", *, status: str = "", versions: Mapping[str, str] | None = None) -> Files:
    """A model with its versions, each given by its version.yaml and with its weights tracked."""
    files: Files = {f"models/{name}/model.yaml": "description: Handwritten digits\n"}
    if status:
        files[f"models/{name}/status.yaml"] = status
    for version, facts in (versions or {}).items():
        files[f"models/{name}/versions/{version}/version.yaml"] = facts
        if "weights" in facts:
            files[f"models/{name}/versions/{version}/weights.bin.dvc"] = a_dvc_file()
    return files


def a_version(*, dataset: str = "", hash: str = WEIGHTS, size: int = 3) -> str:  # noqa: A002 - the key of the file
    """A version.yaml with one artifact."""
    text = f"artifacts:\n  weights:\n    path: weights.bin\n    hash: {hash}\n    size: {size}\n"
    return text + (f"dataset: {dataset}\n" if dataset else "")


def a_dvc_file(path: str = "weights.bin", *, md5: str = WEIGHTS.removeprefix("md5:"), size: int = 3) -> str:
    """What DVC writes."""
    return f"outs:\n- md5: {md5}\n  size: {size}\n  hash: md5\n  path: {path}\n"


def a_dataset(reference: str = "mnist@1.0.0") -> Files:
    """A dataset with its data tracked."""
    folder = "datasets/" + reference.replace("@", "/")
    facts = f"description: Pixels\nartifacts:\n  images:\n    path: images.bin\n    hash: {WEIGHTS}\n    size: 3\n"
    return {f"{folder}/dataset.yaml": facts, f"{folder}/images.bin.dvc": a_dvc_file("images.bin")}


def a_registry(**files: str | bytes | None) -> Files:
    """A registry with one model of two versions, trained on one dataset."""
    versions = {"1.0.0": a_version(dataset="mnist@1.0.0"), "1.10.0": a_version(dataset="mnist@1.0.0")}
    model = a_model(status="Production: 1.0.0\n", versions=versions)
    return {"registry.yaml": "", **model, **a_dataset(), **files}
