SELECT what, keep, basis, last_at FROM hulei.retention WHERE false;
SELECT 'hulei.expiry_turn(int)'::regprocedure, 'hulei.expiry_debt()'::regprocedure;
