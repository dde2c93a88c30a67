"""The view that coverage figures read."""

from django.db import migrations

MAKE = """
CREATE VIEW fieldwork_visit_v WITH (security_invoker = true) AS
SELECT id, kind, area_path, COALESCE(organisation_id::text, '') AS organisation_key, received_at
FROM fieldwork_visit
"""


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, "DROP VIEW fieldwork_visit_v")]
