-- Revert hulei:session from pg
SET search_path = hulei;
DROP TRIGGER account_signs_out ON account;
DROP FUNCTION setting_seconds, token_hash, sign_in_parameters, credential_fail, session_put, session_open, session_factor,
    session_enrol, session_confirm, session_begin, session_end, session_sweep, password_change, credential_reset,
    account_sign_out;
DROP TABLE credential, session, watch_alarm;
DELETE FROM setting WHERE name IN ('session_idle_s', 'session_life_s', 'lock_out_after', 'lock_out_s', 'sign_in_pepper');
ALTER TABLE account
    DROP CONSTRAINT account_areas_check,
    DROP CONSTRAINT account_roles_apart,
    DROP CONSTRAINT account_roles_check,
    DROP COLUMN areas, DROP COLUMN posts, DROP COLUMN department;
ALTER TABLE account ADD CONSTRAINT account_roles_check CHECK (roles <@ ARRAY['reviewer', 'second_reviewer',
    'post_officer', 'post_lead', 'operator', 'auditor']);
