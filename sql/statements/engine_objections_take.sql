-- Objections and corrections of the batch, in its order; without a word of it the message was withdrawn.
SELECT CASE WHEN n.asks IS NULL THEN objection_withdraw(n.message)
            ELSE objection_take(n.message, n.ruling IS NOT NULL, n.source, n.type, n.subject, n.other_source, n.other_type,
                                n.other_subject, n.objection_source, n.objection_subject, n.claimant, n.ground, n.asks,
                                n.ruling, n.reason) END
FROM unnest($1::int8[], $2::text[], $3::int2[], $4::text[], $5::text[], $6::int2[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::text[], $13::text[], $14::text[]) WITH ORDINALITY
     AS n (message, source, type, subject, other_source, other_type, other_subject, objection_source, objection_subject,
           claimant, ground, asks, ruling, reason, position)
ORDER BY n.position
