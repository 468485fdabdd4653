/* People who sign in, systems that hold a key, and what each may do where.
 *
 * A right is a grant: a role, in one area and all below it or everywhere, for one kind of case or
 * all. Tokens are opaque, random, and stored only as hashes. */
#ifndef YZ_DATA_PEOPLE_H
#define YZ_DATA_PEOPLE_H

#include "data/db.h"
#include "data/secrets.h"
#include "geo/base/arena.h"

/* The name goes into the table. */
#define PEOPLE_ROLES(X)                                                                            \
    X(rider)                                                                                       \
    X(handler)                                                                                     \
    X(area_staff)                                                                                  \
    X(area_lead)                                                                                   \
    X(city_admin)                                                                                  \
    X(branch_staff)                                                                                \
    X(integrator)
enum people_role {
#define PEOPLE_ENUM(name) PEOPLE_##name,
    PEOPLE_ROLES(PEOPLE_ENUM)
#undef PEOPLE_ENUM
        PEOPLE_ROLE_COUNT
};
const char *people_role_name(enum people_role role);
/* ERR_NOTFOUND. */
enum err people_role_find(const char *name, enum people_role *role);

struct people_grant {
    enum people_role role;
    int64_t area_id;  /* 0: everywhere */
    const char *kind; /* "": every kind of case; "place" is for place_feedback too */
};

/* Someone who was recognised. Text and grants live in the arena that was given. */
struct people_actor {
    int64_t id;
    const char *login, *name;
    bool by_key; /* came with an integrator's key, not a session */
    const struct people_grant *grants;
    size_t grant_count;
};

/* Whether the actor (NULL: nobody) holds one of the `roles` (bits 1 << role) for this area and
 * kind. `area_ids` is the area and those above it, finest first. */
bool people_may(const struct people_actor *actor, unsigned roles, const int64_t *area_ids,
                size_t area_count, const char *kind);

/* Adds a person. ERR_CONFLICT when the login is taken, ERR_INVALID with a sentence (login: 2 to 64
 * of a-z 0-9 . _ - @; password: 10 to 1024 bytes, NULL for one who never signs in: an integrator).
 * Hashing takes a tenth of a second. These four open their own transaction. */
enum err people_add(struct db *db, const char *login, const char *name, const char *password,
                    int64_t *id, struct why *why);
/* Also ends the person's sessions. ERR_NOTFOUND. */
enum err people_set_password(struct db *db, const char *login, const char *password,
                             struct why *why);
/* Ends sessions and keys, and lets nobody sign in again; the row stays, for the history. */
enum err people_disable(struct db *db, const char *login, struct why *why);
/* Giving a grant twice is fine. ERR_NOTFOUND. */
enum err people_grant(struct db *db, int64_t person, const struct people_grant *grant,
                      struct why *why);

/* Calls `each` for every person, by login. */
struct people_listed {
    int64_t id;
    const char *login, *name;
    bool disabled;
    const struct people_grant *grants;
    size_t grant_count;
};
enum err people_list(struct db *db, void (*each)(void *user, const struct people_listed *person),
                     void *user);

/* Checks login and password and opens a session. ERR_DENIED says neither which was wrong nor
 * whether the login exists, and takes as long; ERR_LIMIT after ten failures in a row, for a quarter
 * of an hour. The token is shown this once. `*expires_ms` UTC. */
enum err people_sign_in(struct db *db, const char *login, const char *password, int64_t now_ms,
                        char token[SECRETS_TOKEN_SIZE], int64_t *expires_ms, int64_t *person,
                        struct why *why);
/* Ends the session of a token; an unknown one is fine. */
enum err people_sign_out(struct db *db, const char *token);
/* Ends all sessions of a person. */
enum err people_sign_out_all(struct db *db, int64_t person);

/* A key for an integrator; shown this once. `label` tells keys apart. */
enum err people_key_add(struct db *db, int64_t person, const char *label,
                        char key[SECRETS_TOKEN_SIZE], struct why *why);
enum err people_key_revoke(struct db *db, int64_t person, const char *label, struct why *why);

/* Who stands behind a session token or a key. ERR_DENIED: unknown, ended or expired. */
enum err people_recognise(struct db *db, const char *token, int64_t now_ms, struct arena *arena,
                          struct people_actor *actor);

#endif
