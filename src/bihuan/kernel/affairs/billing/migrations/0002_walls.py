"""What the database itself refuses, and the view for figures."""

from django.db import migrations

LINES = """
CREATE FUNCTION billing_take_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fault bigint;
BEGIN
    -- a line stands on what was published for its provider, in force on the bill's day, and asks
    -- no more than was published
    SELECT f.id INTO fault
      FROM fresh f
      JOIN billing_bill b ON b.id = f.bill_id
      JOIN billing_publication p ON p.id = f.publication_id
      JOIN billing_item i ON i.id = p.item_id
     WHERE (i.provider_kind, i.provider_key) <> (b.provider_kind, b.provider_key)
        OR b.day < p.valid_from OR b.day >= p.valid_to
        OR f.amount_fen > p.standard_fen * f.quantity
        OR f.voluntary <> i.voluntary OR f.paid_fen <> 0
     LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'line % has no published item behind it', fault
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_line_published';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER billing_take_lines AFTER INSERT ON billing_line
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION billing_take_lines();

CREATE FUNCTION billing_keep_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.bill_id, NEW.publication_id, NEW.amount_fen, NEW.quantity, NEW.voluntary)
       IS DISTINCT FROM
       (OLD.bill_id, OLD.publication_id, OLD.amount_fen, OLD.quantity, OLD.voluntary) THEN
        RAISE EXCEPTION 'a line keeps its item and amount; bill anew'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_line_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_keep_line BEFORE UPDATE ON billing_line
    FOR EACH ROW EXECUTE FUNCTION billing_keep_line();
"""
NO_LINES = """
DROP TRIGGER billing_keep_line ON billing_line; DROP FUNCTION billing_keep_line();
DROP TRIGGER billing_take_lines ON billing_line; DROP FUNCTION billing_take_lines();
"""

ORDERS = """
CREATE FUNCTION billing_order_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount_fen IS DISTINCT FROM
       (SELECT sum(amount_fen) FROM billing_order_line WHERE order_id = NEW.id)
       OR NEW.amount_fen IS DISTINCT FROM
       (SELECT sum(amount_fen) FROM billing_order_share WHERE order_id = NEW.id) THEN
        RAISE EXCEPTION 'order % differs from its lines or shares', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_order_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER billing_order_whole AFTER INSERT OR UPDATE OF amount_fen ON billing_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_order_whole();

CREATE FUNCTION billing_keep_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.order_id, NEW.channel, NEW.out_trade_no, NEW.merchant_id, NEW.amount_fen)
       IS DISTINCT FROM
       (OLD.order_id, OLD.channel, OLD.out_trade_no, OLD.merchant_id, OLD.amount_fen)
       OR OLD.state = 'success' AND (NEW.state, NEW.transaction_id, NEW.paid_at)
          IS DISTINCT FROM (OLD.state, OLD.transaction_id, OLD.paid_at) THEN
        RAISE EXCEPTION 'an attempt keeps its number and amount, and a success is final'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_attempt_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_keep_attempt BEFORE UPDATE ON billing_attempt
    FOR EACH ROW EXECUTE FUNCTION billing_keep_attempt();
"""
NO_ORDERS = """
DROP TRIGGER billing_keep_attempt ON billing_attempt; DROP FUNCTION billing_keep_attempt();
DROP TRIGGER billing_order_whole ON billing_order; DROP FUNCTION billing_order_whole();
"""

REFUNDS = """
CREATE FUNCTION billing_refund_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given bigint;
    taken bigint;
BEGIN
    PERFORM 1 FROM billing_attempt WHERE id = NEW.attempt_id FOR UPDATE;
    SELECT CASE WHEN state = 'success' THEN amount_fen ELSE 0 END INTO taken
      FROM billing_attempt WHERE id = NEW.attempt_id;
    SELECT sum(amount_fen) INTO given FROM billing_refund
     WHERE attempt_id = NEW.attempt_id AND state <> 'rejected';
    IF given > taken THEN
        RAISE EXCEPTION 'refunds of attempt % are % of %', NEW.attempt_id, given, taken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_refund_within';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.attempt_id, NEW.amount_fen, NEW.out_refund_no)
       IS DISTINCT FROM (OLD.attempt_id, OLD.amount_fen, OLD.out_refund_no) THEN
        RAISE EXCEPTION 'a refund keeps its amount'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_refund_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER billing_refund_within AFTER INSERT OR UPDATE ON billing_refund
    FOR EACH ROW EXECUTE FUNCTION billing_refund_within();
"""
NO_REFUNDS = """
DROP TRIGGER billing_refund_within ON billing_refund; DROP FUNCTION billing_refund_within();
"""

VIEW = """
CREATE VIEW billing_collected_v WITH (security_invoker = true) AS
SELECT b.provider_key, i.code AS item_code, i.fee_class, b.term,
       sum(l.amount_fen) AS billed_fen, sum(l.exempt_fen) AS exempt_fen,
       sum(l.paid_fen) AS paid_fen, count(*) AS bills,
       count(*) FILTER (WHERE l.paid_fen >= l.amount_fen - l.exempt_fen) AS paid_bills
  FROM billing_line l
  JOIN billing_bill b ON b.id = l.bill_id AND b.state NOT IN ('draft', 'reviewed', 'cancelled')
  JOIN billing_publication p ON p.id = l.publication_id
  JOIN billing_item i ON i.id = p.item_id
 WHERE NOT l.voluntary OR l.chosen_at IS NOT NULL
 GROUP BY b.provider_key, i.code, i.fee_class, b.term
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("settlement", "0002_walls")]
    operations = [
        migrations.RunSQL(LINES, NO_LINES),
        migrations.RunSQL(ORDERS, NO_ORDERS),
        migrations.RunSQL(REFUNDS, NO_REFUNDS),
        migrations.RunSQL(VIEW, "DROP VIEW billing_collected_v"),
    ]
