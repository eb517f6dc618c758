SELECT lane FROM audit_verify()
