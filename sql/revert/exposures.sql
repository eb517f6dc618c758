SET ROLE hulei_owner;
SET search_path = hulei;
DROP FUNCTION counted_open, is_reviewed_area, desk_counted, desk_counted_open, counted_put, feed_faults_update, data_fault_clear, data_fault_put;
DROP TABLE exposure_count;
DROP INDEX review_task_open_fault;
