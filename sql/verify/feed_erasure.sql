SELECT topic, part, before_off, erased_to, asked_at FROM hulei.feed_erasure WHERE false;
