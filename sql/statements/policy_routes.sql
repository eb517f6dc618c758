SELECT number, post_id, view FROM policy_routes($1::text[], $2::text[], $3::text[], $4::text[]) ORDER BY number, post_id
