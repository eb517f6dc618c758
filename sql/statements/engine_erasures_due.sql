-- What Kafka has not forgotten yet.
SELECT topic, part, before_off FROM feed_erasure WHERE erased_to < before_off ORDER BY topic, part
