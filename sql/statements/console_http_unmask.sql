SELECT is_shown, looks::text FROM unmask($1::bytea, $2::text, $3::text, $4::text, $5::bytea)
