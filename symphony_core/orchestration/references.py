"""Prompt templates under their public name; agents need them too, so they lie further down."""

from symphony_core.errors import TemplateError
from symphony_core.references import check, find, render

__all__ = ["TemplateError", "check", "find", "render"]
