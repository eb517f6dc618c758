SELECT version, files, state, proposed_by, proposed_at, is_forced, reason, projection, active_from, retired_at
FROM hulei.policy_version WHERE false;
SELECT category, ended_on, noted_at FROM hulei.policy_row_end WHERE false;
SELECT 'hulei.policy_propose(text, text[], text, text, boolean, jsonb, jsonb)'::regprocedure;
