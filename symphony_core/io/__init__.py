"""Import and export of workflows and agents as documents. Reading is pure parsing."""
