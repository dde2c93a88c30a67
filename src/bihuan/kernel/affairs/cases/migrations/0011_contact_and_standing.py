"""First contact with who raised a matter; what was recorded of it, as a view; the open ones."""

from django.db import migrations, models

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
       EXISTS (SELECT 1 FROM cases_supervision s WHERE s.case_id = c.id) AS listed,
       (SELECT min(p.contact_until) FROM cases_part p
         WHERE p.case_id = c.id AND p.role = 'lead'
           AND p.state NOT IN ('returned', 'withdrawn')) AS contact_until,
       (SELECT min(p.contacted_at) FROM cases_part p WHERE p.case_id = c.id) AS contacted_at
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
OPEN = """
CREATE VIEW cases_open_v WITH (security_invoker = true) AS
SELECT c.id, c.number, c.title, c.kind, c.class_code, c.state, c.area_path, c.raised_at, c.due_at,
       c.paused, c.sensitive, c.supervised,
       (SELECT a.name FROM registry_area a WHERE a.id = c.area_id) AS area_name,
       (SELECT u.name FROM cases_part p JOIN cases_round r ON r.id = p.round_id
          JOIN registry_unit u ON u.id = p.unit_id
         WHERE p.case_id = c.id AND r.no = c.round_no AND p.role = 'lead'
           AND p.state NOT IN ('returned', 'withdrawn')
         ORDER BY p.id DESC LIMIT 1) AS holder_name
FROM cases_case c
WHERE NOT (c.state IN ('rejected', 'voided', 'withdrawn', 'closed', 'evaluated', 'merged'))
"""
TOLD = """
CREATE VIEW cases_told_v WITH (security_invoker = true) AS
SELECT f.id, c.id AS case_id, f.at, f.name AS fact,
       CASE f.name
           WHEN 'cases.case_opened.v1' THEN 'reported'
           WHEN 'cases.part_moved.v1' THEN f.payload ->> 'case_state'
           ELSE f.payload ->> 'target' END AS state,
       CASE f.name WHEN 'cases.case_moved.v1' THEN f.payload ->> 'source' END AS was,
       CASE f.name
           WHEN 'cases.case_opened.v1' THEN
               (SELECT t.due_at FROM clocks_timer t
                 WHERE t.subject_kind = f.subject_kind AND t.subject_key = f.subject_key
                   AND t.name = 'accept.1')
           WHEN 'cases.part_moved.v1' THEN (f.payload ->> 'case_due_at')::timestamptz
           ELSE (f.payload ->> 'due_at')::timestamptz END AS due_at,
       c.number, c.title, c.kind, c.class_code, c.sensitive, c.area_path, c.closed_at, c.raised_at,
       (SELECT a.name FROM registry_area a WHERE a.id = c.area_id) AS area_name
FROM cases_case c
JOIN events_fact f
  ON f.subject_kind = 'cases.case' AND f.subject_key = c.id::text
 AND c.id = CASE WHEN f.subject_kind = 'cases.case' THEN f.subject_key::bigint END
WHERE f.name IN ('cases.case_opened.v1', 'cases.case_moved.v1', 'cases.part_moved.v1',
                 'clocks.due_moved.v1')
UNION ALL
SELECT f.id, c.id, f.at, f.name, NULL, NULL, (f.payload ->> 'due_at')::timestamptz,
       c.number, c.title, c.kind, c.class_code, c.sensitive, c.area_path, c.closed_at, c.raised_at,
       (SELECT a.name FROM registry_area a WHERE a.id = c.area_id)
FROM cases_case c
JOIN cases_part p ON p.case_id = c.id AND p.role = 'lead'
JOIN events_fact f ON f.subject_kind = 'cases.part' AND f.subject_key = p.id::text
WHERE f.name = 'clocks.due_moved.v1'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_changed_limits"),
        ("clocks", "0001_initial"),
        ("events", "0001_initial"),
    ]
    operations = [
        migrations.AddField("part", "contact_until", models.DateTimeField(null=True)),
        migrations.AddField("part", "contacted_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "part", "contact_channel", models.CharField(blank=True, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "part",
            models.CheckConstraint(
                condition=models.Q(("contact_channel", ""), ("contacted_at__isnull", True))
                | models.Q(
                    ("contact_channel__in", ["phone", "visit", "message", "answer"]),
                    ("contacted_at__isnull", False),
                ),
                name="cases_part_contact_has_channel",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["closed_at"],
                condition=models.Q(("closed_at__isnull", False)),
                name="cases_case_closed",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["filed_at"], name="cases_case_filed"),
        ),
        migrations.RunSQL(MATTERS, migrations.RunSQL.noop),
        migrations.RunSQL(OPEN, "DROP VIEW cases_open_v"),
        migrations.RunSQL(TOLD, "DROP VIEW cases_told_v"),
    ]
