SELECT record_id, post_id, lead_post, said_at, part, off FROM hulei.post_roster WHERE false;
SELECT record_id, line, account, duty, from_at, to_at, contact FROM hulei.duty_turn WHERE false;
SELECT has_function_privilege('hulei_courier', 'hulei.duty_at(text, timestamptz)', 'execute');
