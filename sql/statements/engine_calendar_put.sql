INSERT INTO calendar_span (record_id, line, kind, from_day, to_day, name, said_at, part, off)
SELECT n.record_id, n.line, n.kind, date '1970-01-01' + n.from_day, date '1970-01-01' + n.to_day, n.name, n.said_at,
       n.part, n.off
FROM unnest($1::int8[], $2::int2[], $3::text[], $4::int4[], $5::int4[], $6::text[], $7::timestamptz[], $8::int4[],
            $9::int8[]) AS n (record_id, line, kind, from_day, to_day, name, said_at, part, off)
