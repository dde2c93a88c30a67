"""The workshop. No civic noun occurs here."""
