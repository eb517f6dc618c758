-- What is wrong with addresses, and what is no more.
SELECT CASE WHEN n.opens = 1 THEN data_fault_put(n.fault, 'person', n.person, 4::int2)
            ELSE data_fault_clear(n.fault, 'person', n.person) END
FROM unnest($1::int8[], $2::text[], $3::int2[]) AS n (person, fault, opens)
