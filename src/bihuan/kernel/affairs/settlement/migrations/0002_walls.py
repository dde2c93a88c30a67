"""What the database itself refuses, and the view for figures."""

from django.db import migrations

OPERATOR = """
CREATE FUNCTION settlement_not_of_operator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'settlement_payee'
       AND EXISTS (SELECT 1 FROM settlement_operator WHERE uscc = NEW.holder_uscc)
       OR TG_TABLE_NAME = 'settlement_operator'
       AND EXISTS (SELECT 1 FROM settlement_payee WHERE holder_uscc = NEW.uscc) THEN
        RAISE EXCEPTION 'settlement_payee_not_of_operator: the platform never holds money'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_payee_not_of_operator';
    END IF;
    RETURN NEW;
END $$;
"""
OPERATOR_SAFE = OPERATOR.replace("NEW.holder_uscc", "to_jsonb(NEW) ->> 'holder_uscc'").replace(
    "NEW.uscc", "to_jsonb(NEW) ->> 'uscc'"
)
OPERATOR_TRIGGERS = """
CREATE TRIGGER settlement_payee_not_of_operator BEFORE INSERT ON settlement_payee
    FOR EACH ROW EXECUTE FUNCTION settlement_not_of_operator();
CREATE TRIGGER settlement_operator_holds_nothing BEFORE INSERT ON settlement_operator
    FOR EACH ROW EXECUTE FUNCTION settlement_not_of_operator();
"""
NO_OPERATOR = """
DROP TRIGGER settlement_payee_not_of_operator ON settlement_payee;
DROP TRIGGER settlement_operator_holds_nothing ON settlement_operator;
DROP FUNCTION settlement_not_of_operator();
"""

LINES = """
CREATE FUNCTION settlement_take_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fault bigint;
BEGIN
    -- every line belongs to an intake of this transaction, to a payee that stands, and to a route
    -- that was approved and leads to that payee; all lines of an intake come together
    SELECT f.intake_id INTO fault
      FROM fresh f
      LEFT JOIN settlement_intake i ON i.id = f.intake_id AND i.xact = pg_current_xact_id()::text::bigint
      LEFT JOIN settlement_route r ON r.id = f.route_id AND r.approved_by IS NOT NULL
      LEFT JOIN settlement_route_share s ON s.route_id = r.id AND s.payee_id = f.payee_id
     GROUP BY f.intake_id
    HAVING sum(f.amount_fen) IS DISTINCT FROM max(i.amount_fen) OR count(s.id) <> count(*)
     LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'lines of intake % do not add up to it, or take no approved route', fault
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_line_adds_up';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settlement_take_lines AFTER INSERT ON settlement_line
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION settlement_take_lines();
ALTER TABLE settlement_intake ADD COLUMN xact bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint;

CREATE FUNCTION settlement_intake_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount_fen IS DISTINCT FROM
       (SELECT sum(amount_fen) FROM settlement_line WHERE intake_id = NEW.id) THEN
        RAISE EXCEPTION 'intake % differs from its lines', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_intake_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_intake_whole AFTER INSERT ON settlement_intake
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_intake_whole();

CREATE FUNCTION settlement_keep_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.intake_id, NEW.payee_id, NEW.route_id, NEW.amount_fen)
       IS DISTINCT FROM (OLD.id, OLD.intake_id, OLD.payee_id, OLD.route_id, OLD.amount_fen)
       OR OLD.batch_id IS NOT NULL AND (NEW.batch_id IS NOT NULL OR NOT EXISTS (
           SELECT 1 FROM settlement_batch b WHERE b.id = OLD.batch_id AND b.state = 'returned')) THEN
        RAISE EXCEPTION 'a line keeps its payee and amount, and leaves only a returned batch'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_line_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settlement_keep_line BEFORE UPDATE ON settlement_line
    FOR EACH ROW EXECUTE FUNCTION settlement_keep_line();
CREATE INDEX settlement_line_waiting ON settlement_line (intake_id) WHERE batch_id IS NULL;
"""
NO_LINES = """
DROP INDEX settlement_line_waiting;
DROP TRIGGER settlement_keep_line ON settlement_line; DROP FUNCTION settlement_keep_line();
DROP TRIGGER settlement_intake_whole ON settlement_intake; DROP FUNCTION settlement_intake_whole();
ALTER TABLE settlement_intake DROP COLUMN xact;
DROP TRIGGER settlement_take_lines ON settlement_line; DROP FUNCTION settlement_take_lines();
"""

ROUTES = """
CREATE FUNCTION settlement_keep_route() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.key, NEW.valid_from, NEW.proposed_by)
       IS DISTINCT FROM (OLD.id, OLD.key, OLD.valid_from, OLD.proposed_by)
       OR OLD.approved_by IS NOT NULL AND NEW.approved_by IS DISTINCT FROM OLD.approved_by
       OR OLD.valid_to IS NOT NULL AND NEW.valid_to IS DISTINCT FROM OLD.valid_to THEN
        RAISE EXCEPTION 'a route that two people decided stands; another one ends it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_route_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settlement_keep_route BEFORE UPDATE ON settlement_route
    FOR EACH ROW EXECUTE FUNCTION settlement_keep_route();
"""
NO_ROUTES = "DROP TRIGGER settlement_keep_route ON settlement_route; DROP FUNCTION settlement_keep_route();"

VIEW = """
CREATE VIEW settlement_payout_v WITH (security_invoker = true) AS
SELECT p.code AS payee_code, p.nature, p.area_path, i.channel, i.day,
       sum(l.amount_fen) AS amount_fen, count(*) AS count,
       coalesce(sum(l.amount_fen) FILTER (WHERE l.batch_id IS NULL), 0) AS waiting_fen
  FROM settlement_line l
  JOIN settlement_intake i ON i.id = l.intake_id
  JOIN settlement_payee p ON p.id = l.payee_id
 GROUP BY p.code, p.nature, p.area_path, i.channel, i.day
"""


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial"), ("ledger", "0002_walls")]
    operations = [
        migrations.RunSQL(OPERATOR_SAFE + OPERATOR_TRIGGERS, NO_OPERATOR),
        migrations.RunSQL(LINES, NO_LINES),
        migrations.RunSQL(ROUTES, NO_ROUTES),
        migrations.RunSQL(VIEW, "DROP VIEW settlement_payout_v"),
    ]
