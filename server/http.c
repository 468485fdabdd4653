#include "server/http.h"

#include "geo/base/clock.h"
#include "geo/base/text.h"
#include "server/listener.h"
#include "server/peer.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    POOL_BYTES = 16 * 1024, /* a connection's address and headers in and out; the library clears it
                              with every request, and refuses more */
    KEEP_BODY_BYTES = 64 * 1024,
    SWALLOW_BYTES = 40 * 1024 * 1024, /* of a refused body, so that its sender reads the answer */
    STREAM_BYTES = 1024,
    SENDING_DEADLINES = 10 /* a slow reader gets so many times the request's deadline */
};

/* A connection numbers its requests by itself, so that the loops share nothing for it. */
#define IDS_EACH ((uint64_t)1 << 32)

/* FOLLOWING: its answer goes on; between two bits of it the connection is suspended. */
enum phase { WAITING, RECEIVING, WORKING, SENDING, FOLLOWING };

struct connection {
    struct exchange *x; /* of the request under way, else NULL */
    struct worker_job job;
    struct http *http;
    struct MHD_Connection *mhd;
    int fd;
    struct connection *previous, *next; /* under the lock of `http` */
    atomic_int phase;
    atomic_uint_fast64_t since_ns; /* when the phase began */
    atomic_bool answered;          /* by a worker */
    size_t counted_bytes, swallowed_bytes;
    uint64_t next_id; /* of its requests */
    bool begun, is_ambiguous;
};

struct http {
    struct http_options options;
    struct MHD_Daemon *daemon;
    char url[300];
    uint16_t port;
    int fd; /* listening; -1 while the daemon has it */
    atomic_bool quiesced, stopping;
    atomic_size_t connections, body_bytes;
    struct exchange_pool *exchanges;
    atomic_uint_fast64_t next_id; /* of the next connection's first request */
    pthread_mutex_t lock;
    struct connection *first;
    pthread_t sweeper;
    bool has_sweeper;
};

static void enter_phase(struct connection *c, enum phase phase, uint64_t now_ns)
{
    atomic_store_explicit(&c->since_ns, now_ns, memory_order_relaxed);
    atomic_store_explicit(&c->phase, (int)phase, memory_order_release);
}

/* ---- connections ---------------------------------------------------------------------------- */

static struct connection *connection_new(struct http *http, struct MHD_Connection *mhd)
{
    struct connection *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->http = http;
    c->mhd = mhd;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    c->fd = info ? info->connect_fd : -1;
    c->next_id = atomic_fetch_add(&http->next_id, IDS_EACH);
    enter_phase(c, WAITING, clock_ns());
    pthread_mutex_lock(&http->lock);
    c->next = http->first;
    if (c->next) c->next->previous = c;
    http->first = c;
    pthread_mutex_unlock(&http->lock);
    atomic_fetch_add(&http->connections, 1);
    return c;
}

static void connection_free(struct connection *c)
{
    struct http *http = c->http;
    pthread_mutex_lock(&http->lock);
    if (c->previous)
        c->previous->next = c->next;
    else
        http->first = c->next;
    if (c->next) c->next->previous = c->previous;
    pthread_mutex_unlock(&http->lock);
    atomic_fetch_sub(&http->connections, 1);
    exchange_give(http->exchanges, c->x);
    free(c);
}

static void on_connection(void *user, struct MHD_Connection *mhd, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = connection_new(user, mhd);
    } else if (*context) {
        connection_free(*context);
        *context = NULL;
    }
}

/* ---- from the library's request to ours ----------------------------------------------------- */

static enum MHD_Result on_header(void *user, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    (void)kind;
    request_header(user, name, value ? value : "");
    return MHD_YES;
}

/* The raw target, before the library has touched it. What is returned comes back with every call
 * for this request. */
static void *on_target(void *user, const char *uri, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *c = info ? info->socket_context : NULL;
    (void)user;
    if (!c) return NULL;
    if (!c->x) c->x = exchange_take(c->http->exchanges);
    if (!c->x) return NULL;
    c->x->target = arena_strdup(&c->x->arena, uri);
    return c->x->target ? c : NULL;
}

