"""What cannot work is said in one sentence on every page, and no page fails."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import ENTRY, Open, texts
from tests.support.processes import PATIENCE

PAGES = ("home", "templates", "agents", "runs", "run", "settings")


@pytest.mark.parametrize("name", PAGES)
def test_a_damaged_database_is_named_with_the_way_out(name: str, own_place: Path) -> None:
    (own_place / "data").mkdir()
    (own_place / "data" / "symphony.db").write_bytes(b"garbage" * 1000)
    at = AppTest.from_file(str(ENTRY), default_timeout=PATIENCE).run()
    if name != "home":
        at.switch_page(f"../pages/{name}.py").run()
    assert not at.exception
    assert "is not a database" in texts(at)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("nonsense:x", "There is no model 'nonsense:x'"),
        ("openai-chat:gpt-x", "needs OPENAI_API_KEY"),
        ("embedded:/nowhere.gguf", "There is no file '/nowhere.gguf'"),
        ("scripted:/nowhere.json", "There is no script '/nowhere.json'"),
    ],
)
def test_a_model_that_cannot_answer_is_named_before_it_is_asked(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, model: str, words: str
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("SYMPHONY_MODEL", model)
    assert words in texts(open_page("home")).replace("\\", "")
