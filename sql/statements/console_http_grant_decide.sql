SELECT office_grant_decide($1::text, $2::text)::text
