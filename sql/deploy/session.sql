-- Deploy hulei:session to pg
SET ROLE hulei_owner;
SET search_path = hulei;

-- ---- who ----

ALTER TABLE account
    ADD COLUMN areas text[] NOT NULL DEFAULT '{}',
    ADD COLUMN posts text[] NOT NULL DEFAULT '{}',
    ADD COLUMN department text,
    DROP CONSTRAINT account_roles_check,
    ADD CONSTRAINT account_roles_check CHECK (roles <@ ARRAY['reviewer', 'second_reviewer', 'post_officer', 'post_lead',
                                                            'operator', 'auditor', 'administrator', 'security_officer']),
    -- Nobody sees everything: an account's roles come from one of these groups.
    ADD CONSTRAINT account_roles_apart CHECK (
        (roles && ARRAY['reviewer', 'second_reviewer'])::int + (roles && ARRAY['post_officer', 'post_lead'])::int
        + ('operator' = ANY (roles))::int + ('auditor' = ANY (roles))::int + ('administrator' = ANY (roles))::int
        + ('security_officer' = ANY (roles))::int <= 1),
    ADD CONSTRAINT account_areas_check CHECK (array_to_string(areas, ',') ~ '^([0-9]{2,12}(,|$))*$');
COMMENT ON COLUMN account.areas IS 'Prefixes of area codes a reviewer works for; empty: the whole deployment.';
COMMENT ON COLUMN account.posts IS 'Posts whose alerts an officer or lead answers.';
COMMENT ON COLUMN account.department IS 'Whose feeds an operator sees and fills; NULL: sees the counters of all, fills none.';

CREATE TABLE credential (
    account_id   bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    salt         bytea NOT NULL CHECK (length(salt) = 16),
    ops          int NOT NULL,
    memory_bytes bigint NOT NULL,
    verifier     bytea NOT NULL CHECK (length(verifier) = 32),
    changed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    is_due       boolean NOT NULL DEFAULT true,
    failures     int NOT NULL DEFAULT 0,
    locked_until timestamptz,
    factor_key   bytea,
    factor       bytea,
    factor_step  bigint,
    certificate  bytea CHECK (length(certificate) = 32),
    signed_in_at timestamptz
);
COMMENT ON TABLE credential IS 'How accounts sign in over the network; an account without a row does not.';
COMMENT ON COLUMN credential.verifier IS 'SHA-256 of what argon2id makes of password and salt: the caller proves that it knows the password, the database judges.';
COMMENT ON COLUMN credential.is_due IS 'Set by somebody else: to be changed before anything else.';
COMMENT ON COLUMN credential.factor IS 'Secret of the second factor, sealed by the console, bound to credential/factor/account_id.';
COMMENT ON COLUMN credential.factor_step IS 'Last time step a code was taken for; a code counts once. NULL: not confirmed yet.';
COMMENT ON COLUMN credential.certificate IS 'SHA-256 of the client certificate without which the account does not sign in; NULL: none needed.';

CREATE TABLE session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    state      text NOT NULL CHECK (state IN ('enrol', 'totp', 'active')),
    opened_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at    timestamptz NOT NULL,
    failures   int NOT NULL DEFAULT 0
);
COMMENT ON TABLE session IS 'Who is signed in, by the SHA-256 of a token only its browser has. No role reads it; functions do.';
CREATE INDEX session_account ON session (account_id);

CREATE TABLE watch_alarm (
    alarm_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    rule     text NOT NULL CHECK (rule IN ('canary', 'quota', 'many_users', 'out_of_hours', 'lock_out')),
    actor    text NOT NULL,
    detail   jsonb NOT NULL
);
COMMENT ON TABLE watch_alarm IS 'Watch rules of DOMAIN.md C.5 that fired, for the security officer.';

INSERT INTO setting VALUES ('session_idle_s', '900'), ('session_life_s', '36000'), ('lock_out_after', '10'),
                           ('lock_out_s', '900'), ('sign_in_pepper', gen_random_uuid()::text);

