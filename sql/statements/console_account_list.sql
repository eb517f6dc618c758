SELECT name, os_user, array_to_string(roles, ','), locked,
       concat_ws(' ', nullif(array_to_string(areas, ','), ''), nullif(array_to_string(posts, ','), ''), department)
FROM account ORDER BY name
