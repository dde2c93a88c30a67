"""Columns that the library of figures needs, and one row for each dispatch."""

from django.db import migrations

MATTERS = """
CREATE OR REPLACE VIEW cases_case_v WITH (security_invoker = true) AS
SELECT c.id, c.number, c.title, c.kind, c.class_code, c.state, c.grade, c.area_path,
       a.name AS area_name, c.concerns, c.source, c.raised_at, c.filed_at, c.closed_at,
       c.due_at, c.paused, c.rating, c.round_no, c.returns, c.reworks,
       lead.due_at AS promised_at, lead.unit_id AS holder_id, u.name AS holder_name,
       c.solved, c.unreasonable, c.malicious, c.raised_by_key = '' AS anonymous, c.sensitive,
       c.redos, c.reopenings, c.repeats, c.supervised, c.master_id,
       (SELECT min(p.dispatched_at) FROM cases_part p
         WHERE p.case_id = c.id AND p.role = 'lead') AS first_dispatched_at,
       (SELECT min(p.signed_at) FROM cases_part p
         WHERE p.case_id = c.id AND p.role = 'lead') AS first_signed_at,
       (SELECT max(p.fed_back_at) FROM cases_part p
         WHERE p.case_id = c.id AND p.role = 'lead') AS fed_back_at,
       (SELECT max(r.verified_at) FROM cases_round r WHERE r.case_id = c.id) AS checked_at,
       EXISTS (SELECT 1 FROM cases_part p JOIN cases_round r ON r.id = p.round_id
                WHERE p.case_id = c.id AND r.no = c.round_no AND p.role = 'lead'
                  AND p.extended AND p.state NOT IN ('returned', 'withdrawn')) AS extended,
       EXISTS (SELECT 1 FROM cases_supervision s WHERE s.case_id = c.id) AS listed
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
PARTS = """
CREATE VIEW cases_part_v WITH (security_invoker = true) AS
SELECT p.id, p.case_id, c.number, c.title, c.kind, c.class_code, c.sensitive, c.area_path,
       a.name AS area_name, p.unit_id, u.name AS unit_name, p.role, p.state, c.state AS case_state,
       r.no AS round_no, p.dispatched_at, p.return_until, p.signed_at, p.fed_back_at, p.due_at,
       p.forced, p.extended
FROM cases_part p
JOIN cases_round r ON r.id = p.round_id
JOIN cases_case c ON c.id = p.case_id
JOIN registry_area a ON a.id = c.area_id
JOIN registry_unit u ON u.id = p.unit_id
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_carry_forward")]
    operations = [
        migrations.RunSQL(MATTERS, migrations.RunSQL.noop),
        migrations.RunSQL(PARTS, "DROP VIEW cases_part_v"),
    ]
