-- The policy in force.
SELECT version, files[1], files[2], files[3] FROM policy_version WHERE state = 'active'
