#include "tests/check.h"

#include "server/exchange.h"

#include <pthread.h>
#include <string.h>

static int given_back;

static void count_back(void *lent)
{
    assert_ptr_equal(lent, &given_back);
    given_back++;
}

TEST(what_was_given_back_is_taken_next_and_holds_nothing)
{
    struct exchange_pool *pool;
    assert_ok(exchange_pool_new(&pool));
    struct exchange *x = exchange_take(pool), *other = exchange_take(pool);
    assert_non_null(x);
    assert_ptr_not_equal(x, other);
    x->target = arena_strdup(&x->arena, "/v1/places?near=1,2");
    x->request = (struct request){.arena = &x->arena, .problem = &x->problem};
    assert_ok(request_parse(&x->request, x->target));
    problem_tell(&x->problem, PROBLEM_MEDIA, NULL, "refused");
    buf_init(&x->received, 100);
    buf_puts(&x->received, "body");
    buf_puts(&x->response.body, "answer");
    response_header(&x->response, "A", "b");
    response_lend(&x->response, "text/plain", "lent", 4, false, &given_back, count_back);
    exchange_give(pool, x);
    assert_int_equal(given_back, 1);
    assert_ptr_equal(exchange_take(pool), x);
    assert_null(x->target);
    assert_int_equal(x->request.query_count, 0);
    assert_null(request_query(&x->request, "near"));
    assert_int_equal(x->problem.kind, 0);
    assert_int_equal(x->received.len, 0);
    assert_int_equal(x->response.body.len, 0);
    assert_int_equal(x->response.header_count, 0);
    assert_int_equal(x->arena.used_bytes, 0);
    exchange_give(pool, x);
    exchange_give(pool, other);
    exchange_give(pool, NULL);
    exchange_pool_free(pool);
    exchange_pool_free(NULL);
}

enum { THREADS = 4, ROUNDS = 2000, AT_ONCE = 50 };

struct user {
    struct exchange_pool *pool;
    char mark;
};

/* Takes a few at a time, more than are kept spare, and finds in each what it wrote, and no other's.
 */
static void *use(void *argument)
{
    struct user *u = argument;
    struct exchange *taken[AT_ONCE];
    for (int round = 0; round < ROUNDS; round++) {
        int count = round % AT_ONCE + 1;
        for (int i = 0; i < count; i++) {
            taken[i] = exchange_take(u->pool);
            assert_non_null(taken[i]);
            assert_int_equal(taken[i]->bytes_in, 0);
            taken[i]->bytes_in = (uint64_t)u->mark;
            memset(taken[i]->id, u->mark, sizeof taken[i]->id);
        }
        for (int i = 0; i < count; i++) {
            assert_int_equal(taken[i]->bytes_in, u->mark);
            assert_int_equal(taken[i]->id[16], u->mark);
            exchange_give(u->pool, taken[i]);
        }
    }
    return NULL;
}

TEST(no_two_threads_have_the_same_exchange)
{
    struct exchange_pool *pool;
    pthread_t threads[THREADS];
    struct user users[THREADS];
    assert_ok(exchange_pool_new(&pool));
    for (int i = 0; i < THREADS; i++) {
        users[i] = (struct user){.pool = pool, .mark = (char)('a' + i)};
        assert_int_equal(pthread_create(&threads[i], NULL, use, &users[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    exchange_pool_free(pool);
}

/* One gives what another took, as a loop does whose connection has moved. */
struct giver {
    struct exchange_pool *pool;
    struct exchange *taken[AT_ONCE];
};

static void *give_all(void *argument)
{
    struct giver *g = argument;
    for (int i = 0; i < AT_ONCE; i++)
        exchange_give(g->pool, g->taken[i]);
    return NULL;
}

TEST(another_thread_may_give_back)
{
    struct giver g;
    pthread_t thread;
    assert_ok(exchange_pool_new(&g.pool));
    for (int i = 0; i < AT_ONCE; i++) {
        g.taken[i] = exchange_take(g.pool);
        g.taken[i]->allow = "GET";
    }
    assert_int_equal(pthread_create(&thread, NULL, give_all, &g), 0);
    pthread_join(thread, NULL);
    struct exchange *x = exchange_take(g.pool);
    assert_null(x->allow);
    exchange_give(g.pool, x);
    exchange_pool_free(g.pool);
}

RUN(cmocka_unit_test(what_was_given_back_is_taken_next_and_holds_nothing),
    cmocka_unit_test(no_two_threads_have_the_same_exchange),
    cmocka_unit_test(another_thread_may_give_back))
