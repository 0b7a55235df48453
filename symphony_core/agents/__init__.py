"""Agents: a configuration bound to a model."""
