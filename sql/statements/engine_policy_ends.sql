SELECT policy_row_ended(n.category, date '1970-01-01' + n.ended_on) FROM unnest($1::text[], $2::int4[]) AS n (category, ended_on)
