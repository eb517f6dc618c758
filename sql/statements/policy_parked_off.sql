-- Messages of categories that were off: a policy that switches one on finds them when they are requeued.
SELECT count(*) FROM parked WHERE state = 'parked' AND code = 'category_off'
