"""Publishing and withdrawing versions; recording answers. The sender makes the ids."""
