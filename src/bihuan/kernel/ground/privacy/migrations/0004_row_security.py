"""Row security on looks and consents: the second wall (decision 0009)."""

from django.db import migrations

PEOPLE = (
    "COALESCE((SELECT string_to_array(NULLIF(current_setting('bihuan.people', true), ''), ',')"
    "::uuid[]), ARRAY[]::uuid[])"
)
COUNTY = "(SELECT NULLIF(current_setting('bihuan.county', true), ''))"

FORWARDS = f"""
ALTER TABLE privacy_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE privacy_look FORCE ROW LEVEL SECURITY;
CREATE POLICY privacy_look_seen ON privacy_look FOR SELECT USING (
    county = {COUNTY} OR {COUNTY} = '*'
    OR person_id = ANY ({PEOPLE}) OR asker_id = ANY ({PEOPLE}));
CREATE POLICY privacy_look_written ON privacy_look FOR INSERT WITH CHECK (
    asker_id = ANY ({PEOPLE}) OR (asker_id IS NULL AND person_id = ANY ({PEOPLE})));
ALTER TABLE privacy_consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE privacy_consent FORCE ROW LEVEL SECURITY;
CREATE POLICY privacy_consent_seen ON privacy_consent FOR SELECT USING (
    person_id = ANY ({PEOPLE}));
CREATE POLICY privacy_consent_written ON privacy_consent FOR INSERT WITH CHECK (
    person_id = ANY ({PEOPLE}));
"""
BACKWARDS = """
DROP POLICY privacy_look_seen ON privacy_look;
DROP POLICY privacy_look_written ON privacy_look;
ALTER TABLE privacy_look NO FORCE ROW LEVEL SECURITY;
ALTER TABLE privacy_look DISABLE ROW LEVEL SECURITY;
DROP POLICY privacy_consent_seen ON privacy_consent;
DROP POLICY privacy_consent_written ON privacy_consent;
ALTER TABLE privacy_consent NO FORCE ROW LEVEL SECURITY;
ALTER TABLE privacy_consent DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """Default deny; nobody owns these tables at run time, and the owner is bound too."""

    dependencies = [("privacy", "0003_mandates")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
