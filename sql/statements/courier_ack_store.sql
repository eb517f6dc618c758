-- Every answer is kept, whatever it was worth.
INSERT INTO ack (topic, part, off, post_id, alert_id, state, outcome_code, who, at, verdict, received_at)
VALUES ($1::text, $2::int, $3::bigint, nullif($4::text, ''), nullif($5::text, ''), nullif($6::text, ''),
        nullif($7::text, ''), nullif($8::text, ''), nullif($9::text, ''), $10::text, clock_timestamp())
ON CONFLICT (topic, part, off) DO NOTHING
