"""A run as a file that can be kept and sent: HTML, Markdown or JSON."""
