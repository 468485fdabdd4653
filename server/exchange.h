/* One request and its answer, in memory that the next one uses again.
 *
 * A connection has an exchange only while a request is under way. Spare ones wait in a stack of
 * each thread, so that the event loop that has just sent an answer finds the memory of that one in
 * its caches for the next, and connections that say nothing hold nothing. */
#ifndef YZ_SERVER_EXCHANGE_H
#define YZ_SERVER_EXCHANGE_H

#include "server/request.h"
#include "server/response.h"

#include <stdint.h>

struct router_rule;
struct worker_pool;

struct exchange {
    struct request request;
    struct response response;
    struct problem problem;
    struct arena arena;
    struct buf received; /* the body */
    const char *method, *target;
    /* `begin` decides: */
    const struct router_rule *rule; /* NULL: none fits */
    enum problem_shape shape;
    size_t body_max;
    struct worker_pool *lane; /* where it is answered; NULL: on the event loop */
    bool is_recalled;         /* the response is there already */
    const char *allow;        /* answer to OPTIONS */
    /* for the epilogue: */
    uint64_t began_ns, ready_ns, done_ns; /* headers in, body in, answer out; CLOCK_MONOTONIC */
    uint64_t bytes_in, bytes_out;
    char id[17];
    struct exchange *next; /* spare one */
};

struct exchange_pool; /* shared by all threads */
enum err exchange_pool_new(struct exchange_pool **pool);
/* All exchanges must have been given back. NULL does nothing. */
void exchange_pool_free(struct exchange_pool *pool);

/* An exchange that is empty, to be given back; NULL: no memory. */
struct exchange *exchange_take(struct exchange_pool *pool);
/* Sets `id`, which a number gives and which does not show it. */
void exchange_name(struct exchange *x, uint64_t number);

/* Ends what it lent and borrowed. NULL does nothing. */
void exchange_give(struct exchange_pool *pool, struct exchange *x);

#endif
