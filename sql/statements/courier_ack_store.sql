-- Every answer is kept, whatever it was worth; one that is not simply accepted is answered on the post's own topic.
-- $11 the deployment, $12 the field an invalid one is refused for.
WITH kept AS (
    INSERT INTO ack (topic, part, off, post_id, alert_id, state, outcome_code, who, at, verdict, received_at)
    VALUES ($1::text, $2::int, $3::bigint, nullif($4::text, ''), nullif($5::text, ''), nullif($6::text, ''),
            nullif($7::text, ''), nullif($8::text, ''), nullif($9::text, ''), $10::text, (SELECT clock()))
    ON CONFLICT (topic, part, off) DO NOTHING
    RETURNING *, to_char(received_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS"+08:00"') AS time
)
INSERT INTO outbox (kind, topic, key, payload, headers, not_before)
SELECT 'receipt', t.topic, t.post_id,
       convert_to(jsonb_strip_nulls(jsonb_build_object(
           'specversion', '1.0', 'id', 'answer/' || t.post_id || '/' || k.part || '/' || k.off,
           'source', '//hulei/' || $11::text, 'type', 'hulei.answer.v1', 'subject', k.alert_id, 'time', k.time,
           'datacontenttype', 'application/json', 'dataschema', 'hulei:answer:1',
           'data', jsonb_build_object('post', t.post_id, 'verdict', k.verdict, 'state', k.state,
                                      'field', nullif($12::text, ''), 'partition', k.part, 'offset', k.off)))::text,
           'UTF8'),
       '{"content-type": "application/cloudevents+json; charset=UTF-8"}', (SELECT clock())
FROM kept k
JOIN post t ON t.post_id = k.post_id AND t.active
WHERE k.verdict <> 'accepted'
