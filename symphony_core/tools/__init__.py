"""What an agent can do besides writing: tools that its model may call."""
