"""What a verification verified, and how it was, for the rate of checks that passed."""

from django.db import migrations

WIDER = """
CREATE OR REPLACE VIEW fieldwork_visit_v WITH (security_invoker = true) AS
SELECT id, kind, area_path, COALESCE(organisation_id::text, '') AS organisation_key, received_at,
       passed, verifies_kind, verifies_key
FROM fieldwork_visit
"""


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0002_relations")]
    operations = [migrations.RunSQL(WIDER, migrations.RunSQL.noop)]