static size_t on_unescape(void *user, struct MHD_Connection *mhd, char *text)
{
    (void)user;
    (void)mhd;
    return strlen(text); /* request.c decodes, strictly */
}

static void fill_request(struct connection *c, const char *method)
{
    struct exchange *x = c->x;
    exchange_name(x, c->next_id++);
    x->method = method;
    x->request = (struct request){
        .method = request_method(method), .arena = &x->arena, .problem = &x->problem, .path = ""};
    (void)MHD_get_connection_values(c->mhd, MHD_HEADER_KIND, on_header, &x->request.headers);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    peer_address(info ? info->client_addr : NULL, &x->request.address);
    if (c->http->options.behind_proxy)
        peer_forwarded(x->request.headers.forwarded_for, &x->request.address);
}

/* ---- answering ------------------------------------------------------------------------------ */

/* The next bit of an answer that goes on. Who is gone is noticed here, because a suspended
 * connection does not look: a first write to it would still succeed. */
static ssize_t on_stream(void *user, uint64_t at, char *to, size_t room)
{
    struct connection *c = user;
    struct response_stream *stream = c->x->response.stream;
    size_t n = 0;
    (void)at;
    if (peer_is_gone(c->fd)) return MHD_CONTENT_READER_END_WITH_ERROR;
    switch (stream->read(stream, to, room, &n)) {
    case RESPONSE_SEND:
        c->x->bytes_out += n;
        return (ssize_t)n;
    case RESPONSE_REST:
        MHD_suspend_connection(c->mhd); /* before anybody may wake it */
        stream->rest(stream);
        return 0;
    case RESPONSE_END:
        break;
    }
    return MHD_CONTENT_READER_END_OF_STREAM;
}

static void wake(void *connection)
{
    MHD_resume_connection(((struct connection *)connection)->mhd);
}

static struct MHD_Response *make_answer(struct connection *c)
{
    struct response *r = &c->x->response;
    if (!r->stream)
        return MHD_create_response_from_buffer(
            r->len, (void *)(uintptr_t)(r->bytes ? r->bytes : ""), MHD_RESPMEM_PERSISTENT);
    r->stream->wake = wake;
    r->stream->connection = c;
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BYTES, on_stream, c, NULL);
}

static enum MHD_Result send_answer(struct connection *c)
{
    struct exchange *x = c->x;
    struct response *r = &x->response;
    struct MHD_Response *out = make_answer(c);
    if (!out) return MHD_NO;
    enum MHD_Result ok = MHD_YES;
    if (r->content_type && r->status != 304 && r->status != 204)
        ok = MHD_add_response_header(out, "Content-Type", r->content_type);
    for (size_t i = 0; ok && i < r->header_count; i++)
        ok = MHD_add_response_header(out, r->headers[i].name, r->headers[i].value);
    if (ok && atomic_load(&c->http->quiesced))
        ok = MHD_add_response_header(out, "Connection", "close");
    enter_phase(c, r->stream ? FOLLOWING : SENDING, clock_ns());
    x->bytes_out = r->len;
    if (ok) ok = MHD_queue_response(c->mhd, (unsigned)r->status, out);
    MHD_destroy_response(out);
    return ok;
}

static void answer(struct connection *c, bool cancelled)
{
    const struct http_hooks *hooks = &c->http->options.hooks;
    hooks->answer(hooks->user, c->x, cancelled);
}

static void on_job(struct worker_job *job, bool cancelled)
{
    struct connection *c =
        (struct connection *)(void *)((char *)job - offsetof(struct connection, job));
    if (cancelled)
        problem_tell(&c->x->problem, PROBLEM_UNAVAILABLE, NULL, "the server is stopping");
    answer(c, cancelled);
    atomic_store_explicit(&c->answered, true, memory_order_release);
    MHD_resume_connection(c->mhd);
}

/* From here on the connection belongs to the worker until it resumes. */
static void hand_over(struct connection *c)
{
    enter_phase(c, WORKING, c->x->ready_ns);
    c->job = (struct worker_job){.run = on_job};
    MHD_suspend_connection(c->mhd);
    if (worker_submit(c->x->lane, &c->job)) return;
    problem_tell(&c->x->problem, PROBLEM_UNAVAILABLE, NULL,
                 "too many requests are waiting already");
    answer(c, true);
    atomic_store_explicit(&c->answered, true, memory_order_release);
    MHD_resume_connection(c->mhd);
}

