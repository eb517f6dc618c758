/* Persons in stored bodies; see body.h.
 * Shows what each look may show; citizen number, phones and day of birth are the caller's to add. */
#include "daemon/console/body.h"

#include <string.h>

/* mention.role */
enum { ROLE_OWN, ROLE_PARENT, ROLE_ENTRUSTED, ROLE_TEACHER, ROLE_MENTOR, ROLE_VOLUNTEER };

const json_t *body_find_person(const json_t *body, int slot, int role)
{
    switch (role) {
    case ROLE_OWN:
        return json_object_get(body, "person");
    case ROLE_PARENT:
    case ROLE_ENTRUSTED:
        if (json_object_get(body, "entrusted") != NULL) /* of a guardian document */
            return json_object_get(json_object_get(body, "entrusted"), "person");
        return json_object_get(json_array_get(json_object_get(body, "guardians"), (size_t)slot - 1), "person");
    case ROLE_TEACHER:
        return json_object_get(json_object_get(body, "teacher"), "person");
    case ROLE_MENTOR:
        return json_object_get(json_object_get(body, "mentor"), "person");
    case ROLE_VOLUNTEER:
        return json_object_get(json_array_get(json_object_get(body, "volunteers"), (size_t)slot - 2), "person");
    default:
        return NULL;
    }
}

static void copy_member(json_t *to, const char *as, const json_t *from, const char *member)
{
    json_t *value = json_object_get(from, member);

    if (json_is_string(value))
        json_object_set(to, as, value);
}

static void add_address(json_t *list, const json_t *from, const char *kind)
{
    if (!json_is_string(json_object_get(from, "address")))
        return;
    json_t *entry = json_object();
    copy_member(entry, "address", from, "address");
    json_object_set_new(entry, "kind", json_string(kind));
    copy_member(entry, "kind", from, "kind");
    copy_member(entry, "as_of", from, "as_of");
    json_array_append_new(list, entry);
}

json_t *body_extract(const json_t *person)
{
    json_t       *sheet     = json_object();
    json_t       *addresses = json_array();
    const json_t *residence = json_object_get(person, "residence");
    const char   *birth     = json_string_value(json_object_get(person, "birth_date"));

    copy_member(sheet, "name", person, "name");
    copy_member(sheet, "sex", person, "sex");
    if (birth != NULL && strlen(birth) >= 4)
        json_object_set_new(sheet, "birth_year", json_stringn(birth, 4));
    if (json_is_object(residence))
        add_address(addresses, residence, "living");
    for (size_t i = 0; i < json_array_size(residence); i++)
        add_address(addresses, json_array_get(residence, i), "living");
    add_address(addresses, json_object_get(person, "registered"), "registered");
    json_object_set_new(sheet, "addresses", addresses);
    return sheet;
}
