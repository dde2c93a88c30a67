"""The view that figures and the wall read."""

from django.db import migrations

MAKE = """
CREATE VIEW codes_standing_v WITH (security_invoker = true) AS
SELECT DISTINCT ON (subject_kind, subject_key)
       subject_kind, subject_key, colour, score, since
FROM codes_standing ORDER BY subject_kind, subject_key, id DESC
"""


class Migration(migrations.Migration):
    dependencies = [("codes", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, "DROP VIEW codes_standing_v")]
