"""Golden tasks and whole stories, in a real browser."""
