-- The ends of records of concern as all records of the person say together: released later, died, cleared on appeal.
UPDATE record r SET ends_on = n.ends_on, ends_rule = n.ends_rule
FROM (SELECT record_id, date '1970-01-01' + end_day AS ends_on, ends_rule
      FROM unnest($1::int8[], $2::int4[], $3::text[]) AS u (record_id, end_day, ends_rule)) AS n
WHERE r.record_id = n.record_id AND r.state = 'live' AND (r.ends_on, r.ends_rule) IS DISTINCT FROM (n.ends_on, n.ends_rule)
  AND NOT (r.ends_held AND n.ends_on > r.ends_on)
