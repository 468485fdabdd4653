/* Who asks, and whether they may: tokens and cookies, rights by area. Not on event loops. */
#ifndef YZ_SERVER_AUTH_H
#define YZ_SERVER_AUTH_H

#include "server/router.h"
#include "server/tools.h"

/* Recognises the caller as the rule asks and sets `tools->actor` and `tools->token`: by the token
 * of an `Authorization: Bearer` header, else by the cookie of csrf.h (a header wins, and the cookie
 * is not looked at). Where signing in is not owed, a cookie that proves nothing counts as none.
 * Notes 401, 403, and 429 for an address that guesses. An export is noted in the audit trail before
 * it is made. */
enum err auth_admit(const struct router_rule *rule, struct request *request, struct tools *tools);

/* Whom limits count in place of the address: the account whose token was good lately. False where
 * there is none, or nobody knows. Asks no database: an event loop may. */
bool auth_counted(const struct request *request, struct tools *tools, uint64_t now_ns,
                  struct request_address *account);

/* Recognises the holder of a key that came in another way, as Open311's `api_key`; notes 401 for
 * one that is worth nothing, and 429. */
enum err auth_key(struct request *request, struct tools *tools, const char *key);

/* Whether the caller holds the right for this kind in this area (0: outside of all). */
bool auth_may(const struct tools *tools, enum rights right, int64_t area_id, const char *kind);

/* The roles in which the caller comes to a case of this kind in this area, as bits 1 << enum
 * people_role. */
unsigned auth_roles(const struct tools *tools, int64_t area_id, const char *kind);

/* The same of somebody else (NULL: nobody). */
unsigned auth_roles_of(const struct tools *tools, const struct people_actor *actor, int64_t area_id,
                       const char *kind);

/* Where the caller holds the right for this kind: `*limited` false means everywhere; else in the
 * areas granted, which stand for all below them too. */
enum err auth_areas(const struct tools *tools, enum rights right, const char *kind,
                    struct arena *arena, bool *limited, const int64_t **ids, size_t *count);

#endif
