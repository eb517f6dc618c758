-- Roles in place of the old ones; what is not said of areas, posts and department stays.
UPDATE account SET roles = string_to_array($2::text, ','), areas = coalesce(string_to_array($3::text, ','), areas),
                   posts = coalesce(string_to_array($4::text, ','), posts), department = coalesce($5::text, department)
WHERE name = $1::text RETURNING account_id
