SELECT record_id, area_code, features, data_key_id, wrapped FROM desk_library($1::bigint, $2::bigint)
