"""The providers a model's name may start with, and what each needs from the environment.

A table of our own, so that a name can be checked without importing pydantic-ai; a test holds it
against the providers pydantic-ai has. Left out are its stand-ins (`test`), those that need a
browser to sign in, those that answer no questions (speech, embeddings), and `litellm`, which
without settings would send prompts to somebody else's server.
"""

from importlib.util import find_spec
from typing import NamedTuple

from symphony_core.models.scrub import is_secret_name

COMPATIBLE = "openai-compatible"
"""Any server that speaks OpenAI's chat API, at an address of one's own."""


class Listing(NamedTuple):
    """Where below its address a provider tells its models, and in which header it wants a key."""

    path: str = "models"
    header: str = "Authorization"


class Provider(NamedTuple):
    """One of the variables in `any_of` must be set; `sdk` is the module that `extra` installs.

    `any_of` is empty where credentials may come from elsewhere, such as a cloud's own files. The
    provider is at `address`, unless the variable `address_in` is set, or a profile has an address
    of its own where the provider `takes_address`; it tells its models if it has a `listing`.
    """

    any_of: tuple[str, ...]
    extra: str = "openai"
    sdk: str = "openai"
    address: str = ""
    address_in: str = ""
    takes_address: bool = False
    listing: Listing | None = None

    @property
    def is_installed(self) -> bool:
        """Whether the provider's own library is here."""
        try:
            return find_spec(self.sdk) is not None
        except ModuleNotFoundError:  # the package around a module like google.genai
            return False

    @property
    def key_variables(self) -> tuple[str, ...]:
        """Those of the variables that hold a key."""
        return tuple(filter(is_secret_name, self.any_of))


_OPENAI = Provider(
    ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
    address="https://api.openai.com/v1",
    address_in="OPENAI_BASE_URL",
    takes_address=True,
    listing=Listing(),
)
_AZURE = Provider(("AZURE_OPENAI_ENDPOINT",), takes_address=True)

PROVIDERS: dict[str, Provider] = {
    "alibaba": Provider(("ALIBABA_API_KEY", "DASHSCOPE_API_KEY")),
    "anthropic": Provider(
        ("ANTHROPIC_API_KEY",),
        extra="anthropic",
        sdk="anthropic",
        address="https://api.anthropic.com",
        address_in="ANTHROPIC_BASE_URL",
        takes_address=True,
        listing=Listing("v1/models?limit=1000", "x-api-key"),
    ),
    "azure": _AZURE,
    "azure-responses": _AZURE,
    "bedrock": Provider((), "bedrock", "boto3", takes_address=True),
    "cerebras": Provider(("CEREBRAS_API_KEY",)),
    "cohere": Provider(("CO_API_KEY",), "cohere", "cohere"),
    "crusoe": Provider(("CRUSOE_API_KEY",)),
    "deepseek": Provider(("DEEPSEEK_API_KEY",)),
    "fireworks": Provider(("FIREWORKS_API_KEY",)),
    "google": Provider(
        ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        extra="google",
        sdk="google.genai",
        address="https://generativelanguage.googleapis.com",
        address_in="GOOGLE_GEMINI_BASE_URL",
        takes_address=True,
        listing=Listing("v1beta/models?pageSize=1000", "x-goog-api-key"),
    ),
    "google-cloud": Provider((), "google", "google.genai"),
    "groq": Provider(
        ("GROQ_API_KEY",),
        extra="groq",
        sdk="groq",
        address="https://api.groq.com",
        address_in="GROQ_BASE_URL",
        takes_address=True,
        listing=Listing("openai/v1/models"),
    ),
    "heroku": Provider(("HEROKU_INFERENCE_KEY",)),
    "huggingface": Provider(("HF_TOKEN",), "huggingface", "huggingface_hub"),
    "meta": Provider(("META_API_KEY",)),
    "mistral": Provider(
        ("MISTRAL_API_KEY",),
        extra="mistral",
        sdk="mistralai",
        address="https://api.mistral.ai",
        takes_address=True,
        listing=Listing("v1/models"),
    ),
    "moonshotai": Provider(("MOONSHOTAI_API_KEY",)),
    "nebius": Provider(("NEBIUS_API_KEY",)),
    "ollama": Provider(
        ("OLLAMA_BASE_URL",),
        address_in="OLLAMA_BASE_URL",
        takes_address=True,
        listing=Listing("../api/tags"),
    ),
    "openai": _OPENAI,
    "openai-chat": _OPENAI,
    COMPATIBLE: Provider((), takes_address=True, listing=Listing()),
    "openai-responses": _OPENAI,
    "openrouter": Provider(
        ("OPENROUTER_API_KEY",),
        address="https://openrouter.ai/api/v1",
        takes_address=True,
        listing=Listing(),
    ),
    "ovhcloud": Provider(("OVHCLOUD_API_KEY",)),
    "sambanova": Provider(("SAMBANOVA_API_KEY",)),
    "snowflake": Provider(("SNOWFLAKE_ACCOUNT",), "snowflake"),
    "together": Provider(("TOGETHER_API_KEY",)),
    "vercel": Provider(("VERCEL_AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN")),
    "vllm": Provider(
        ("VLLM_BASE_URL",), address_in="VLLM_BASE_URL", takes_address=True, listing=Listing()
    ),
    "xai": Provider(("XAI_API_KEY",), "xai", "xai_sdk"),
    "zai": Provider(("ZAI_API_KEY",)),
}
