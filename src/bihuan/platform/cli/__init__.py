"""The command `bihuan`: serving the demo, and Django's commands grouped by scene or room."""
