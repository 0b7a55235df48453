"""What the import contract cannot see: pages, sizes, and what nobody may do."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = [*ROOT.glob("symphony_core/**/*.py"), *ROOT.glob("dashboard/**/*.py")]
PAGES = list(ROOT.glob("pages/*.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_knows_the_dashboard_only_and_is_short(page: Path) -> None:
    source = page.read_text(encoding="utf-8")
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert "symphony_core" not in imported
    assert len(source.splitlines()) <= 120


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = [p.name for p in CODE if len(p.read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []


def keeps_everything(node: ast.AST) -> bool:
    """Whether this catches whatever is raised and does not raise it again."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
    last = node.body[-1]
    return caught and not (isinstance(last, ast.Raise) and last.exc is None)


def test_only_four_places_catch_every_exception() -> None:
    places = [
        path.relative_to(ROOT).as_posix()
        for path in [*CODE, *PAGES, ROOT / "app.py"]
        if any(map(keeps_everything, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    ]
    assert sorted(places) == [
        "symphony_core/orchestration/runner.py",
        "symphony_core/outcomes.py",
        "symphony_core/persistence/jobs.py",
        "symphony_core/runtime/worker.py",
    ]


def test_fragments_are_made_in_one_place_only() -> None:
    places = [
        path.relative_to(ROOT).as_posix()
        for path in [*CODE, *PAGES]
        if "st.fragment" in path.read_text(encoding="utf-8")
    ]
    assert places == ["dashboard/components/fragments.py"]
