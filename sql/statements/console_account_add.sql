-- A reviewer's account, bound to one OS user.
INSERT INTO account (name, os_user, roles, locked)
VALUES ($1::text, $2::text, ARRAY[$3::text], false)
ON CONFLICT (name) DO UPDATE
SET os_user = excluded.os_user, locked = false,
    roles = CASE WHEN $3::text = ANY (account.roles) THEN account.roles ELSE account.roles || $3::text END
RETURNING account_id
