SELECT office_alarms()::text
