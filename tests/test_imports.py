"""Imports run one way: whoever reads a folder knows what it can depend on."""

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = {"registrar": ROOT / "bot" / "registrar", "registry_schema": ROOT / "registry_schema"}

_CORE = {"core", "errors", "registry_schema"}
_SHELL = _CORE | {"repository", "forges", "artifacts", "deploys", "notices", "rendering", "observing", "registrar"}
_TOP = _SHELL | {"handlers", "engine", "database", "addresses", "settings", "bootstrap"}

# Of each part, the parts that it may import. "registrar" is the package itself, for its version.
ARROWS: Mapping[str, set[str]] = {
    "registry_schema": set(),
    "registrar": set(),
    "errors": {"registry_schema"},
    "core": {"errors", "registry_schema"},
    "observing": set(),
    "repository": _CORE | {"observing", "addresses"},
    "forges": _CORE | {"observing"},
    "artifacts": _CORE,
    "deploys": _CORE,
    "notices": _CORE,
    "migration": _CORE | {"repository", "artifacts"},
    "rendering": _CORE,
    "addresses": set(),
    "arguments": set(),
    "settings": {"errors", "addresses", "registry_schema"},
    "handlers": _SHELL,
    "database": {"core", "errors"},
    "engine": _SHELL | {"handlers", "database"},
    "rendering_jobs": _CORE | {"rendering"},
    "bootstrap": _TOP - {"bootstrap"},
    "ci": _CORE | {"addresses", "arguments", "forges", "observing", "rendering_jobs", "repository", "settings"},
    "serverless": _SHELL | {"handlers", "settings", "bootstrap"},
    "web": _TOP,
    "demo": _TOP | {"web", "sandbox"},
    "cli": _TOP | {"web", "sandbox", "demo", "migration", "serverless", "ci", "rendering_jobs", "arguments"},
    "__main__": {"cli"},
    "sandbox": {"registrar"},  # a forge: it knows nothing of registries
}

_ACTING = {"asyncio", "ctypes", "http", "importlib", "io", "locale", "logging", "multiprocessing", "os", "pathlib"}
_ACTING |= {"platform", "random", "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess"}
_ACTING |= {"sys", "tempfile", "threading", "time", "urllib", "uuid"}

# All that a module of the core may import: itself, what has no side, and libraries that only compute.
MAY_DECIDE = sys.stdlib_module_names - _ACTING | _CORE | {"croniter", "pathspec", "semver"}


def part_of(module: str) -> str:
    names = module.split(".")
    return names[1] if names[0] == "registrar" and len(names) > 1 else names[0]


def imported_by(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(level=0, module=str(module), names=names):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)
            case ast.ImportFrom(lineno=line):
                yield line, "."  # a relative import hides which arrow it is


def modules() -> Iterator[tuple[str, Path]]:
    for package, folder in SOURCES.items():
        for file in sorted(folder.rglob("*.py")):
            names = [package, *file.relative_to(folder).with_suffix("").parts]
            yield ".".join(name for name in names if name != "__init__"), file


def target_of(name: str, parts: set[str]) -> str:
    part = part_of(name)
    return part if part in parts else "registrar"  # `from registrar import __version__`


def wrong_arrows() -> Iterator[str]:
    for module, file in modules():
        part = part_of(module)
        for line, name in imported_by(file):
            if name.split(".")[0] not in {*SOURCES, ""}:
                continue
            target = target_of(name, set(ARROWS)) if name != "." else "a relative import"
            if target != part and target not in ARROWS.get(part, set()):
                yield f"{file.relative_to(ROOT)}:{line}: {part} imports {target}"


def test_imports_run_one_way() -> None:
    assert list(wrong_arrows()) == []


def test_every_part_has_its_arrows() -> None:
    assert {part_of(module) for module, _ in modules()} <= set(ARROWS)


def test_no_arrow_leads_back() -> None:
    TopologicalSorter(ARROWS).prepare()  # raises CycleError


def test_the_core_imports_nothing_that_acts() -> None:
    imports = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for module, file in modules()
        if part_of(module) == "core"
        for line, name in imported_by(file)
        if part_of(name) not in MAY_DECIDE
    ]

    assert imports == []
