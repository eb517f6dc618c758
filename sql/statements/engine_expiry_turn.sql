-- What has ended is asked for, what is overdue goes to a human.
SELECT asked, purged, debt, shift_us, objection_turn() FROM expiry_turn($1::int)
