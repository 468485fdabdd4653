/* From a method and a path to a rule of THE table (api/routes.c), and what can be refused before a
 * body is read: 404, 405, 413, 415 and unknown parameters. */
#ifndef YZ_SERVER_ROUTER_H
#define YZ_SERVER_ROUTER_H

#include "data/rights.h"
#include "server/limit.h"
#include "server/request.h"
#include "server/response.h"

struct tools;

enum router_who {
    ROUTER_ANYONE,
    ROUTER_MAYBE,     /* recognised where a token comes along */
    ROUTER_SIGNED_IN, /* 401 without */
    ROUTER_RIGHTS,    /* from here on a right of data/rights.h: 403 for those who hold it nowhere */
#define ROUTER_RIGHT(name, roles, words) ROUTER_##name = ROUTER_RIGHTS + RIGHTS_##name,
    RIGHTS_LIST(ROUTER_RIGHT)
#undef ROUTER_RIGHT
};
/* Which threads answer: the event loop itself, for what memory answers at once; those for what
 * takes the processor for long; those for what waits for the disk or the database; those for what
 * waits for photos to be decoded, too, and would keep the others from the store. */
enum router_where { ROUTER_INLINE, ROUTER_COMPUTE, ROUTER_STORE, ROUTER_PHOTO, ROUTER_LANES };
/* FORM: multipart, or urlencoded. */
enum router_takes { ROUTER_NO_BODY, ROUTER_JSON, ROUTER_MULTIPART, ROUTER_FORM };

/* One row of the table. A pattern is literal segments and `{name}` ones, which may end in a
 * literal: "/tiles/{layers}/{z}/{x}/{y}.mvt". The first row that fits wins. "*" fits every path. */
struct router_rule {
    enum request_method method; /* GET answers HEAD too */
    const char *pattern;
    const char *params; /* of the query, separated by blanks */
    enum router_who who;
    enum router_where where;
    enum router_takes takes;
    size_t body_bytes; /* the most a body may have */
    enum limit_class counted_as;
    enum problem_shape shape;
    bool needs_data; /* a snapshot must be there */
    enum err (*handle)(struct request *request, struct response *response, struct tools *tools);
    /* Which requests for an INLINE row keep a processor busy, so that COMPUTE answers; NULL: none.
     */
    bool (*is_long)(const struct request *request);
    /* For a row with a lane: answers on the event loop what is at hand, and returns true; NULL:
     * nothing ever is. Does not wait, and leaves refusals to `handle`. */
    bool (*recall)(struct request *request, struct response *response, struct tools *tools);
};

/* THE table: every route of the server. It is filled in api/routes.c, beside the handlers it names,
 * so that nothing in this folder looks into that one. */
enum { ROUTES_MAX = 384 };
extern const struct router_rule routes[];
extern const size_t routes_count; /* at most ROUTES_MAX */

/* Finds the rule for a parsed request and fills its args. NULL with the problem noted: NOT_FOUND,
 * or METHOD with what is allowed. For OPTIONS on a path that exists: NULL, no problem, and
 * `*allow` (in the arena) set. */
const struct router_rule *router_find(const struct router_rule *rules, size_t count,
                                      struct request *request, const char **allow);

/* The shape of errors on this path, also where no rule fits: that of the first rule with the same
 * first segment. */
enum problem_shape router_shape(const struct router_rule *rules, size_t count, const char *path);

/* Checks what can be checked without the body: names of parameters, type and announced size.
 * Returns ERR_OK or notes the problem. */
enum err router_admit(const struct router_rule *rule, struct request *request);

#endif
