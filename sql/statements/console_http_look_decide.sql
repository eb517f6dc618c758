SELECT look_decide($1::text, $2::text)::text