CREATE FUNCTION setting_seconds(in_name text) RETURNS interval
LANGUAGE sql STABLE
SET search_path = hulei, pg_temp
RETURN (SELECT make_interval(secs => s.value::int) FROM setting s WHERE s.name = in_name);

CREATE FUNCTION token_hash(in_token text) RETURNS bytea
LANGUAGE sql IMMUTABLE
RETURN sha256(convert_to(in_token, 'UTF8'));

-- ---- signing in ----

-- An unknown account gets parameters too, always the same: nobody learns which names exist.
CREATE FUNCTION sign_in_parameters(in_account text, OUT salt bytea, OUT ops int, OUT memory_bytes bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    SELECT c.salt, c.ops, c.memory_bytes INTO salt, ops, memory_bytes
    FROM credential c JOIN account a USING (account_id) WHERE a.name = in_account;
    IF salt IS NULL THEN
        salt := substr(sha256(convert_to((SELECT value FROM setting WHERE name = 'sign_in_pepper') || in_account, 'UTF8')), 1, 16);
        ops := 2;
        memory_bytes := 64 * 1024 * 1024;
    END IF;
END
$$;

-- Counts one more wrong password or code; the account waits when there were too many.
CREATE FUNCTION credential_fail(in_account_id bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who text;
BEGIN
    UPDATE credential c
    SET failures = c.failures + 1,
        locked_until = CASE WHEN c.failures + 1 >= (SELECT value::int FROM setting WHERE name = 'lock_out_after')
                            THEN clock_timestamp() + setting_seconds('lock_out_s') ELSE c.locked_until END
    FROM account a WHERE a.account_id = c.account_id AND c.account_id = in_account_id
    RETURNING CASE WHEN c.locked_until > clock_timestamp() THEN a.name END INTO who;
    IF who IS NOT NULL THEN
        UPDATE credential SET failures = 0 WHERE account_id = in_account_id;
        INSERT INTO watch_alarm (rule, actor, detail) VALUES ('lock_out', who, '{}');
    END IF;
END
$$;

CREATE FUNCTION session_put(in_account_id bigint, in_state text, in_token_hash bytea) RETURNS void
LANGUAGE sql
SET search_path = hulei, pg_temp
AS $$
    INSERT INTO session (token_hash, account_id, state, ends_at)
    VALUES (in_token_hash, in_account_id, in_state, clock_timestamp()
            + CASE in_state WHEN 'active' THEN setting_seconds('session_life_s') ELSE interval '10 minutes' END)
$$;

-- `state` NULL: refused, and why is said to nobody. The caller commits in any case: failures count.
CREATE FUNCTION session_open(in_account text, in_proof bytea, in_certificate bytea, in_token_hash bytea,
                             OUT state text, OUT is_due boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    a account;
    c credential;
BEGIN
    SELECT * INTO a FROM account WHERE name = in_account;
    SELECT * INTO c FROM credential WHERE account_id = a.account_id FOR UPDATE;
    IF c.account_id IS NULL OR a.locked OR c.locked_until > clock_timestamp() THEN
        PERFORM audit_append('console', 'console', 'console', 'sign_in_refused', NULL, NULL, NULL,
                             jsonb_strip_nulls(jsonb_build_object('account', a.name)));
        RETURN;
    ELSIF sha256(in_proof) <> c.verifier
          OR (c.certificate IS NOT NULL AND c.certificate IS DISTINCT FROM in_certificate) THEN
        PERFORM credential_fail(a.account_id);
        PERFORM audit_append('console', 'console', 'console', 'sign_in_refused', NULL, NULL, NULL,
                             jsonb_build_object('account', a.name));
        RETURN;
    END IF;
    state := CASE WHEN c.factor_step IS NULL THEN 'enrol' ELSE 'totp' END;
    is_due := c.is_due;
    PERFORM session_put(a.account_id, state, in_token_hash);
END
$$;
COMMENT ON FUNCTION session_open IS 'First factor: in_proof is what argon2id made of the password. The second one makes the session active.';

CREATE FUNCTION session_factor(in_token text, OUT account_id bigint, OUT account text, OUT state text,
                               OUT factor_key bytea, OUT factor bytea, OUT factor_step bigint)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    SELECT s.account_id, a.name, s.state, c.factor_key, c.factor, coalesce(c.factor_step, 0)
    FROM session s JOIN account a USING (account_id) JOIN credential c USING (account_id)
    WHERE s.token_hash = token_hash(in_token) AND s.ends_at > clock_timestamp() AND NOT a.locked
      AND (c.locked_until IS NULL OR c.locked_until < clock_timestamp())
$$;

CREATE FUNCTION session_enrol(in_token text, in_factor_key bytea, in_factor bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    UPDATE credential c SET factor_key = in_factor_key, factor = in_factor
    FROM session s
    WHERE s.token_hash = token_hash(in_token) AND s.state = 'enrol' AND s.ends_at > clock_timestamp()
      AND c.account_id = s.account_id AND c.factor_step IS NULL;
    RETURN FOUND;
END
$$;

-- in_step: the time step whose code was given, NULL for a wrong code. True: the session is active under its new token.
CREATE FUNCTION session_confirm(in_token text, in_step bigint, in_new_token_hash bytea, OUT is_active boolean,
                                OUT is_due boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s session;
    who text;
BEGIN
    is_active := false;
    SELECT * INTO s FROM session
    WHERE token_hash = token_hash(in_token) AND state IN ('enrol', 'totp') AND ends_at > clock_timestamp() FOR UPDATE;
    UPDATE credential c SET factor_step = in_step, failures = 0, locked_until = NULL, signed_in_at = clock_timestamp()
    WHERE c.account_id = s.account_id AND in_step > coalesce(c.factor_step, 0)
      AND (c.locked_until IS NULL OR c.locked_until < clock_timestamp())
    RETURNING c.is_due INTO is_due;
    IF FOUND THEN
        DELETE FROM session WHERE session.token_hash = s.token_hash;
        PERFORM session_put(s.account_id, 'active', in_new_token_hash);
        SELECT name INTO who FROM account WHERE account_id = s.account_id;
        PERFORM audit_append('console', who, 'console', 'sign_in', NULL, NULL, NULL, '{}');
        is_active := true;
    ELSIF s.account_id IS NOT NULL THEN
        PERFORM credential_fail(s.account_id);
        UPDATE session SET failures = session.failures + 1 WHERE session.token_hash = s.token_hash;
        DELETE FROM session WHERE session.token_hash = s.token_hash AND session.failures >= 5;
    END IF;
END
$$;

-- ---- every request ----

-- Begins a request: whoever has the token is who it was given to, until the end of the transaction.
CREATE FUNCTION session_begin(in_token text, in_counts boolean, OUT account_id bigint, OUT account text,
                              OUT roles text[], OUT is_due boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    s session;
BEGIN
    PERFORM set_config('hulei.session', in_token, true);
    SELECT * INTO s FROM session x
    WHERE x.token_hash = token_hash(in_token) AND x.state = 'active' AND x.ends_at > clock_timestamp()
      AND x.seen_at > clock_timestamp() - setting_seconds('session_idle_s');
    SELECT a.account_id, a.name, a.roles, coalesce(c.is_due, false) INTO account_id, account, roles, is_due
    FROM account a LEFT JOIN credential c USING (account_id) WHERE a.account_id = s.account_id AND NOT a.locked;
    IF account_id IS NULL THEN
        RAISE EXCEPTION 'no session' USING ERRCODE = 'HL020';
    END IF;
    IF in_counts AND s.seen_at < clock_timestamp() - interval '20 seconds' THEN
        UPDATE session x SET seen_at = clock_timestamp() WHERE x.token_hash = s.token_hash;
    END IF;
END
$$;
COMMENT ON FUNCTION session_begin IS 'HL020: no such session, or it ended. in_counts: the request keeps the session alive.';

CREATE FUNCTION session_end(in_token text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    who text;
BEGIN
    DELETE FROM session s USING account a
    WHERE s.token_hash = token_hash(in_token) AND a.account_id = s.account_id RETURNING a.name INTO who;
    IF who IS NOT NULL THEN
        PERFORM audit_append('console', who, 'console', 'sign_out', NULL, NULL, NULL, '{}');
    END IF;
END
$$;

CREATE FUNCTION session_sweep() RETURNS bigint
LANGUAGE sql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
    WITH gone AS (
        DELETE FROM session
        WHERE ends_at < clock_timestamp() OR seen_at < clock_timestamp() - setting_seconds('session_idle_s')
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

-- ---- passwords ----

-- False: the old password is wrong, which counts. Every other session of the account ends.
CREATE FUNCTION password_change(in_token text, in_old_proof bytea, in_salt bytea, in_ops int, in_memory_bytes bigint,
                                in_new_proof bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
DECLARE
    me record;
BEGIN
    SELECT * INTO me FROM session_begin(in_token, true);
    IF NOT EXISTS (SELECT FROM credential c WHERE c.account_id = me.account_id AND c.verifier = sha256(in_old_proof)
                     AND (c.locked_until IS NULL OR c.locked_until < clock_timestamp())) THEN
        PERFORM credential_fail(me.account_id);
        RETURN false;
    END IF;
    UPDATE credential SET salt = in_salt, ops = in_ops, memory_bytes = in_memory_bytes, verifier = sha256(in_new_proof),
                          changed_at = clock_timestamp(), is_due = false, failures = 0
    WHERE account_id = me.account_id;
    DELETE FROM session WHERE account_id = me.account_id AND token_hash <> token_hash(in_token);
    PERFORM audit_append('console', me.account, 'console', 'password_change', NULL, NULL, NULL, '{}');
    RETURN true;
END
$$;

-- A first password from somebody else: to be changed, the second factor enrolled anew, all sessions ended.
CREATE FUNCTION credential_reset(in_account text, in_salt bytea, in_ops int, in_memory_bytes bigint, in_proof bytea)
    RETURNS boolean
LANGUAGE plpgsql
SET search_path = hulei, pg_temp
AS $$
DECLARE
    a account;
BEGIN
    SELECT * INTO a FROM account WHERE name = in_account;
    IF a.account_id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO credential (account_id, salt, ops, memory_bytes, verifier)
    VALUES (a.account_id, in_salt, in_ops, in_memory_bytes, sha256(in_proof))
    ON CONFLICT (account_id) DO UPDATE
    SET salt = excluded.salt, ops = excluded.ops, memory_bytes = excluded.memory_bytes, verifier = excluded.verifier,
        changed_at = clock_timestamp(), is_due = true, failures = 0, locked_until = NULL,
        factor_key = NULL, factor = NULL, factor_step = NULL;
    DELETE FROM session WHERE account_id = a.account_id;
    RETURN true;
END
$$;
COMMENT ON FUNCTION credential_reset IS 'For the owner and for doors that check who asks; granted to nobody.';

-- Locking an account, or taking a role from it, ends its sessions at once.
CREATE FUNCTION account_sign_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hulei, pg_temp
AS $$
BEGIN
    DELETE FROM session WHERE account_id = NEW.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER account_signs_out AFTER UPDATE ON account
    FOR EACH ROW WHEN (NEW.locked OR NEW.roles IS DISTINCT FROM OLD.roles OR NEW.areas IS DISTINCT FROM OLD.areas
                       OR NEW.posts IS DISTINCT FROM OLD.posts OR NEW.department IS DISTINCT FROM OLD.department)
    EXECUTE FUNCTION account_sign_out();

REVOKE ALL ON credential, session, watch_alarm FROM PUBLIC;
REVOKE ALL ON FUNCTION setting_seconds, token_hash, sign_in_parameters, credential_fail, session_put, session_open,
    session_factor, session_enrol, session_confirm, session_begin, session_end, session_sweep, password_change,
    credential_reset, account_sign_out FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sign_in_parameters, session_open, session_factor, session_enrol, session_confirm, session_begin,
    session_end, session_sweep, password_change TO hulei_console;
