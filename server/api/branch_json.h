/* Branches of the union, their forms and their members, as JSON. */
#ifndef YZ_SERVER_API_BRANCH_JSON_H
#define YZ_SERVER_API_BRANCH_JSON_H

#include "data/membership_answers.h"
#include "geo/base/jsonw.h"

/* The members that everybody is shown. */
void branch_json_write(struct jsonw *json, const struct branches_branch *branch);

/* The branch as those see it who keep it. `base` is api_base_url's. */
struct branch_json_kept {
    const struct branches_branch *branch;
    const struct branches_form *form;
    const char *base;
    int64_t members, waiting;
};
void branch_json_write_kept(struct jsonw *json, const struct branch_json_kept *kept);

/* `"form": {...}` */
void branch_json_form(struct jsonw *json, const struct branches_form *form);

/* What the QR code of a branch leads to: "https://…/join/CODE". NULL when memory is out. */
const char *branch_json_link(struct arena *arena, const char *base,
                             const struct branches_branch *branch);

/* A membership. */
struct branch_json_membership {
    const struct branches_branch *branch;
    const struct membership_answers *answers; /* NULL: not shown */
    const struct branches_form *form;         /* with which they go */
    bool for_staff;                           /* says whose it is */
    bool masked;                              /* a list: the name, and a phone number in part */
    struct arena *arena;
};
void branch_json_membership(struct jsonw *json, const struct branch_json_membership *how,
                            const struct memberships_membership *m);

#endif
