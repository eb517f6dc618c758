SELECT public_id, state, claimant, ground, asks, source, subject,
       to_char(opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'),
       to_char(confirm_by AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') || CASE WHEN confirmed_at IS NULL THEN '' ELSE ' done' END,
       to_char(answer_by AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), escalated, pairs
FROM objection_list($1::text)
