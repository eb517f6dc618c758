SET ROLE hulei_owner;
DROP TRIGGER seal_tombstone_parked ON hulei.seal_tombstone;
DROP FUNCTION hulei.seal_parked, hulei.forget_records, hulei.forget_receipts, hulei.forget_identity, hulei.forget_alerts,
    hulei.evidence_records, hulei.record_end_is_stated;
DROP TABLE hulei.erased_record, hulei.erasure;
