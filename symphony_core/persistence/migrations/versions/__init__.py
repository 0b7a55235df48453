"""One script a revision; a published one is never changed."""
