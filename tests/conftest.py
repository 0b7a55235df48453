"""What all tests share: a data folder of their own, and the scripted model."""

from pathlib import Path

import pytest

from symphony_core.orchestration import register_orchestration_components
from symphony_core.registry import ServiceRegistry


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees another's data, or asks a real model unless it says so."""
    monkeypatch.setenv("SYMPHONY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SYMPHONY_DATABASE_URL", raising=False)
    monkeypatch.setenv("SYMPHONY_MODEL", "scripted")
    return tmp_path


@pytest.fixture
def registry() -> ServiceRegistry:
    """A fresh registry with everything in memory."""
    fresh = ServiceRegistry()
    register_orchestration_components(fresh)
    return fresh
