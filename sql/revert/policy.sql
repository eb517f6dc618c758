SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION policy_routes(text[], text[], text[], text[]), policy_row_ended(text, date), policy_begin(text, text[]), policy_take(text),
    policy_propose(text, text[], text, text, boolean, jsonb, jsonb);
DROP TABLE policy_row_end, policy_version;
