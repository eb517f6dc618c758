SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION duty_at(text, timestamptz), post_lead(text);
DROP TABLE duty_turn, post_roster;
