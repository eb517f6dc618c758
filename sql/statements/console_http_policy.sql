-- The policy in force, by which a record is tried; the engine reads the same row.
SELECT version, files[1], files[2], files[3] FROM policy_version WHERE state = 'active'
