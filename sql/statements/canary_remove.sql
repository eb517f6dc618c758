WITH gone AS (
    DELETE FROM canary_record c USING record r JOIN source s USING (source_id)
    WHERE c.record_id = r.record_id AND s.urn = $1::text AND r.type = $2::smallint AND r.subject = $3::text
    RETURNING 1)
SELECT count(*) FROM gone
