"""A rung is claimed by its moment; a missing notice is said once a month."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """What has fired keeps the moment at which it fired."""

    dependencies: ClassVar = [("clocks", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="NoticeAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("month", models.CharField(max_length=7)),
                ("raised_at", models.DateTimeField()),
            ],
            options={"db_table": "clocks_notice_alarm"},
        ),
        migrations.AddConstraint(
            model_name="noticealarm",
            constraint=models.UniqueConstraint(
                fields=("year", "month"), name="clocks_notice_alarm_once"
            ),
        ),
        migrations.RemoveConstraint(model_name="rung", name="clocks_rung_once"),
        migrations.AddField(
            model_name="rung", name="moment", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL("UPDATE clocks_rung SET moment = fired_at", migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(model_name="rung", name="moment", field=models.DateTimeField()),
        migrations.AddConstraint(
            model_name="rung",
            constraint=models.UniqueConstraint(
                fields=("timer", "rung", "moment"), name="clocks_rung_once"
            ),
        ),
    ]
