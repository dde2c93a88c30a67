"""Lists that stay flat: by deadline from an index alone, and search by pairs of letters."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

BIGRAMS = """
CREATE FUNCTION cases_bigrams(VARIADIC said text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5000 RETURN (
    SELECT coalesce(array_agg(substr(big, n, 2)), '{}')
    FROM unnest(said) AS part, upper(part) AS big, generate_series(1, length(big) - 1) AS n
)
"""

ENDED = ["rejected", "voided", "withdrawn", "closed", "evaluated", "merged"]
OPEN = models.Q(("state__in", ENDED), _negated=True)
SHOWN = ("state", "area_path", "sensitive", "paused", "orange_at", "yellow_at")


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_figures")]
    operations = [
        migrations.RunSQL(BIGRAMS, "DROP FUNCTION cases_bigrams(text[])"),
        migrations.RemoveIndex(
            model_name='case',
            name='cases_case_open_due',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=OPEN, fields=['due_at', 'id'], include=SHOWN, name='cases_case_open_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=OPEN, fields=['state', 'due_at'], name='cases_case_open_state'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(models.Func('title', 'place', 'number', function='cases_bigrams', output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)), name='cases_case_bigrams'),
        ),
    ]
