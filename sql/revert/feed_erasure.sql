SET ROLE hulei_owner;
DROP TABLE hulei.feed_erasure;
