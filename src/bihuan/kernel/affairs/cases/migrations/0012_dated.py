"""What happened to which matter and when, from indexes alone: a month's figures read that month."""

from django.db import migrations, models

DATED = """
CREATE VIEW cases_dated_v WITH (security_invoker = true) AS
SELECT id AS case_id, 'raised_at' AS what, raised_at AS at FROM cases_case
UNION ALL SELECT id, 'filed_at', filed_at FROM cases_case WHERE filed_at IS NOT NULL
UNION ALL SELECT id, 'closed_at', closed_at FROM cases_case WHERE closed_at IS NOT NULL
UNION ALL SELECT id, 'due_at', cases_rank(due_at, paused) FROM cases_case
    WHERE state NOT IN ('rejected', 'voided', 'withdrawn', 'closed', 'evaluated', 'merged')
UNION ALL SELECT case_id, 'first_dispatched_at', dispatched_at FROM cases_part
UNION ALL SELECT case_id, 'promised_at', due_at FROM cases_part WHERE due_at IS NOT NULL
UNION ALL SELECT case_id, 'fed_back_at', fed_back_at FROM cases_part WHERE fed_back_at IS NOT NULL
"""


def add(model, name, field, **more):
    return migrations.AddIndex(model_name=model, index=models.Index(fields=[field], name=name, **more))


def known(field):
    return {'condition': models.Q((f'{field}__isnull', False))}


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_contact_and_standing")]
    operations = [
        add('case', 'cases_case_ended', 'closed_at', **known('closed_at')),
        add('part', 'cases_part_dispatched', 'dispatched_at'),
        add('part', 'cases_part_promised', 'due_at', **known('due_at')),
        add('part', 'cases_part_fed_back', 'fed_back_at', **known('fed_back_at')),
        migrations.RunSQL(DATED, "DROP VIEW cases_dated_v"),
    ]
