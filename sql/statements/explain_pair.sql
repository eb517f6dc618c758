-- $1 the pair's public id, $2 who asks; the function writes the audit entry
SELECT pair_explain($1::text, $2::text)::text
