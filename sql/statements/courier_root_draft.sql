SELECT number::text, at, epoch::text, encode(previous, 'hex'), lanes::text FROM audit_root_draft()
