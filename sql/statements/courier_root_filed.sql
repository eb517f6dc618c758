SELECT audit_root_filed($1::bigint)
