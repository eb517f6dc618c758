BEGIN;
\ir fixture.psql
SELECT plan(7);

-- A wrapped key as daemon/common/vault.c writes its header: two suites, then the number of the key that wraps it.
CREATE FUNCTION public.wrapped(kek int) RETURNS bytea LANGUAGE sql AS $$
    SELECT '\x0101'::bytea || int4send(kek) || sha256('n') || sha256('t')
$$;
INSERT INTO data_key SELECT 900 + n, wrapped(n) FROM generate_series(1, 3) AS n;
SELECT set_eq('SELECT data_key_id, kek_id FROM data_key WHERE data_key_id > 900', 'SELECT 900 + n, n FROM generate_series(1, 3) AS n',
              'the header says which key wraps it');
SELECT is(kek_of(wrapped(70000)), 70000, 'a large number, too');
SELECT throws_ok('UPDATE data_key SET kek_id = 9 WHERE data_key_id = 901', '428C9', NULL, 'nobody says another one');

INSERT INTO kek_retired (kek_id) VALUES (2);
SELECT throws_ok('INSERT INTO data_key SELECT 904, wrapped(2)', 'HL045', NULL, 'nothing new under a retired key');
SELECT throws_ok('UPDATE data_key SET wrapped = wrapped(1) WHERE data_key_id = 903', 'HL045', NULL, 'nor anything old');
SELECT lives_ok('UPDATE data_key SET wrapped = wrapped(3) WHERE data_key_id = 901', 'under the new one it may');
INSERT INTO credential (account_id, salt, ops, memory_bytes, verifier)
SELECT account_id, substr(sha256('s'), 1, 16), 2, 67108864, sha256('v') FROM account WHERE name = 'reviewer-1';
SELECT throws_ok('UPDATE credential SET factor_key = wrapped(2)', 'HL045', NULL, 'a second factor''s key neither');

SELECT * FROM finish();
ROLLBACK;
