"""What the database itself refuses, the balances that it keeps, and the view for figures."""

from django.db import migrations

XACT = """
CREATE FUNCTION ledger_xact() RETURNS bigint LANGUAGE sql VOLATILE AS
    'SELECT pg_current_xact_id()::text::bigint';
ALTER TABLE ledger_entry ALTER COLUMN xact SET DEFAULT ledger_xact();
"""
NO_XACT = """
ALTER TABLE ledger_entry ALTER COLUMN xact DROP DEFAULT;
DROP FUNCTION ledger_xact();
"""

BOOK = """
CREATE FUNCTION ledger_keep_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.code, NEW.area_id, NEW.area_path, NEW.opened_at)
       IS DISTINCT FROM (OLD.id, OLD.code, OLD.area_id, OLD.area_path, OLD.opened_at)
       OR NEW.open_from IS NULL AND OLD.open_from IS NOT NULL
       OR NEW.open_from < OLD.open_from THEN
        RAISE EXCEPTION 'a book keeps its code and place, and a locked day stays locked'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_book_locked_for_good';
    END IF;
    -- wait for everybody who is posting now, so that nothing lands on a day locked meanwhile
    PERFORM pg_advisory_xact_lock(7115, NEW.id::int);
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_keep_book BEFORE UPDATE ON ledger_book
    FOR EACH ROW EXECUTE FUNCTION ledger_keep_book();
"""
NO_BOOK = "DROP TRIGGER ledger_keep_book ON ledger_book; DROP FUNCTION ledger_keep_book();"

ENTRIES = """
CREATE FUNCTION ledger_take_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fault text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7115, book_id::int)
        FROM (SELECT DISTINCT book_id FROM fresh ORDER BY book_id) books;
    SELECT CASE
               WHEN b.id IS NULL THEN 'ledger_entry_of_a_book'
               WHEN f.xact <> ledger_xact() THEN 'ledger_entry_of_now'
               WHEN f.day < b.open_from THEN 'ledger_entry_on_open_day'
               WHEN prior.reverses_id IS NOT NULL THEN 'ledger_entry_no_reversal_reversed'
               ELSE 'ledger_entry_reversal_in_its_book'
           END
      INTO fault
      FROM fresh f
      LEFT JOIN ledger_book b ON b.id = f.book_id
      LEFT JOIN ledger_entry prior ON prior.id = f.reverses_id
     WHERE b.id IS NULL OR f.xact <> ledger_xact() OR f.day < b.open_from
           OR prior.reverses_id IS NOT NULL OR prior.book_id <> f.book_id
     LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'refused: %', fault USING ERRCODE = 'check_violation', CONSTRAINT = fault;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_take_entries AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_take_entries();
"""
NO_ENTRIES = "DROP TRIGGER ledger_take_entries ON ledger_entry; DROP FUNCTION ledger_take_entries();"

BALANCED = """
CREATE FUNCTION ledger_entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    legs int;
    total numeric;
BEGIN
    SELECT count(*), sum(amount_fen) INTO legs, total FROM ledger_leg WHERE entry_id = NEW.id;
    IF legs < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'entry % has % legs and a sum of %', NEW.id, legs, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM ledger_leg WHERE entry_id IN (NEW.id, NEW.reverses_id)
         GROUP BY account_id HAVING sum(amount_fen) <> 0) THEN
        RAISE EXCEPTION 'entry % does not mirror entry %', NEW.id, NEW.reverses_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_mirrors';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balanced();
"""
NO_BALANCED = """
DROP TRIGGER ledger_entry_balanced ON ledger_entry; DROP FUNCTION ledger_entry_balanced();
"""

LEGS = """
CREATE FUNCTION ledger_take_legs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fault bigint;
BEGIN
    SELECT f.entry_id INTO fault
      FROM fresh f
      LEFT JOIN ledger_entry e
             ON e.id = f.entry_id AND e.day = f.day AND e.xact = ledger_xact()
      LEFT JOIN ledger_account a ON a.id = f.account_id AND a.book_id = e.book_id
     GROUP BY f.entry_id
    HAVING sum(f.amount_fen) <> 0 OR count(a.id) <> count(*)
     LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'legs of entry % do not balance or do not belong to it', fault
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_leg_belongs';
    END IF;
    -- every leg of the statement moves the balances at once, in the order of accounts, so that two
    -- postings never wait for each other in a ring
    WITH moved AS (
        INSERT INTO ledger_balance AS kept
               (account_id, stripe, sign, restricted, debit_fen, credit_fen)
        SELECT a.id, CASE WHEN a.restricted THEN 0 ELSE pg_backend_pid() % 8 END,
               CASE WHEN a.kind IN ('asset', 'expense') THEN 1 ELSE -1 END, a.restricted,
               sums.debit_fen, sums.credit_fen
          FROM (SELECT account_id,
                       coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0), 0) AS debit_fen,
                       coalesce(-sum(amount_fen) FILTER (WHERE amount_fen < 0), 0) AS credit_fen
                  FROM fresh GROUP BY account_id) sums
          JOIN ledger_account a ON a.id = sums.account_id
         ORDER BY a.id
            ON CONFLICT (account_id, stripe) DO UPDATE
           SET debit_fen = kept.debit_fen + excluded.debit_fen,
               credit_fen = kept.credit_fen + excluded.credit_fen
        RETURNING kept.account_id, kept.restricted,
                  kept.sign * (kept.debit_fen - kept.credit_fen) AS balance_fen
    )
    SELECT account_id INTO fault FROM moved WHERE restricted AND balance_fen < 0 LIMIT 1;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'account % would fall below zero', fault
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance_not_below_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_take_legs AFTER INSERT ON ledger_leg
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_take_legs();
"""
NO_LEGS = "DROP TRIGGER ledger_take_legs ON ledger_leg; DROP FUNCTION ledger_take_legs();"

KEPT = """
CREATE FUNCTION ledger_balance_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'balances are kept by the database and written by nobody'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance_kept';
END $$;
CREATE TRIGGER ledger_balance_kept BEFORE INSERT OR UPDATE OR DELETE ON ledger_balance
    FOR EACH ROW WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION ledger_balance_kept();
ALTER TABLE ledger_balance SET (fillfactor = 50);
"""
NO_KEPT = """
DROP TRIGGER ledger_balance_kept ON ledger_balance; DROP FUNCTION ledger_balance_kept();
"""

VIEW = """
CREATE VIEW ledger_balance_v WITH (security_invoker = true) AS
SELECT k.code AS book_code, k.area_path, a.code AS account_code, a.kind,
       sum(b.debit_fen) AS debit_fen, sum(b.credit_fen) AS credit_fen,
       b.sign * (sum(b.debit_fen) - sum(b.credit_fen)) AS balance_fen
  FROM ledger_balance b
  JOIN ledger_account a ON a.id = b.account_id
  JOIN ledger_book k ON k.id = a.book_id
 GROUP BY k.code, k.area_path, a.code, a.kind, b.sign
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(XACT, NO_XACT),
        migrations.RunSQL(BOOK, NO_BOOK),
        migrations.RunSQL(ENTRIES, NO_ENTRIES),
        migrations.RunSQL(BALANCED, NO_BALANCED),
        migrations.RunSQL(LEGS, NO_LEGS),
        migrations.RunSQL(KEPT, NO_KEPT),
        migrations.RunSQL(VIEW, "DROP VIEW ledger_balance_v"),
    ]
