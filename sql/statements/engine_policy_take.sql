SELECT policy_take(n.version) FROM unnest($1::text[]) AS n (version)
