SELECT desk_decide($1::text, CASE $2::text WHEN 'confirm' THEN 'sign' ELSE 'refuse_sign' END, $3::text, $4::int)::text
