"""Knows how a repository with GTO's tags is read: tags, annotations, and weights as DVC or git keeps them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from registrar.artifacts.dvc_settings import CONFIG
from registrar.core.gto_history import GtoArtifact, GtoVersion, artifacts_in
from registrar.core.importing import ForeignModel, ForeignVersion, LeftOut
from registrar.errors import RegistrarError, Unknown
from registrar.migration.commit_weights import bring_by_dvc, bring_by_hash
from registrar.migration.foreign import packed, without_secrets
from registrar.migration.gto_annotations import Annotation, annotation
from registrar.repository.commit_objects import is_commit
from registrar.repository.git import GitRepository
from registrar.repository.processes import NETWORK_TIMEOUT, GitFailed, run_git
from registrar.repository.revisions import origin_address
from registrar.repository.tags import tags_of_clone
from registry_schema import Source

_ADDRESS = re.compile(r"[a-z+]+://|[\w.-]+@[\w.-]+:")
_DATASET = "dataset"
_POINTER = b"version https://git-lfs.github.com/spec/"  # https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md


class GtoRegistry:
    """A clone of the repository, which stays as it is."""

    def __init__(self, git: GitRepository, address: str, *, is_elsewhere: bool = False) -> None:
        """The address is what versions name as the repository of their code; empty: nobody knows it.

        `is_elsewhere`: the clone was made for this alone, so nobody here has agreed to what its files let DVC do.
        """
        self._git = git
        self._is_elsewhere = is_elsewhere
        self._address = without_secrets(address)
        self._known: dict[str, tuple[str, str]] = {}  # commit and path of the weights, by the tag of a version

    @property
    def title(self) -> str:
        """What a person calls it."""
        return f"GTO in {self._address or self._git.directory}"

    def models(self) -> tuple[Sequence[ForeignModel], Sequence[LeftOut]]:
        """Every artifact with its versions, as GTO shows them."""
        found: list[ForeignModel] = []
        left_out: list[LeftOut] = []
        tags = (tag for tag in tags_of_clone(self._git) if is_commit(self._git.objects, tag.commit))
        for artifact in artifacts_in(tags):
            said = self._said(artifact)
            refusal = _refusal(artifact, said)
            if refusal is not None:
                left_out.append(LeftOut(artifact.name, refusal))
                continue
            left_out += [_unnamed(artifact.name, stage, commit) for stage, commit in artifact.unnamed.items()]
            versions = tuple(self._version(artifact, version, said) for version in artifact.versions)
            labels = f"Labels in GTO: {', '.join(said.labels)}" if said.labels else ""
            found.append(
                ForeignModel(name=artifact.name, description=said.description, notes=labels, versions=versions)
            )
        return found, left_out

    def weights(self, version: ForeignVersion) -> str:
        """The path, and the commit at which it is meant."""
        commit, path = self._known.get(version.called, ("", ""))
        return f"{path} at {commit[:7]}" if path else ""

    def fetch(self, version: ForeignVersion, *, into: Path) -> Path:
        """Bring the weights from git, or from wherever DVC keeps them."""
        commit, path = self._known[version.called]
        parts = PurePosixPath(path).parts
        if not parts or ".." in parts:  # it would be written beside `into`, or all of the repository into it
            raise Unknown(
                f"{path} at {commit[:7]} names nothing in the repository; mend it in artifacts.yaml or dvc.yaml"
            )
        target = into / parts[-1]
        if self._is_elsewhere or self._git.entry(commit, CONFIG) is None:
            bring_by_hash(self._git, commit, path, target)
        else:
            bring_by_dvc(self._top, commit, path, target)
        if target.is_file() and _is_pointer(target):
            raise Unknown(
                f"{path} at {commit[:7]} is kept by Git LFS: pull it, and bring it along by registrar register"
            )
        return packed(target, target.with_name(f"{target.name}.tar")) if target.is_dir() else target

    @property
    def _top(self) -> Path:
        folder = self._git.objects.workdir
        return Path(folder) if folder is not None else self._git.directory

    def _said(self, artifact: GtoArtifact) -> Annotation:
        """What is said of it by now, or else at its newest version."""
        commits = [self._git.resolve("HEAD"), *(version.tag.commit for version in reversed(artifact.versions))]
        said = (annotation(self._git, commit, artifact.name) for commit in commits)
        return next((each for each in said if each is not None), Annotation())

    def _version(self, artifact: GtoArtifact, version: GtoVersion, by_now: Annotation) -> ForeignVersion:
        tag = version.tag
        said = annotation(self._git, tag.commit, artifact.name) or by_now
        if said.path:
            self._known[tag.name] = (tag.commit, said.path)
        by = f" by {tag.tagger}" if tag.tagger else ""
        words = (tag.message.strip(), f"Registered in GTO{by}, as {tag.name}.")
        return ForeignVersion(
            version=version.version,
            called=tag.name,
            description="\n\n".join(filter(None, words)),
            created=tag.at,
            source=Source(self._address, tag.commit) if self._address else None,
            stages=version.stages,
        )


@contextmanager
def gto_registry(place: str) -> Iterator[GtoRegistry]:
    """The registry in a folder, or behind an address, of which a clone is made meanwhile."""
    if not _ADDRESS.match(place):
        git = GitRepository.of_checkout(Path(place))
        yield GtoRegistry(git, origin_address(git) or "")
        return
    with TemporaryDirectory(prefix="registrar-") as folder:
        try:
            run_git(Path(folder), "clone", "--quiet", "--no-checkout", "--", place, "gto", timeout=NETWORK_TIMEOUT)
        except GitFailed as failure:
            raise RegistrarError(without_secrets(f"{place} cannot be cloned: {failure}")) from failure
        yield GtoRegistry(GitRepository.of_checkout(Path(folder) / "gto"), place, is_elsewhere=True)


def _is_pointer(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(len(_POINTER)) == _POINTER


def _refusal(artifact: GtoArtifact, said: Annotation) -> str | None:
    if artifact.is_deprecated:
        return "it is deprecated"
    if said.type == _DATASET:
        return "it is a dataset; a version names what it was trained on: registrar register --dataset"
    return None if artifact.versions else "no version of it is registered"


def _unnamed(name: str, stage: str, commit: str) -> LeftOut:
    why = f"it stands on {commit[:7]}, which no one version names; run gto register {name} {commit[:7]} first"
    return LeftOut(f"{stage} of {name}", why)
