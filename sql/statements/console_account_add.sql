-- An account; lists are words joined by commas. A name that is there gets the OS user and the further roles, unlocked.
INSERT INTO account (name, os_user, roles, locked, areas, posts, department)
VALUES ($1::text, $2::text, string_to_array($3::text, ','), false, coalesce(string_to_array($4::text, ','), '{}'),
        coalesce(string_to_array($5::text, ','), '{}'), $6::text)
ON CONFLICT (name) DO UPDATE
SET os_user = coalesce(excluded.os_user, account.os_user), locked = false,
    roles = ARRAY(SELECT unnest(account.roles) UNION SELECT unnest(excluded.roles)),
    areas = excluded.areas, posts = excluded.posts, department = excluded.department
RETURNING account_id
