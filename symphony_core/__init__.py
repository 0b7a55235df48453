"""Compose LLM agents into workflows and run them; a library without any user interface."""

__version__ = "0.1.0"
