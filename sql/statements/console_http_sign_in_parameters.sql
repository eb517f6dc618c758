-- How to prove a password; of an unknown account, too.
SELECT salt, ops, memory_bytes FROM sign_in_parameters($1::text)
