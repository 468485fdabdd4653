/* Checking the card of a member, as partners do: who may, what they are told, and what of. */
#ifndef YZ_SERVER_API_CARD_CHECK_H
#define YZ_SERVER_API_CARD_CHECK_H

#include "data/member_card.h"
#include "server/tools.h"

enum { CARD_CHECK_TYPED_MAX = 60 };
#define CARD_CHECK_CODE(at)                                                                        \
    {                                                                                              \
        .name = "code", .type = BODY_TEXT, .required = true, .min = 1,                             \
        .max = CARD_CHECK_TYPED_MAX, .text = (at)                                                  \
    }

/* Whether the caller takes codes of members, by a grant for members or offers, anywhere: a member
 * of one branch is one at every partner. Notes 403. */
enum err card_check_may(struct request *request, const struct tools *tools);

/* Notes what member_card.h refuses: 404, 409 or 429. */
enum err card_check_tell(struct request *request, enum err e, const struct why *why);

/* A member with what is told of them: the branch, and the form that they filled in. */
struct card_check_told {
    const struct memberships_membership *member;
    const struct branches_branch *branch;
    const struct branches_form *form;
};

/* Writes `"branch"` and `"name"`, of which one character is shown. Reads no database, so that it
 * can be called where an answer is kept. */
enum err card_check_write(struct arena *arena, const unsigned char *seal_key, struct jsonw *json,
                          const struct card_check_told *told);

#endif
