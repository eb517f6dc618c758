-- The delivery follows the answer, and what follows from it.
SELECT is_reopened, is_rerouted FROM answer_take($1::text, $2::text, $3::text, $4::text, $5::text)
