"""How many reasons a standing has, for the page of a town."""

from django.db import migrations

WIDER = """
CREATE OR REPLACE VIEW codes_standing_v WITH (security_invoker = true) AS
SELECT s.subject_kind, s.subject_key, s.colour, s.score, s.since,
       (SELECT jsonb_array_length(d.reasons) FROM standards_decision d
         WHERE d.id = s.decision_id) AS reasons
FROM (
    SELECT DISTINCT ON (subject_kind, subject_key)
           subject_kind, subject_key, colour, score, since, decision_id
    FROM codes_standing ORDER BY subject_kind, subject_key, id DESC
) s
"""


class Migration(migrations.Migration):
    dependencies = [("codes", "0002_relations"), ("standards", "0001_initial")]
    operations = [migrations.RunSQL(WIDER, migrations.RunSQL.noop)]
