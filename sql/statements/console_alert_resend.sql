-- Once more to one post.
SELECT alert_resend($1::bigint, $2::text, $3::text)::text
