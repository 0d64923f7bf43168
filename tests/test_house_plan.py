"""The house plan, held by reading every import: arrows run one way."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "rsa_viz").rglob("*.py")])

# Which parts of rsa_viz a part may import, itself aside.
MAY_IMPORT = {
    "core": set(),
    "tasks": {"core"},
    "lessons": {"core", "tasks"},
    "texts": {"core"},
    "llm": {"core"},
    "engine": {"core"},
    "store": {"core"},
    "analysis": {"core"},
    "figures": {"analysis", "core"},
    "exports": {"analysis", "core", "figures"},
    "service": {"analysis", "core", "engine", "exports", "lessons", "llm", "store", "tasks"},
    "cli": {"analysis", "core", "lessons", "service", "store", "tasks"},
    "pages": {"analysis", "core", "figures", "lessons", "service", "store", "tasks", "texts"},
    "training": {"core", "tasks"},
}
# Libraries that only some parts may import; the first of a part's path counts.
ONLY_IN = {
    "streamlit": {"pages"},
    "plotly": {"figures"},
    "networkx": {"analysis"},
    "sqlmodel": {"store"},
    "sqlalchemy": {"store"},
    "litellm": {"llm"},
    "torch": {"training"},
}


def part_of(path: Path) -> str:
    """The part of the house in which a file stands."""
    if path.name == "app.py" or "pages" in path.relative_to(ROOT).parts:
        return "pages"
    return path.relative_to(ROOT / "rsa_viz").parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every imported module by its full name, and whether it is imported when the file is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(outer)
    }
    package = path.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) not in inside
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: -node.level]) if node.level else ""
            if node.level and node.module is None:
                for alias in node.names:
                    yield f"{base}.{alias.name}", id(node) not in inside
            else:
                yield ".".join(filter(None, [base, node.module])), id(node) not in inside


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_the_house_plan_allows(path: Path) -> None:
    part = part_of(path)
    for module, _ in imports(path):
        first, *rest = module.split(".")
        assert part in ONLY_IN.get(first, {part}), f"{module} may not be imported in {part}"
        if first == "pages":
            assert part == "pages", f"{part} may not import a page"
        if first == "rsa_viz" and rest and rest[0] != "__version__" and part in MAY_IMPORT:
            assert rest[0] in MAY_IMPORT[part] | {part}, f"{part} may not import rsa_viz.{rest[0]}"


@pytest.mark.parametrize("path", [path for path in SOURCES if part_of(path) == "core"], ids=lambda path: path.stem)
def test_core_needs_the_standard_library_alone(path: Path) -> None:
    for module, _ in imports(path):
        first = module.split(".")[0]
        assert first == "rsa_viz" or first in sys.stdlib_module_names, module


def test_litellm_is_imported_only_when_a_call_is_made() -> None:
    for path in SOURCES:
        assert not [module for module, at_once in imports(path) if at_once and module.split(".")[0] == "litellm"], path


def test_torch_is_imported_only_when_it_is_needed() -> None:
    for path in SOURCES:
        assert not [module for module, at_once in imports(path) if at_once and module.split(".")[0] == "torch"], path


def test_every_part_has_its_row_in_the_plan() -> None:
    parts = {part_of(path) for path in SOURCES} - {"__init__", "__main__"}
    assert parts == set(MAY_IMPORT)


def test_no_file_names_an_index_or_a_home_folder() -> None:
    hosts = re.compile(r"pypi|pythonhosted|registry\.npmjs|deb\.debian|/home/|/root/|/work/", re.IGNORECASE)
    skipped = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__", "data"}
    for path in ROOT.rglob("*"):
        if skipped & set(path.relative_to(ROOT).parts) or not path.is_file() or path == Path(__file__).resolve():
            continue
        if path.suffix in {".py", ".md", ".txt", ".toml", ".lock", ".sh", ""}:
            found = hosts.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{path} names {found and found[0]}"
