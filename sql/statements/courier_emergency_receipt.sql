-- What became of one emergency message, told to its sender.
INSERT INTO outbox (kind, topic, key, payload, not_before)
VALUES ('receipt', $1::text, $2::text, convert_to($3::text, 'UTF8'), (SELECT clock()))
