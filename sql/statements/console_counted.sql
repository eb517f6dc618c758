-- What is only counted in the session's communities.
SELECT desk_counted()::text