static enum MHD_Result complete(struct connection *c)
{
    struct exchange *x = c->x;
    x->ready_ns = x->bytes_in ? clock_ns() : x->began_ns;
    x->request.body = x->received.bytes;
    x->request.body_len = x->received.len;
    if (x->lane && !x->problem.kind) {
        hand_over(c);
        return MHD_YES;
    }
    answer(c, false);
    return send_answer(c);
}

/* ---- receiving ------------------------------------------------------------------------------ */

static enum MHD_Result begin(struct connection *c, const char *method)
{
    const struct http_hooks *hooks = &c->http->options.hooks;
    struct exchange *x = c->x;
    c->begun = true;
    x->began_ns = clock_ns();
    enter_phase(c, RECEIVING, x->began_ns);
    fill_request(c, method);
    if (x->request.headers.total_bytes > REQUEST_MAX_HEADERS)
        problem_tell(&x->problem, PROBLEM_HEADERS, NULL, "the headers may have %d bytes",
                     REQUEST_MAX_HEADERS);
    c->is_ambiguous = request_check_framing(&x->request) != ERR_OK;
    hooks->begin(hooks->user, x);
    buf_init(&x->received, x->body_max ? x->body_max : 1);
    if (!c->is_ambiguous && !request_refuses_body(&x->request, SWALLOW_BYTES)) return MHD_YES;
    x->ready_ns = x->began_ns;
    answer(c, false);
    return send_answer(c);
}

static enum MHD_Result on_body(struct connection *c, const char *bytes, size_t n)
{
    struct exchange *x = c->x;
    struct http *http = c->http;
    x->bytes_in += n;
    if (!x->problem.kind && n > x->body_max - x->received.len)
        problem_tell(&x->problem, PROBLEM_TOO_LARGE, NULL, "%zu bytes are taken here", x->body_max);
    if (!x->problem.kind) {
        size_t held = atomic_fetch_add(&http->body_bytes, n) + n;
        c->counted_bytes += n;
        if (held > http->options.max_body_bytes)
            problem_tell(&x->problem, PROBLEM_UNAVAILABLE, NULL,
                         "too much is being uploaded at the moment");
        buf_put(&x->received, bytes, n);
        if (x->received.err) (void)problem_from_err(&x->problem, x->received.err, NULL);
    }
    if (!x->problem.kind) return MHD_YES;
    buf_fini(&x->received);
    c->swallowed_bytes += n;
    return c->swallowed_bytes <= SWALLOW_BYTES ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *n, void **context)
{
    struct connection *c = *context;
    (void)user, (void)mhd, (void)url, (void)version;
    if (!c) return MHD_NO; /* no memory */
    if (!c->begun) return begin(c, method);
    if (*n) {
        size_t taken = *n;
        *n = 0;
        return on_body(c, bytes, taken);
    }
    if (atomic_load_explicit(&c->phase, memory_order_acquire) != WORKING) return complete(c);
    if (!atomic_load_explicit(&c->answered, memory_order_acquire)) return MHD_YES;
    return send_answer(c);
}

static void reset(struct connection *c)
{
    uint64_t now_ns = c->x->done_ns;
    if (c->counted_bytes) atomic_fetch_sub(&c->http->body_bytes, c->counted_bytes);
    exchange_give(c->http->exchanges, c->x);
    c->x = NULL;
    c->counted_bytes = c->swallowed_bytes = 0;
    c->begun = false;
    atomic_store(&c->answered, false);
    enter_phase(c, WAITING, now_ns);
}

static void on_completed(void *user, struct MHD_Connection *mhd, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct connection *c = *context;
    (void)user, (void)mhd, (void)code;
    *context = NULL;
    if (!c || !c->x) return;
    const struct http_hooks *hooks = &c->http->options.hooks;
    c->x->done_ns = clock_ns();
    if (c->begun) hooks->done(hooks->user, c->x);
    reset(c);
}

/* ---- deadlines ------------------------------------------------------------------------------ */

/* The library's timeout is one of silence; somebody who sends a byte now and then is cut off here.
 * Shutting the socket down makes its event loop see the end; closing it stays the library's. */
