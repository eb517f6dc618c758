SELECT name, os_user, array_to_string(roles, ','), locked FROM account ORDER BY name
