SET ROLE hulei_owner;
SET search_path = hulei;
CREATE OR REPLACE FUNCTION review_due(tier smallint, from_time timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE
RETURN from_time + (ARRAY[interval '1 hour', interval '24 hours', interval '3 days', interval '10 days'])[tier];
DROP FUNCTION working_deadline(timestamptz, integer, text);
DROP FUNCTION is_working_day(date), is_school_term(date), calendar_said(date, text[]);
DROP TABLE calendar_span, calendar_day;
DELETE FROM setting WHERE name IN ('office_opens', 'office_closes');
