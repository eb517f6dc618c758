SELECT json_build_object('state', 'up')::text