static void sweep(struct http *http)
{
    uint64_t now = clock_ns(), deadline_ns = http->options.request_deadline_s * 1000000000ull;
    pthread_mutex_lock(&http->lock);
    for (struct connection *c = http->first; c; c = c->next) {
        int phase = atomic_load_explicit(&c->phase, memory_order_acquire);
        uint64_t since = atomic_load_explicit(&c->since_ns, memory_order_relaxed);
        uint64_t allowed = phase == SENDING ? deadline_ns * SENDING_DEADLINES : deadline_ns;
        if (phase != WORKING && phase != FOLLOWING && now > since && now - since > allowed)
            (void)shutdown(c->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&http->lock);
}

static void *sweep_for_ever(void *argument)
{
    struct http *http = argument;
    const struct timespec nap = {.tv_nsec = 100000000};
    for (unsigned i = 1; !atomic_load(&http->stopping); i++) {
        (void)nanosleep(&nap, NULL);
        if (i % 5 == 0) sweep(http);
    }
    return NULL;
}

/* ---- the daemon ----------------------------------------------------------------------------- */

static struct MHD_Daemon *start_daemon(struct http *http)
{
    const struct http_options *o = &http->options;
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_LISTEN_SOCKET, http->fd, NULL},
        {MHD_OPTION_THREAD_POOL_SIZE, o->threads > 1 ? (intptr_t)o->threads : 0, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, o->max_connections, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->max_connections_per_address, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, o->idle_timeout_s, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, http},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, http},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, http},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)on_unescape, http},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
                            on_request, http, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
}

enum err http_open(const struct http_options *options, struct http **http, struct why *why)
{
    struct http *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->options = *options;
    fresh->fd = -1;
    atomic_store(&fresh->next_id, clock_ns());
    pthread_mutex_init(&fresh->lock, NULL);
    enum err e = exchange_pool_new(&fresh->exchanges);
    if (!e)
        e = listener_open(options->listen, &fresh->fd, &fresh->port, fresh->url, sizeof fresh->url,
                          why);
    if (e) {
        http_stop(fresh);
        return e;
    }
    *http = fresh;
    return ERR_OK;
}

enum err http_serve(struct http *http, struct why *why)
{
    static const char remedy[] =
        "the HTTP server cannot start: raise the limits on open files and threads";
    if (pthread_create(&http->sweeper, NULL, sweep_for_ever, http))
        return err_say(why, ERR_SYSTEM, "%s", remedy);
    http->has_sweeper = true;
    http->daemon = start_daemon(http);
    if (!http->daemon) return err_say(why, ERR_SYSTEM, "%s", remedy);
    http->fd = -1;
    return ERR_OK;
}

const char *http_url(const struct http *http)
{
    return http->url;
}

uint16_t http_port(const struct http *http)
{
    return http->port;
}

size_t http_connections(struct http *http)
{
    return atomic_load(&http->connections);
}

size_t http_body_bytes(struct http *http)
{
    return atomic_load(&http->body_bytes);
}

size_t http_requests_running(struct http *http)
{
    size_t count = 0;
    pthread_mutex_lock(&http->lock);
    for (struct connection *c = http->first; c; c = c->next)
        count += atomic_load_explicit(&c->phase, memory_order_acquire) != WAITING;
    pthread_mutex_unlock(&http->lock);
    return count;
}

void http_quiesce(struct http *http)
{
    if (atomic_exchange(&http->quiesced, true) || !http->daemon) return;
    http->fd = MHD_quiesce_daemon(http->daemon);
    /* The library may still look at it, so it stays open; but nobody shall wait in its queue. */
    if (http->fd >= 0) (void)shutdown(http->fd, SHUT_RDWR);
}

bool http_is_quiet(struct http *http)
{
    return http_requests_running(http) == 0;
}

void http_stop(struct http *http)
{
    if (!http) return;
    atomic_store(&http->stopping, true);
    if (http->has_sweeper) pthread_join(http->sweeper, NULL);
    if (http->daemon) MHD_stop_daemon(http->daemon);
    if (http->fd >= 0) close(http->fd);
    exchange_pool_free(http->exchanges);
    pthread_mutex_destroy(&http->lock);
    free(http);
}
