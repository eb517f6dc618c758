UPDATE parked SET state = 'discarded' WHERE parked_id = $1::bigint AND state = 'parked' RETURNING parked_id
