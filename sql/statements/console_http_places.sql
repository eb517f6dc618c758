SELECT side, mention_id, places, data_key_id, wrapped FROM desk_places($1::text)
