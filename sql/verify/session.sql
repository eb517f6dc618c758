-- Verify hulei:session on pg
SELECT token_hash, account_id, state, opened_at, seen_at, ends_at, failures FROM hulei.session WHERE false;
SELECT account_id, salt, verifier, factor, factor_step, certificate FROM hulei.credential WHERE false;
SELECT has_function_privilege('hulei_console', 'hulei.session_begin(text, boolean)', 'EXECUTE');
