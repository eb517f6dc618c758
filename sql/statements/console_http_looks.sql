SELECT look_list()::text
