"""The view that figures, exports and the wall read."""

from django.db import migrations

MAKE = """
CREATE VIEW cases_case_v WITH (security_invoker = true) AS
SELECT c.id, c.number, c.title, c.kind, c.class_code, c.state, c.grade, c.area_path,
       a.name AS area_name, c.concerns, c.source, c.raised_at, c.filed_at, c.closed_at,
       c.due_at, c.paused, c.rating, c.round_no, c.returns, c.reworks,
       lead.due_at AS promised_at, lead.unit_id AS holder_id, u.name AS holder_name
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
    dependencies = [("cases", "0002_numbers_and_hands"), ("registry", "0003_views")]
    operations = [migrations.RunSQL(MAKE, "DROP VIEW cases_case_v")]
