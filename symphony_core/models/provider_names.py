"""The providers a model's name may start with, and what each needs from the environment.

A table of our own, so that a name can be checked without importing pydantic-ai; a test holds it
against the providers pydantic-ai has. Left out are its stand-ins (`test`), those that need a
browser to sign in, those that answer no questions (speech, embeddings), and `litellm`, which
without settings would send prompts to somebody else's server.
"""

from importlib.util import find_spec
from typing import NamedTuple


class Provider(NamedTuple):
    """One of the variables in `any_of` must be set; `sdk` is the module that `extra` installs.

    `any_of` is empty where credentials may come from elsewhere, such as a cloud's own files.
    """

    any_of: tuple[str, ...]
    extra: str = "openai"
    sdk: str = "openai"

    @property
    def is_installed(self) -> bool:
        """Whether the provider's own library is here."""
        try:
            return find_spec(self.sdk) is not None
        except ModuleNotFoundError:  # the package around a module like google.genai
            return False


_OPENAI = Provider(("OPENAI_API_KEY", "OPENAI_BASE_URL"))
_AZURE = Provider(("AZURE_OPENAI_ENDPOINT",))

PROVIDERS: dict[str, Provider] = {
    "alibaba": Provider(("ALIBABA_API_KEY", "DASHSCOPE_API_KEY")),
    "anthropic": Provider(("ANTHROPIC_API_KEY",), "anthropic", "anthropic"),
    "azure": _AZURE,
    "azure-responses": _AZURE,
    "bedrock": Provider((), "bedrock", "boto3"),
    "cerebras": Provider(("CEREBRAS_API_KEY",)),
    "cohere": Provider(("CO_API_KEY",), "cohere", "cohere"),
    "crusoe": Provider(("CRUSOE_API_KEY",)),
    "deepseek": Provider(("DEEPSEEK_API_KEY",)),
    "fireworks": Provider(("FIREWORKS_API_KEY",)),
    "google": Provider(("GOOGLE_API_KEY", "GEMINI_API_KEY"), "google", "google.genai"),
    "google-cloud": Provider((), "google", "google.genai"),
    "groq": Provider(("GROQ_API_KEY",), "groq", "groq"),
    "heroku": Provider(("HEROKU_INFERENCE_KEY",)),
    "huggingface": Provider(("HF_TOKEN",), "huggingface", "huggingface_hub"),
    "meta": Provider(("META_API_KEY",)),
    "mistral": Provider(("MISTRAL_API_KEY",), "mistral", "mistralai"),
    "moonshotai": Provider(("MOONSHOTAI_API_KEY",)),
    "nebius": Provider(("NEBIUS_API_KEY",)),
    "ollama": Provider(("OLLAMA_BASE_URL",)),
    "openai": _OPENAI,
    "openai-chat": _OPENAI,
    "openai-responses": _OPENAI,
    "openrouter": Provider(("OPENROUTER_API_KEY",)),
    "ovhcloud": Provider(("OVHCLOUD_API_KEY",)),
    "sambanova": Provider(("SAMBANOVA_API_KEY",)),
    "snowflake": Provider(("SNOWFLAKE_ACCOUNT",), "snowflake"),
    "together": Provider(("TOGETHER_API_KEY",)),
    "vercel": Provider(("VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN")),
    "vllm": Provider(("VLLM_BASE_URL",)),
    "xai": Provider(("XAI_API_KEY",), "xai", "xai_sdk"),
    "zai": Provider(("ZAI_API_KEY",)),
}
