import subprocess
import sys

import pytest
from pydantic_ai.providers import infer_provider_class

from symphony_core.errors import ModelUnavailable
from symphony_core.models import catalog, weights
from symphony_core.models.embedded_server import missing_features
from symphony_core.models.provider_names import COMPATIBLE, PROVIDERS


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in ("SYMPHONY_MODEL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OLLAMA_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "label", "says"),
    [
        ("embedded", "SmolLM2-135M (embedded)", "not to be trusted"),
        ("embedded:/no/such/qwen2.5.gguf", "qwen2.5 (embedded)", None),
        ("scripted", "Scripted model", "no model was asked"),
        ("scripted:/no/such/script.json", "Scripted model", "no model was asked"),
        ("openai-chat:gpt-x", "gpt-x", None),
        ("openai:gpt-x", "gpt-x", None),
        ("ollama:qwen3:0.6b", "qwen3:0.6b", None),
        ("anthropic:claude-x", "claude-x", None),
    ],
)
def test_a_model_is_described_whether_it_can_be_used_or_not(name, label, says):
    shown = catalog.describe(name)
    assert (shown.name, shown.label) == (name, label)
    assert says in shown.remark if says else shown.remark is None
    assert catalog.open_model(name) is catalog.open_model(f" {name} ")


@pytest.mark.parametrize(
    "name",
    ["gpt-x", "openai-chat:", "nobody:x", "test", "test:x", "litellm:x", "embedded:", ":", "x:y:z"],
)
def test_a_name_that_cannot_be_read_is_an_error_that_shows_the_way(name):
    for use in (catalog.open_model, catalog.describe):
        with pytest.raises(ModelUnavailable, match="'embedded', 'scripted', or PROVIDER:NAME"):
            use(name)
    assert not catalog.availability(name).ready


def test_the_environment_decides_the_default_then_a_choice_then_symphony(monkeypatch):
    assert catalog.default_name(None) == catalog.DEFAULT == "embedded"
    assert catalog.default_name("scripted") == "scripted"
    monkeypatch.setenv("SYMPHONY_MODEL", " openai-chat:gpt-x ")
    assert catalog.default_name("scripted") == "openai-chat:gpt-x"


def test_the_default_is_the_first_to_choose_from():
    assert [model.name for model in catalog.choices("embedded")] == ["embedded", "scripted"]
    names = [model.name for model in catalog.choices("openai-chat:gpt-x")]
    assert names == ["openai-chat:gpt-x", "embedded", "scripted"]


def test_a_default_that_cannot_be_read_is_listed_with_its_reason():
    assert "There is no model 'gpt-x'" in (catalog.choices("gpt-x")[0].remark or "")


def test_a_provider_is_available_once_its_key_is_set(monkeypatch):
    before = catalog.availability("openai-chat:gpt-x")
    assert not before.ready
    assert "OPENAI_API_KEY" in before.text
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-0123")
    assert catalog.availability("openai-chat:gpt-x").ready
    assert "sk-secret" not in catalog.availability("openai-chat:gpt-x").text


def test_a_provider_whose_library_is_missing_names_the_extra_to_install():
    state = catalog.availability("xai:grok-x")
    assert (state.ready, state.word) == (False, "Not installed")
    assert f'{sys.executable} -m pip install "pydantic-ai-slim[xai]' in state.to_do


def test_files_that_are_not_there_make_a_model_unavailable(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMPHONY_MODELS", str(tmp_path))
    assert "first use fetches it" in catalog.availability("embedded").text
    assert "no file" in catalog.availability(f"embedded:{tmp_path}/x.gguf").text
    assert "no script" in catalog.availability(f"scripted:{tmp_path}/x.json").text
    weights.path().write_bytes(b"GGUF")
    assert catalog.availability("embedded").ready
    assert catalog.availability("scripted").ready


@pytest.mark.parametrize("name", sorted(PROVIDERS.keys() - {COMPATIBLE}))
def test_every_provider_of_ours_is_one_of_pydantic_ai(name):
    if PROVIDERS[name].is_installed:
        assert infer_provider_class(name)
    else:  # a name that pydantic-ai does not have would be a ValueError
        with pytest.raises(ImportError, match=rf"\[{PROVIDERS[name].extra}\]"):
            infer_provider_class(name)


@pytest.mark.parametrize(
    ("cpuinfo", "missing"),
    [
        ("processor: 0\nflags\t\t: fpu avx avx2 fma f16c bmi1 bmi2\n", ()),
        ("processor: 0\nflags\t\t: fpu avx f16c\n", ("avx2", "fma", "bmi2")),
        ("no such line", ()),
    ],
)
def test_a_processor_without_what_the_wheel_uses_is_recognised(cpuinfo, missing):
    assert missing_features(cpuinfo) == missing


def test_the_catalog_imports_nothing_heavy():
    code = (
        "import sys, symphony_core.models.catalog as c; c.choices('embedded'); c.open_model('embedded'); "
        "c.availability('openai-chat:x'); "
        "print([m for m in ('pydantic_ai', 'openai', 'httpx2', 'xllamacpp') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
