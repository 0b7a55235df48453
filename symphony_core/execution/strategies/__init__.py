"""How an agent is chosen: one file a strategy."""
