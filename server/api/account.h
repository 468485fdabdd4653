/* The account of a path, as those see it who keep accounts. */
#ifndef YZ_SERVER_API_ACCOUNT_H
#define YZ_SERVER_API_ACCOUNT_H

#include "data/people_page.h"
#include "server/tools.h"

struct account {
    struct db *db;
    struct people_by by;
    struct people_told told;
};

/* The field `password` of a body. */
#define ACCOUNT_PASSWORD(at)                                                                       \
    {                                                                                              \
        .name = "password", .type = BODY_TEXT, .min = 1, .max = SECRETS_PASSWORD_MAX, .text = (at) \
    }

/* The database and on whose behalf. Notes 403 for a key: accounts are kept by people. */
enum err account_begin(struct request *request, struct tools *tools, struct account *a);

/* The same, and the account of `{id}`. Notes 404 for one that the caller knows nothing of. */
enum err account_find(struct request *request, struct tools *tools, struct account *a);

/* Notes what is wrong with a name. */
enum err account_check_name(struct request *request, const char *name);

/* `password`: to be shown this once; else NULL. */
void account_write(struct jsonw *json, const struct people_told *told, const char *password);

/* Answers with the account of `a->told.id` as it is now. */
enum err account_answer(struct request *request, struct response *response, struct account *a,
                        const char *password);

#endif
