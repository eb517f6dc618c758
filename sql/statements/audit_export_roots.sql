-- The signed statements of those days, and the one after them, which covers the last entries.
SELECT convert_from(r.statement, 'UTF8')
FROM audit_root r
WHERE r.at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND r.number <= coalesce((SELECT min(n.number) FROM audit_root n
                            WHERE n.at >= ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'), r.number)
ORDER BY r.number
