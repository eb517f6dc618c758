SELECT day, is_working, name, source FROM hulei.calendar_day WHERE false;
SELECT has_function_privilege('hulei_courier', 'hulei.working_deadline(timestamptz, integer, text)', 'execute');
SELECT record_id, line, kind, from_day, to_day, name, said_at, part, off FROM hulei.calendar_span WHERE false;
