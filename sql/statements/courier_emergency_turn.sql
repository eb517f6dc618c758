-- What is too old is erased; notices nobody gave are put before a human.
SELECT erased, asked FROM emergency_turn()
