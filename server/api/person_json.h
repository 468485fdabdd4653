/* A person as the API shows them. */
#ifndef YZ_SERVER_API_PERSON_JSON_H
#define YZ_SERVER_API_PERSON_JSON_H

#include "data/people.h"
#include "geo/base/jsonw.h"

/* Members of an object that is open: id, name, login, grants. */
void person_json_members(struct jsonw *json, const struct people_actor *actor);

#endif
