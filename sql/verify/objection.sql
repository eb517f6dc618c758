SELECT objection_id, public_id, named_record, state, confirm_by, answer_by, escalated FROM hulei.objection WHERE false;
SELECT objection_id, pair_id FROM hulei.objection_pair WHERE false;
SELECT 'hulei.objection_turn()'::regprocedure;
