-- Revert hulei:office from pg
SET search_path = hulei;
DROP FUNCTION office_audit, office_chain, office_grant_json, office_users, office_user_add, office_user_reset,
    office_user_lock, office_list, office_grant_ask, office_grants, office_grant_decide, office_alarms, office_feed_counts,
    office_feeds, office_refusals, office_receipts, office_cell, office_week, office_overview, office_require;
DROP TABLE account_grant;
