"""Running single tasks: hooks, retries, batches, routing, tracking."""
