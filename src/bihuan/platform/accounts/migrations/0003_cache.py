"""The table of Django's database cache: tries to sign in are counted for all processes together."""

from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE IF NOT EXISTS accounts_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_second_factor")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE IF EXISTS accounts_cache")]
