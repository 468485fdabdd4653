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
    bool has_second_factor;
    unsigned char token[SECRETS_HASH_BYTES]; /* hash of what it came with */
    int64_t seen_ms;                         /* when that was last noted */
    const struct people_grant *grants;
    size_t grant_count;
};

/* Whether a grant for the kind `granted` ("": every kind) is one for `wanted` too. */
bool people_kind_covers(const char *granted, const char *wanted);

/* On whose behalf somebody's account or rights are changed: a person, whose reach is judged in the
 * same transaction (people_reach.h); NULL in place of one: the operator, who may do all. Either is
 * noted in the audit trail. */
struct people_by {
    int64_t person;
    const char *route; /* "PUT /v1/people/{id}" */
};

/* These fail with a sentence: ERR_NOTFOUND when there is no such person, for `by` that is;
 * ERR_DENIED when `by` may not do that. Each opens its own transaction. */

/* Adds a person, with a first grant (NULL: none; only those whose reach has no end may do that).
 * ERR_CONFLICT when the login is taken, ERR_INVALID (login: 2 to 64 of a-z 0-9 . _ - @; password:
 * 10 to 1024 bytes, NULL for one who never signs in: an integrator). Hashing takes a tenth of a
 * second.
 */
enum err people_add(struct db *db, const struct people_by *by, const struct people_grant *first,
                    const char *login, const char *name, const char *password, int64_t *id,
                    struct why *why);

/* Also ends the person's sessions, and what guesses locked. Not for oneself:
 * people_change_password. */
enum err people_set_password(struct db *db, const struct people_by *by, int64_t person,
                             const char *password, struct why *why);

/* A new name, and whether the person is disabled: that ends sessions and keys and lets nobody sign
 * in; the row stays, for the history. ERR_CONFLICT for the last city administrator. */
struct people_put {
    const char *name; /* NULL: as it was */
    bool sets_disabled, disabled;
};
enum err people_put(struct db *db, const struct people_by *by, int64_t person,
                    const struct people_put *change, struct why *why);

/* Signs a person out everywhere; keys stay. */
enum err people_end_sessions(struct db *db, const struct people_by *by, int64_t person,
                             struct why *why);

/* Giving a grant twice is fine. Nobody gives one to themselves. ERR_CONFLICT for whom a key stands:
 * a key is for an integrator and nothing else. */
enum err people_grant(struct db *db, const struct people_by *by, int64_t person,
                      const struct people_grant *grant, struct why *why);
/* Takes one away, by its number. ERR_CONFLICT for the last city administrator's. */
enum err people_ungrant(struct db *db, const struct people_by *by, int64_t person, int64_t grant,
                        struct why *why);

/* The id of a login. ERR_NOTFOUND with a sentence. */
enum err people_find(struct db *db, const char *login, int64_t *id, struct why *why);

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

/* The operator's rules of signing in. */
struct people_policy {
    int64_t session_ms;     /* how long a session lasts */
    int64_t idle_ms;        /* and without being used */
    unsigned second_factor; /* roles that need one, as bits */
};

/* What somebody signs in with. */
struct people_signing {
    const char *login, *password;
    const char *code;         /* of the second factor, or a recovery code; NULL: none given */
    const char *device;       /* what the session is called in lists */
    const unsigned char *key; /* SECRETS_KEY_BYTES: totp.h */
    const struct people_policy *policy;
    int64_t now_ms;
};
struct people_session {
    char token[SECRETS_TOKEN_SIZE]; /* shown this once */
    int64_t expires_ms, person;
    bool wants_code; /* also on ERR_DENIED: the password is right, the code missing or wrong */
};
enum { PEOPLE_DEVICE_SIZE = 81 };

/* Checks login, password and code and opens a session. ERR_DENIED says neither which was wrong nor
 * whether the login exists, and takes as long; ERR_LIMIT as guesses.h says, for logins that nobody
 * has, too. A code that is missing is no failure; a wrong one is. */
enum err people_sign_in(struct db *db, const struct people_signing *signing,
                        struct people_session *session, struct why *why);

/* Whether this is the person's password; failures count as those of signing in do. ERR_DENIED,
 * ERR_LIMIT. With `code` (may be NULL) also the second factor, which is then used up. */
enum err people_check(struct db *db, const struct people_actor *actor,
                      const struct people_signing *signing, struct why *why);

/* Sets one's own password and ends the other sessions. ERR_INVALID with a sentence. */
enum err people_change_password(struct db *db, const struct people_actor *actor,
                                const char *password, struct why *why);

/* A living session. */
struct people_seen {
    char id[17];
    char device[PEOPLE_DEVICE_SIZE];
    int64_t made_ms, seen_ms, expires_ms;
    bool current;
};
enum { PEOPLE_SESSIONS_LISTED = 100 };
/* The actor's, the last used first, of `room` at most. */
enum err people_sessions(struct db *db, const struct people_actor *actor,
                         const struct people_policy *policy, int64_t now_ms,
                         struct people_seen *sessions, size_t room, size_t *count);
/* Ends one by its id: ERR_NOTFOUND. Ends all. Ends that of the actor's token. */
enum err people_session_end(struct db *db, const struct people_actor *actor, const char *id);
enum err people_sign_out_all(struct db *db, int64_t person);
enum err people_sign_out(struct db *db, const struct people_actor *actor);
/* Notes that a session is being used. */
enum err people_session_seen(struct db *db, const struct people_actor *actor, int64_t now_ms);

/* A key for an integrator, who has no other role (ERR_CONFLICT); shown this once. `label` tells
 * keys apart: 1 to 60 bytes. */
enum err people_key_add(struct db *db, const struct people_by *by, int64_t person,
                        const char *label, char key[SECRETS_TOKEN_SIZE], struct why *why);
enum err people_key_revoke(struct db *db, const struct people_by *by, int64_t person,
                           const char *label, struct why *why);

/* A living key; text is in the arena. */
struct people_key {
    const char *label;
    int64_t made_ms;
};
enum { PEOPLE_KEYS_LISTED = 200 };
enum err people_keys(struct db *db, int64_t person, struct arena *arena,
                     const struct people_key **keys, size_t *count);

/* Who stands behind a session token or a key. ERR_DENIED: unknown, ended, expired, or idle for
 * longer than the policy (NULL: none) lets it. */
enum err people_recognise(struct db *db, const char *token, const struct people_policy *policy,
                          int64_t now_ms, struct arena *arena, struct people_actor *actor);

/* The same by number: who something is done for that goes on without them. ERR_DENIED: there is
 * nobody, or they were disabled. */
enum err people_behind(struct db *db, int64_t person, struct arena *arena,
                       struct people_actor *actor);

#endif
