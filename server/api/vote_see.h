/* Who is shown a vote: those who hold votes where it is, those who may vote, and where it is public
 * everybody; drafts only the first. */
#ifndef YZ_SERVER_API_VOTE_SEE_H
#define YZ_SERVER_API_VOTE_SEE_H

#include "data/votes_electors.h"
#include "server/response.h"
#include "server/tools.h"

/* What a grant for votes alone is for. */
extern const char vote_see_kind[];

struct vote_see {
    struct db *db;
    struct votes_vote vote;
    bool staff;              /* the caller holds votes there */
    bool names;              /* and keeps members or people there, who alone read names */
    bool elector;            /* and may vote, as which: */
    struct votes_elector me; /* where they may */
};

/* The vote of the path, as it is shown to the caller; notes 404. */
enum err vote_see_find(struct request *request, struct tools *tools, struct vote_see *see);

/* The same for people: a key has no vote, and is told so (409). */
enum err vote_see_person(struct request *request, struct tools *tools, struct vote_see *see);

/* The same for who changes it; notes 403, too. */
enum err vote_see_staff(struct request *request, struct tools *tools, struct vote_see *see);

/* In the audit trail, before they are shown: that the caller reads who may vote. */
enum err vote_see_note(struct request *request, const struct tools *tools,
                       const struct vote_see *see);

#endif
