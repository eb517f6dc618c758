-- Revert hulei:inbox from pg
SET search_path = hulei;
DROP FUNCTION inbox_list, inbox_message, inbox_answer;
DROP SEQUENCE inbox_answer_number;
DROP VIEW inbox_item;
