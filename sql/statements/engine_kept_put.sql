-- Links that a new model leaves to the persons of the one before.
SELECT identity_keep($1::int8[], $2::int8[])
