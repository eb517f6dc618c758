SELECT desk_counts()::text
