"""Read-only views for figures; described in relations.py."""

from django.db import migrations

MAKE = """
CREATE VIEW registry_area_v WITH (security_invoker = true) AS
SELECT id, code, name, level, grid_kind, path,
       NULLIF(split_part(path, '/', 2), '') AS county_code,
       NULLIF(split_part(path, '/', 3), '') AS town_code,
       valid_from, valid_to
FROM registry_area;

CREATE VIEW registry_organisation_v WITH (security_invoker = true) AS
SELECT o.id, o.name, o.industry, o.is_above_scale, o.area_id, a.path AS area_path,
       NULLIF(split_part(a.path, '/', 2), '') AS county_code,
       NULLIF(split_part(a.path, '/', 3), '') AS town_code,
       o.longitude, o.latitude, o.registered_at, o.closed_on
FROM registry_organisation o JOIN registry_area a ON a.id = o.area_id;
"""
DROP = "DROP VIEW IF EXISTS registry_organisation_v; DROP VIEW IF EXISTS registry_area_v;"


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_areas")]
    operations = [migrations.RunSQL(MAKE, DROP)]
