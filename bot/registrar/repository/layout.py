"""Names of `core.layout`, for those who still look for them here."""

from registrar.core.layout import (
    dataset_folder,
    dataset_path,
    dvc_path,
    model_of_path,
    model_path,
    status_path,
    version_folder,
    version_path,
)

__all__ = [
    "dataset_folder",
    "dataset_path",
    "dvc_path",
    "model_of_path",
    "model_path",
    "status_path",
    "version_folder",
    "version_path",
]
