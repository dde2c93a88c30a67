"""Load the areas that ship, so that every installation and every test database has them."""

from datetime import date

from django.db import migrations

from bihuan.kernel.ground.registry import gazetteer


def load(apps, schema_editor):
    Area = apps.get_model("registry", "Area")
    ids = {}
    for level in ("city", "county", "town", "village"):
        made = Area.objects.bulk_create(
            Area(
                code=row.code,
                name=row.name,
                level=row.level,
                path=row.path,
                parent_id=ids.get(row.parent_code),
                aliases=list(row.aliases),
                sort_key=row.sort_key,
                initials=row.initials,
                longitude=row.longitude,
                latitude=row.latitude,
                valid_from=date(2023, 1, 1),
            )
            for row in gazetteer.rows()
            if row.level == level
        )
        ids.update({row.code: row.pk for row in made})


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
