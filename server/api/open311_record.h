/* How a case is written as Open311's service request. */
#ifndef YZ_SERVER_API_OPEN311_RECORD_H
#define YZ_SERVER_API_OPEN311_RECORD_H

#include "data/cases.h"
#include "server/api/open311_ask.h"

struct open311_record {
    struct tree *tree;
    const struct kinds_kind *kind;
    const struct tools *tools;
    struct arena *arena;
    struct db *db;
    const char *base; /* of addresses */
    bool english;
};

/* One `request`. Nothing of it tells who sent it. */
enum err open311_record_write(const struct open311_record *how, const struct cases_case *c);

#endif
