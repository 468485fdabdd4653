/* Who may do what: THE table of rights, and which grants give them where.
 *
 * What a case may be moved to is said by the table of its kind (kinds.h); this one says who is let
 * in to a thing at all. docs/roles.md shows it, and a test holds the page against it. */
#ifndef YZ_DATA_RIGHTS_H
#define YZ_DATA_RIGHTS_H

#include "data/people.h"

/* The columns of the table, as bits 1 << enum people_role. */
#define RIGHTS_ROLE(name) (1u << PEOPLE_##name)
enum {
    RIGHTS_CITY = RIGHTS_ROLE(city_admin),
    RIGHTS_LEAD = RIGHTS_CITY | RIGHTS_ROLE(area_lead),
    RIGHTS_AREA = RIGHTS_LEAD | RIGHTS_ROLE(area_staff),
    RIGHTS_DESK = RIGHTS_AREA | RIGHTS_ROLE(branch_staff),
    RIGHTS_WORK = RIGHTS_DESK | RIGHTS_ROLE(handler) | RIGHTS_ROLE(integrator)
};

/* A right, who holds it, and what it lets them do: the end of "this is for those who may ...". */
#define RIGHTS_LIST(X)                                                                             \
    X(see, RIGHTS_WORK, "see cases, private ones too")                                             \
    X(move, RIGHTS_WORK, "move cases on")                                                          \
    X(note, RIGHTS_WORK, "write notes on cases")                                                   \
    X(assign, RIGHTS_DESK, "give cases to units, people and other areas")                          \
    X(share, RIGHTS_LEAD | RIGHTS_ROLE(branch_staff), "share views and keep templates")            \
    X(merge, RIGHTS_DESK, "join and split cases that say the same")                                \
    X(blur, RIGHTS_DESK, "blur what a photo of a case shows")                                      \
    X(places, RIGHTS_AREA, "keep places true")                                                     \
    X(closures, RIGHTS_AREA, "close streets")                                                      \
    X(imports, RIGHTS_AREA | RIGHTS_ROLE(integrator), "bring in lists of places")                  \
    X(borders, RIGHTS_CITY, "bring in areas")                                                      \
    X(export, RIGHTS_DESK, "take lists out")                                                       \
    X(statistics, RIGHTS_DESK, "see figures of cases")                                             \
    X(audit, RIGHTS_LEAD, "read who looked at what")                                               \
    X(points, RIGHTS_LEAD | RIGHTS_ROLE(branch_staff), "give points and take them back")           \
    X(flags, RIGHTS_DESK, "see what speaks against points")                                        \
    X(rewards, RIGHTS_LEAD | RIGHTS_ROLE(branch_staff), "offer rewards")                           \
    X(verify, RIGHTS_WORK, "take codes and hand rewards over")                                     \
    X(posts, RIGHTS_LEAD | RIGHTS_ROLE(branch_staff), "write news, stories and lessons")           \
    X(activities, RIGHTS_DESK, "run tasks and events")                                             \
    X(votes, RIGHTS_LEAD | RIGHTS_ROLE(branch_staff), "hold votes")                                \
    X(members, RIGHTS_CITY | RIGHTS_ROLE(branch_staff), "keep a branch and who belongs to it")     \
    X(offers, RIGHTS_LEAD | RIGHTS_ROLE(branch_staff), "keep what partners offer")                 \
    X(moderate, RIGHTS_DESK, "hide what others should not read")                                   \
    X(people, RIGHTS_LEAD, "add people and give them roles")                                       \
    X(webhooks, RIGHTS_CITY | RIGHTS_ROLE(integrator), "have other systems told")

enum rights {
#define RIGHTS_ENUM(name, roles, words) RIGHTS_##name,
    RIGHTS_LIST(RIGHTS_ENUM)
#undef RIGHTS_ENUM
        RIGHTS_COUNT
};

const char *rights_name(enum rights right);
const char *rights_words(enum rights right);
/* Bits 1 << enum people_role. */
unsigned rights_roles(enum rights right);

/* Whether a grant may name this kind: "", one of cases, or of what else staff do ("closure",
 * "place", "points", "reward", "post", "activity", "vote", "member", "offer"). */
struct kinds;
bool rights_kind(const struct kinds *kinds, const char *kind);

/* Whether a grant reaches this kind of case, by its kind and by what its role is for at all:
 * - branch_staff work on the branch's own kinds (difficulty, opinion, proposal), on its community
 *   (points, rewards, posts, activities, votes, members, offers), and on no others;
 * - a difficulty is theirs: an area's roles see it only where their grant names the kind;
 * - a key has what its grants name: one for every kind gives it nothing. */
bool rights_covers(const struct people_grant *grant, const char *kind);

/* Whether the actor (NULL: nobody) holds the right for this kind in this area. `area_ids` is the
 * area and those above it, finest first; none of them: only grants for everywhere count. */
bool rights_may(const struct people_actor *actor, enum rights right, const int64_t *area_ids,
                size_t area_count, const char *kind);

/* Whether there is any area and any kind for which the actor holds it. */
bool rights_anywhere(const struct people_actor *actor, enum rights right);

/* The roles that the actor holds for this kind in this area, as bits. */
unsigned rights_held(const struct people_actor *actor, const int64_t *area_ids, size_t area_count,
                     const char *kind);

#endif
