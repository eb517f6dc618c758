-- The day a projection is for, unless it is told another one: days since 1970-01-01 by the clock that decides.
SELECT hulei.clock_day() - date '1970-01-01'
