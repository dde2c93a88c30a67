"""The sequence of numbers, and: a hand of a round may not verify it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE cases_number_seq",
            "DROP SEQUENCE cases_number_seq",
        ),
        migrations.RunSQL(
            "ALTER TABLE cases_round ADD CONSTRAINT cases_round_another_person_verifies "
            "CHECK (verified_by IS NULL OR verified_by <> ALL (hands))",
            "ALTER TABLE cases_round DROP CONSTRAINT cases_round_another_person_verifies",
        ),
    ]
