#include "tests/check.h"

#include "server/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server over loopback whose requests do what their path says:
 *   /echo    answers with its body         /worker  the same on a worker
 *   /slow    on a worker, a fifth of a second
 *   /follow  goes on: a line for each time somebody wakes it, until it is to end */
struct server {
    struct feed *feed;
    struct http *http;
    struct worker_pool *workers;
    atomic_int begun, done, cancelled, port;
};

/* One answer that goes on. */
struct feed {
    struct response_stream stream;
    pthread_mutex_t lock;
    unsigned lines, sent;
    bool resting, end, left;
};

static enum response_next read_feed(struct response_stream *stream, char *to, size_t room,
                                    size_t *count)
{
    struct feed *feed = (struct feed *)(void *)stream;
    pthread_mutex_lock(&feed->lock);
    enum response_next next = feed->sent < feed->lines ? RESPONSE_SEND
                              : feed->end              ? RESPONSE_END
                                                       : RESPONSE_REST;
    if (next == RESPONSE_SEND) {
        feed->sent++;
        *count = (size_t)snprintf(to, room, "line %u\n", feed->sent);
    }
    pthread_mutex_unlock(&feed->lock);
    return next;
}

static void rest_feed(struct response_stream *stream)
{
    struct feed *feed = (struct feed *)(void *)stream;
    pthread_mutex_lock(&feed->lock);
    if (feed->sent < feed->lines || feed->end)
        stream->wake(stream->connection);
    else
        feed->resting = true;
    pthread_mutex_unlock(&feed->lock);
}

static void leave_feed(void *lent)
{
    struct feed *feed = lent;
    pthread_mutex_lock(&feed->lock);
    feed->left = true;
    pthread_mutex_unlock(&feed->lock);
}

static void tell_feed(struct feed *feed, unsigned lines, bool end)
{
    pthread_mutex_lock(&feed->lock);
    feed->lines += lines;
    feed->end = feed->end || end;
    if (feed->resting) feed->stream.wake(feed->stream.connection);
    feed->resting = false;
    pthread_mutex_unlock(&feed->lock);
}

static bool has_left(struct feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    bool left = feed->left;
    pthread_mutex_unlock(&feed->lock);
    return left;
}

static void begin(void *user, struct exchange *x)
{
    struct server *s = user;
    atomic_fetch_add(&s->begun, 1);
    x->body_max = 1000;
    x->lane = strncmp(x->target, "/echo", 5) == 0 ? NULL : s->workers;
    if (strcmp(x->target, "/refused") == 0)
        problem_tell(&x->problem, PROBLEM_MEDIA, NULL, "refused");
}

static void answer(void *user, struct exchange *x, bool cancelled)
{
    struct server *s = user;
    if (cancelled) atomic_fetch_add(&s->cancelled, 1);
    atomic_store(&s->port, http_port(s->http)); /* who answers may ask the server about itself */
    if (strcmp(x->target, "/slow") == 0 && !cancelled) (void)usleep(200000);
    if (!x->problem.kind && strcmp(x->target, "/follow") == 0) {
        response_follow(&x->response, "text/plain", &s->feed->stream, s->feed, leave_feed);
    } else if (!x->problem.kind) {
        buf_puts(&x->response.body, "got ");
        if (x->request.body_len) buf_put(&x->response.body, x->request.body, x->request.body_len);
        x->response.content_type = "text/plain";
    }
    response_finish(&x->response, &x->request, PROBLEM_JSON, x->id);
}

static void done(void *user, struct exchange *x)
{
    struct server *s = user;
    (void)x;
    atomic_fetch_add(&s->done, 1);
}

static void prepare(struct server *s, unsigned workers, size_t queue)
{
    struct why why = {""};
    *s = (struct server){0};
    assert_ok(worker_start(workers, queue, &s->workers));
    const struct http_options options = {.listen = "127.0.0.1:0",
                                         .threads = 2,
                                         .max_connections = 100,
                                         .max_connections_per_address = 50,
                                         .idle_timeout_s = 5,
                                         .request_deadline_s = 1,
                                         .max_body_bytes = 10000,
                                         .hooks = {s, begin, answer, done}};
    assert_ok(http_open(&options, &s->http, &why));
}

