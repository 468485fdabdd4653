/* What a request can be refused for: one list of kinds with their status, and ONE table from the
 * errors of the layers below to these kinds. Nobody else picks a status number. */
#ifndef YZ_SERVER_PROBLEM_H
#define YZ_SERVER_PROBLEM_H

#include "geo/base/err.h"
#include "geo/base/jsonw.h"

#include <stdbool.h>

/* name, status, the last part of RFC 9457's `type`, `title`, OSRM's `code` */
#define PROBLEM_LIST(X)                                                                            \
    X(NONE, 200, "none", "Done", "Ok")                                                             \
    X(PARAMETER, 400, "bad-parameter", "A parameter is missing, unknown or malformed",             \
      "InvalidQuery")                                                                              \
    X(OPTION, 400, "bad-option", "An option is malformed", "InvalidOptions")                       \
    X(VALUE, 400, "bad-value", "A value is not valid", "InvalidValue")                             \
    X(VERSION, 400, "bad-version", "There is no such version", "InvalidVersion")                   \
    X(SERVICE, 400, "bad-service", "There is no such service", "InvalidService")                   \
    X(TARGET, 400, "bad-address", "The address is malformed", "InvalidUrl")                        \
    X(BODY, 400, "bad-body", "The body cannot be read", "InvalidQuery")                            \
    X(UNAUTHENTICATED, 401, "sign-in", "Sign in first", "InvalidQuery")                            \
    X(SECOND_FACTOR, 401, "second-factor", "A code is wanted", "InvalidQuery")                     \
    X(ENROL, 403, "second-factor-missing", "Set up a second factor first", "InvalidQuery")         \
    X(CSRF, 403, "csrf", "The request does not come from our own page", "InvalidQuery")            \
    X(FORBIDDEN, 403, "forbidden", "That is not allowed", "InvalidQuery")                          \
    X(NOT_FOUND, 404, "not-found", "There is no such thing", "InvalidUrl")                         \
    X(NO_ROAD, 404, "no-road", "No road is near the point", "NoSegment")                           \
    X(NO_ROUTE, 404, "no-route", "No way leads there", "NoRoute")                                  \
    X(NO_TRIP, 404, "no-trip", "No way leads through all stops", "NoTrips")                        \
    X(METHOD, 405, "method", "The method is not offered here", "InvalidUrl")                       \
    X(ACCEPT, 406, "not-acceptable", "There is no form of it that is accepted", "InvalidQuery")    \
    X(CONFLICT, 409, "conflict", "It contradicts what is stored", "InvalidQuery")                  \
    X(PRECONDITION, 412, "precondition", "It has changed since", "InvalidQuery")                   \
    X(TOO_LARGE, 413, "too-large", "The body is too large", "TooBig")                              \
    X(TARGET_LONG, 414, "address-too-long", "The address is too long", "TooBig")                   \
    X(MEDIA, 415, "media-type", "The kind of content is not taken", "InvalidQuery")                \
    X(CONTENT, 422, "bad-content", "The content cannot be processed", "InvalidQuery")              \
    X(TOO_MANY, 429, "too-many-requests", "Too many requests", "TooManyRequests")                  \
    X(HEADERS, 431, "headers-too-large", "The headers are too large", "TooBig")                    \
    X(INTERNAL, 500, "internal", "The server failed", "InternalError")                             \
    X(NOT_OFFERED, 501, "not-offered", "This is not offered yet", "NotImplemented")                \
    X(UNAVAILABLE, 503, "unavailable", "Not available at the moment", "Unavailable")               \
    X(STORAGE, 507, "storage", "Nothing can be stored at the moment", "Unavailable")

enum problem_kind {
#define PROBLEM_ENUM(name, status, type, title, osrm) PROBLEM_##name,
    PROBLEM_LIST(PROBLEM_ENUM)
#undef PROBLEM_ENUM
        PROBLEM_COUNT
};

/* One refusal. Zero-initialised is none. */
struct problem {
    enum problem_kind kind;
    char parameter[64]; /* the culprit, "" when it is the whole request */
    char detail[320];
    char cause[200];        /* of a fault of ours: for the log, never for the client */
    unsigned retry_after_s; /* 0: not said */
    const char *allow;      /* for METHOD: what is offered; borrowed */
    const char
        *present; /* what is stored instead, as JSON in the request's arena; NULL: not said */
};

/* In whose words a route answers. */
enum problem_shape { PROBLEM_JSON, PROBLEM_OSRM, PROBLEM_OPEN311 };

/* Notes a refusal, unless one is noted already: the first cause is the one to tell. `parameter` may
 * be NULL. */
void problem_tell(struct problem *problem, enum problem_kind kind, const char *parameter,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same as a value, always ERR_INVALID, so that a handler can end with `return problem_say(...)`
 * and a static analyser sees that it failed. */
#define problem_say(...) (problem_tell(__VA_ARGS__), ERR_INVALID)

/* Notes what error `e` of a lower layer means to the client; `why` (may be NULL) becomes the detail
 * where it speaks of the client's own input, else the cause. Returns `e`. */
enum err problem_from_err(struct problem *problem, enum err e, const struct why *why);

/* The short name, the last part of the type ("not-found"); static. */
const char *problem_name(const struct problem *problem);

int problem_status(const struct problem *problem, enum problem_shape shape);

/* Writes the body: RFC 9457's, with `present` as a member of our own (section 3.2), or
 * `{"code","message"}`. `instance` is the request's id. */
void problem_write(const struct problem *problem, enum problem_shape shape, const char *instance,
                   struct jsonw *json);

/* Open311's: a list of one error, with the status as its code (GeoReport v2, "Errors"). */
struct tree;
void problem_write_tree(const struct problem *problem, struct tree *tree);

#endif
