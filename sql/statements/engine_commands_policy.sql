-- The policy that these commands activate; of several the last.
SELECT p.version, p.files[1], p.files[2], p.files[3]
FROM unnest($1::int8[]) AS n (command_id)
JOIN command c ON c.command_id = n.command_id AND c.kind = 'policy_activate'
JOIN policy_version p ON p.version = c.payload->>'version'
ORDER BY c.command_id DESC LIMIT 1
