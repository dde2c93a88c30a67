"""What stood before keeps its meaning: redos counted, first units named, windows set; a wider view."""

from django.db import migrations

CARRY = """
UPDATE cases_case SET redos = round_no - 1 WHERE round_no > 1;
UPDATE cases_round SET kind = 'redo' WHERE no > 1;
UPDATE cases_case c SET first_contact_id = p.unit_id
FROM cases_part p
WHERE p.id = (
    SELECT q.id FROM cases_part q WHERE q.case_id = c.id AND q.role = 'lead'
    ORDER BY q.signed_at IS NULL, q.id LIMIT 1
);
UPDATE cases_case SET reopen_until = closed_at + interval '30 days'
WHERE state IN ('closed', 'evaluated');
"""

WIDER = """
CREATE OR REPLACE VIEW cases_case_v WITH (security_invoker = true) AS
SELECT c.id, c.number, c.title, c.kind, c.class_code, c.state, c.grade, c.area_path,
       a.name AS area_name, c.concerns, c.source, c.raised_at, c.filed_at, c.closed_at,
       c.due_at, c.paused, c.rating, c.round_no, c.returns, c.reworks,
       lead.due_at AS promised_at, lead.unit_id AS holder_id, u.name AS holder_name,
       c.solved, c.unreasonable, c.malicious, c.raised_by_key = '' AS anonymous, c.sensitive,
       c.redos, c.reopenings, c.repeats, c.supervised, c.master_id
FROM cases_case c
JOIN registry_area a ON a.id = c.area_id
LEFT JOIN LATERAL (
    SELECT p.due_at, p.unit_id FROM cases_part p JOIN cases_round r ON r.id = p.round_id
    WHERE p.case_id = c.id AND r.no = c.round_no AND p.role = 'lead'
      AND p.state NOT IN ('returned', 'withdrawn')
    ORDER BY p.id DESC LIMIT 1
) lead ON true
LEFT JOIN registry_unit u ON u.id = lead.unit_id
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_classes_asking_and_what_stands_beside")]
    operations = [
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.RunSQL(WIDER, migrations.RunSQL.noop),
    ]
