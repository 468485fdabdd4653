/* Asks a server over loopback as fast as it answers, from one thread over many connections, each
 * with one question at a time, as wrk does for HTTP; for those who speak something else:
 *
 *   bench_ask http|redis|postgres PORT QUERIES.txt SECONDS CONNECTIONS [SQL]
 *
 * QUERIES: "lon lat category" a line. SQL is a statement with $1 for the longitude, $2 for the
 * latitude and CATEGORY, prepared once a connection and category. Prints requests a second, the
 * median and the 99th percentile of latency in microseconds, the number of errors, and how many
 * bytes an answer has on average. */
#include "tests/bench/ask.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LATENCIES = 2000000, EVENTS = 128, LINE = 200, REQUEST = 512 };

struct question {
    char bytes[REQUEST];
    size_t len;
};

struct connection {
    int fd;
    struct ask_reply reply;
    uint64_t sent_ns;
};

struct run {
    const struct ask_protocol *protocol;
    struct question *questions;
    size_t count, next;
    uint32_t *latencies; /* by microseconds */
    uint64_t answered, errors, bytes;
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void read_questions(struct run *run, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[LINE];
    if (!file) die(path);
    while (fgets(line, sizeof line, file)) {
        struct question *grown = realloc(run->questions, (run->count + 1) * sizeof *run->questions);
        if (!grown) die("realloc");
        run->questions = grown;
        char *lat = strchr(line, ' '), *category = lat ? strchr(lat + 1, ' ') : NULL;
        if (!category) continue;
        *lat++ = *category++ = '\0';
        category[strcspn(category, "\n")] = '\0';
        struct question *q = &grown[run->count++];
        q->len = run->protocol->ask(q->bytes, sizeof q->bytes, line, lat, category);
    }
    (void)fclose(file);
    if (!run->count) exit(1);
}

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) die("send");
        if (n > 0) bytes += n, len -= (size_t)n;
    }
}

static void ask_next(struct run *run, struct connection *c)
{
    const struct question *q = &run->questions[run->next++ % run->count];
    ask_reply_reset(&c->reply);
    c->sent_ns = now_ns();
    send_all(c->fd, q->bytes, q->len);
}

/* Reads what is there; true when the answer is whole. */
static bool receive(struct run *run, struct connection *c, int flags)
{
    struct ask_reply *reply = &c->reply;
    ssize_t n = recv(c->fd, ask_reply_room(reply), ASK_READ, flags);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (n <= 0) die("recv");
    reply->len += (size_t)n;
    return run->protocol->is_whole(reply);
}

static void open_connection(struct run *run, struct connection *c, uint16_t port, const char *sql)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int yes = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) die("connect");
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    for (int step = 0; run->protocol->greet; step++) {
        char bytes[4096];
        size_t len = run->protocol->greet(bytes, sizeof bytes, step, sql);
        if (!len) break;
        ask_reply_reset(&c->reply);
        send_all(c->fd, bytes, len);
        while (!receive(run, c, 0))
            ;
        if (c->reply.failed) {
            (void)fprintf(stderr, "bench_ask: refused: %.*s\n", (int)c->reply.len, c->reply.bytes);
            exit(1);
        }
    }
}

static void note(struct run *run, struct connection *c)
{
    uint64_t us = (now_ns() - c->sent_ns) / 1000;
    run->latencies[us < LATENCIES ? us : LATENCIES - 1]++;
    run->answered++;
    run->errors += c->reply.failed;
    run->bytes += c->reply.len;
}

static void ask_for(struct run *run, int epoll, double seconds)
{
    struct epoll_event events[EVENTS];
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    while (now_ns() < end) {
        int n = epoll_wait(epoll, events, EVENTS, 100);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            if (!receive(run, c, MSG_DONTWAIT)) continue;
            note(run, c);
            ask_next(run, c);
        }
    }
}

static uint64_t percentile(const struct run *run, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)run->answered), seen = 0;
    for (uint64_t us = 0; us < LATENCIES; us++)
        if ((seen += run->latencies[us]) > wanted) return us;
    return LATENCIES;
}

int main(int argc, char **argv)
{
    if (argc < 6) return 2;
    struct run run = {.protocol = ask_protocol(argv[1]),
                      .latencies = calloc(LATENCIES, sizeof *run.latencies)};
    size_t count = strtoul(argv[5], NULL, 10);
    struct connection *connections = calloc(count, sizeof *connections);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!run.protocol || !run.latencies || !connections || epoll < 0) return 1;
    read_questions(&run, argv[3]);
    run.next = (size_t)(now_ns() / 1000) % run.count;
    for (size_t i = 0; i < count; i++)
        open_connection(&run, &connections[i], (uint16_t)strtoul(argv[2], NULL, 10),
                        argc > 6 ? argv[6] : "");
    for (size_t i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i].fd, &event)) die("epoll_ctl");
        ask_next(&run, &connections[i]);
    }
    double seconds = strtod(argv[4], NULL);
    ask_for(&run, epoll, seconds);
    if (!run.answered) return 1;
    printf("%.0f %llu %llu %llu %.0f\n", (double)run.answered / seconds,
           (unsigned long long)percentile(&run, 0.5), (unsigned long long)percentile(&run, 0.99),
           (unsigned long long)run.errors, (double)run.bytes / (double)run.answered);
    return 0;
}