static void start(struct server *s, unsigned workers, size_t queue)
{
    struct why why = {""};
    prepare(s, workers, queue);
    assert_ok(http_serve(s->http, &why));
}

static void stop(struct server *s)
{
    http_quiesce(s->http);
    assert_ok(worker_stop(s->workers, 10));
    for (int i = 0; i < 200 && !http_is_quiet(s->http); i++)
        (void)usleep(10000);
    http_stop(s->http);
    worker_free(s->workers);
}

static int dial(const struct server *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(http_port(s->http)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const struct timeval patience = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void put(int fd, const char *text)
{
    size_t len = strlen(text);
    assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* Reads until the end of the connection; the length. */
static size_t take(int fd, char *text, size_t size)
{
    size_t n = 0;
    for (ssize_t got; n + 1 < size && (got = recv(fd, text + n, size - 1 - n, 0)) > 0;)
        n += (size_t)got;
    text[n] = '\0';
    return n;
}

static int status_of(const char *text)
{
    return strncmp(text, "HTTP/1.1 ", 9) == 0 ? (int)strtol(text + 9, NULL, 10) : 0;
}

static int ask(const struct server *s, const char *request, char *text, size_t size)
{
    int fd = dial(s);
    put(fd, request);
    (void)take(fd, text, size);
    close(fd);
    return status_of(text);
}

#define HEAD "Host: a\r\nConnection: close\r\n"

TEST(a_body_arrives_whole_inline_and_on_a_worker)
{
    struct server s;
    char text[2000];
    start(&s, 2, 10);
    assert_int_equal(
        ask(&s, "POST /echo HTTP/1.1\r\n" HEAD "Content-Length: 5\r\n\r\nhello", text, sizeof text),
        200);
    assert_non_null(strstr(text, "\r\n\r\ngot hello"));
    assert_int_equal(ask(&s,
                         "POST /worker HTTP/1.1\r\n" HEAD "Transfer-Encoding: chunked\r\n\r\n"
                         "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
                         text, sizeof text),
                     200);
    assert_non_null(strstr(text, "\r\n\r\ngot hello"));
    assert_int_equal(http_body_bytes(s.http), 0);
    stop(&s);
    assert_int_equal(atomic_load(&s.begun), atomic_load(&s.done));
}

TEST(who_comes_before_it_serves_waits_and_is_answered)
{
    struct server s;
    struct why why = {""};
    char text[2000];
    prepare(&s, 1, 10);
    int fd = dial(&s);
    put(fd, "GET /echo HTTP/1.1\r\n" HEAD "\r\n");
    (void)usleep(50000);
    assert_int_equal(atomic_load(&s.begun), 0);
    assert_ok(http_serve(s.http, &why));
    (void)take(fd, text, sizeof text);
    assert_int_equal(status_of(text), 200);
    assert_int_equal(atomic_load(&s.port), http_port(s.http));
    close(fd);
    stop(&s);
    prepare(&s, 1, 10);
    stop(&s); /* never served */
}

TEST(one_connection_carries_many_requests)
{
    struct server s;
    char text[4000];
    start(&s, 2, 10);
    int fd = dial(&s);
    put(fd, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\nGET /worker HTTP/1.1\r\nHost: a\r\n\r\n"
            "GET /echo HTTP/1.1\r\n" HEAD "\r\n");
    (void)take(fd, text, sizeof text);
    close(fd);
    int count = 0;
    for (const char *at = text; (at = strstr(at, "HTTP/1.1 200")); at++)
        count++;
    assert_int_equal(count, 3);
    stop(&s);
}

TEST(a_body_over_its_budget_is_refused_once_it_is_in)
{
    struct server s;
    char text[2000], request[3000];
    start(&s, 1, 10);
    int n = snprintf(request, sizeof request,
                     "POST /worker HTTP/1.1\r\n" HEAD "Content-Length: 1500\r\n\r\n%01500d", 0);
    assert_true(n > 1500);
    assert_int_equal(ask(&s, request, text, sizeof text), 413);
    assert_int_equal(
        ask(&s, "POST /refused HTTP/1.1\r\n" HEAD "Content-Length: 2\r\n\r\nok", text, sizeof text),
        415);
    assert_int_equal(ask(&s,
                         "POST /refused HTTP/1.1\r\n" HEAD "Content-Length: 99999999999\r\n\r\n",
                         text, sizeof text),
                     415);
    stop(&s);
}

TEST(a_full_queue_answers_503_at_once)
{
    struct server s;
    char text[2000];
    int fds[6], refused = 0, served = 0;
    start(&s, 1, 1);
    for (int i = 0; i < 6; i++) {
        fds[i] = dial(&s);
        put(fds[i], "GET /slow HTTP/1.1\r\n" HEAD "\r\n");
        (void)usleep(10000);
    }
    for (int i = 0; i < 6; i++) {
        (void)take(fds[i], text, sizeof text);
        refused += status_of(text) == 503;
        served += status_of(text) == 200;
        close(fds[i]);
    }
    assert_int_equal(served, 2);
    assert_int_equal(refused, 4);
    stop(&s);
}

TEST(a_client_that_leaves_during_the_work_harms_nobody)
{
    struct server s;
    char text[2000];
    start(&s, 2, 20);
    for (int i = 0; i < 10; i++) {
        int fd = dial(&s);
        put(fd, "GET /slow HTTP/1.1\r\n" HEAD "\r\n");
        (void)usleep(5000);
        close(fd);
    }
    assert_int_equal(ask(&s, "GET /echo HTTP/1.1\r\n" HEAD "\r\n", text, sizeof text), 200);
    stop(&s);
    assert_int_equal(atomic_load(&s.begun), atomic_load(&s.done));
}

TEST(a_body_that_drips_is_cut_off_at_its_deadline)
{
    struct server s;
    char text[2000];
    start(&s, 1, 10);
    int fd = dial(&s);
    put(fd, "POST /echo HTTP/1.1\r\n" HEAD "Content-Length: 1000\r\n\r\n");
    int sent = 0;
    for (; sent < 100; sent++) {
        if (send(fd, "x", 1, MSG_NOSIGNAL) != 1) break;
        (void)usleep(50000);
    }
    assert_true(sent < 100); /* 5 seconds, of which it was given one */
    assert_int_equal(take(fd, text, sizeof text), 0);
    close(fd);
    stop(&s);
}

TEST(headers_that_are_too_large_get_an_answer)
{
    struct server s;
    char text[4000], request[15000];
    start(&s, 1, 10);
    int n =
        snprintf(request, sizeof request, "GET /echo HTTP/1.1\r\n" HEAD "X: %013000d\r\n\r\n", 0);
    assert_true(n > 0);
    assert_int_equal(ask(&s, request, text, sizeof text), 431);
    stop(&s);
}

TEST(stopping_answers_what_runs_and_cancels_what_waits)
{
    struct server s;
    char text[2000];
    int first, second;
    start(&s, 1, 10);
    first = dial(&s);
    put(first, "GET /slow HTTP/1.1\r\n" HEAD "\r\n");
    (void)usleep(50000);
    second = dial(&s);
    put(second, "GET /worker HTTP/1.1\r\n" HEAD "\r\n");
    (void)usleep(50000);
    stop(&s);
    (void)take(first, text, sizeof text);
    assert_int_equal(status_of(text), 200);
    (void)take(second, text, sizeof text);
    assert_int_equal(status_of(text), 503);
    assert_int_equal(atomic_load(&s.cancelled), 1);
    close(first);
    close(second);
}

static void feed_init(struct feed *feed)
{
    *feed = (struct feed){.stream = {.read = read_feed, .rest = rest_feed}};
    pthread_mutex_init(&feed->lock, NULL);
}

TEST(an_answer_that_goes_on_is_sent_bit_by_bit_and_holds_no_thread)
{
    struct server s;
    struct feed feed;
    char text[8000] = "";
    feed_init(&feed);
    start(&s, 1, 10);
    s.feed = &feed;
    int fd = dial(&s);
    put(fd, "GET /follow HTTP/1.1\r\n" HEAD "\r\n");
    tell_feed(&feed, 1, false);
    size_t n = 0;
    while (!strstr(text, "line 1") || n == 0) {
        ssize_t got = recv(fd, text + n, sizeof text - 1 - n, 0);
        assert_true(got > 0);
        n += (size_t)got;
        text[n] = '\0';
    }
    (void)usleep(1500000); /* longer than a request may take: nobody cuts it off */
    for (int i = 0; i < 200; i++) {
        tell_feed(&feed, 1, false);
        if (i % 10 == 0) {
            char other[2000];
            assert_int_equal(ask(&s, "GET /worker HTTP/1.1\r\n" HEAD "\r\n", other, sizeof other),
                             200);
        }
    }
    tell_feed(&feed, 0, true);
    (void)take(fd, text + n, sizeof text - n);
    assert_non_null(strstr(text, "Transfer-Encoding: chunked"));
    assert_non_null(strstr(text, "line 201\n"));
    close(fd);
    stop(&s);
    assert_true(feed.left);
    pthread_mutex_destroy(&feed.lock);
}

TEST(a_client_that_left_is_noticed_when_its_answer_goes_on)
{
    struct server s;
    struct feed feed;
    feed_init(&feed);
    start(&s, 1, 10);
    s.feed = &feed;
    int fd = dial(&s);
    put(fd, "GET /follow HTTP/1.1\r\n" HEAD "\r\n");
    (void)usleep(100000);
    close(fd);
    (void)usleep(100000);
    assert_false(has_left(&feed)); /* nobody looks */
    tell_feed(&feed, 1, false);
    for (int i = 0; i < 200 && !has_left(&feed); i++)
        (void)usleep(10000);
    assert_true(has_left(&feed));
    assert_int_equal(feed.sent, 0);
    stop(&s);
    pthread_mutex_destroy(&feed.lock);
}

TEST(an_address_that_cannot_be_had_is_told_with_a_remedy)
{
    struct server s;
    char listen[64];
    struct http *http = NULL;
    struct why why = {""};
    start(&s, 1, 10);
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%u", (unsigned)http_port(s.http));
    struct http_options options = {.listen = listen, .threads = 1};
    assert_err(http_open(&options, &http, &why), ERR_SYSTEM);
    assert_non_null(strstr(why.text, listen));
    assert_non_null(strstr(why.text, "another program listens there"));
    options.listen = "8080";
    assert_err(http_open(&options, &http, &why), ERR_INVALID);
    options.listen = "192.0.2.1:0";
    assert_err(http_open(&options, &http, &why), ERR_SYSTEM);
    assert_non_null(strstr(why.text, "does not have that address"));
    assert_null(http);
    stop(&s);
}

RUN(cmocka_unit_test(a_body_arrives_whole_inline_and_on_a_worker),
    cmocka_unit_test(who_comes_before_it_serves_waits_and_is_answered),
    cmocka_unit_test(one_connection_carries_many_requests),
    cmocka_unit_test(a_body_over_its_budget_is_refused_once_it_is_in),
    cmocka_unit_test(a_full_queue_answers_503_at_once),
    cmocka_unit_test(a_client_that_leaves_during_the_work_harms_nobody),
    cmocka_unit_test(a_body_that_drips_is_cut_off_at_its_deadline),
    cmocka_unit_test(headers_that_are_too_large_get_an_answer),
    cmocka_unit_test(an_answer_that_goes_on_is_sent_bit_by_bit_and_holds_no_thread),
    cmocka_unit_test(a_client_that_left_is_noticed_when_its_answer_goes_on),
    cmocka_unit_test(stopping_answers_what_runs_and_cancels_what_waits),
    cmocka_unit_test(an_address_that_cannot_be_had_is_told_with_a_remedy))
