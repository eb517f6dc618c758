SELECT number::text, statement FROM audit_root_unfiled()
