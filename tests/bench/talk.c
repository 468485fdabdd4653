#include "tests/bench/talk.h"

#include "geo/base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 16, PARTS = 8 };

static bool begin(struct talk *talk)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(talk->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int one = 1;
    if (!talk->bytes) talk->bytes = malloc(talk->size = ANSWER_MAX);
    talk->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (!talk->bytes || talk->fd <= 0) return false;
    (void)setsockopt(talk->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return connect(talk->fd, (const struct sockaddr *)&to, sizeof to) == 0;
}

static void hang_up(struct talk *talk)
{
    if (talk->fd > 0) close(talk->fd);
    talk->fd = 0;
}

void talk_end(struct talk *talk)
{
    hang_up(talk);
    free(talk->bytes);
    talk->bytes = NULL;
}

static bool send_all(int fd, const struct talk_part *parts, size_t count)
{
    struct iovec left[PARTS];
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        left[i] = (struct iovec){(void *)parts[i].bytes, parts[i].len};
    while (at < count) {
        ssize_t n = writev(fd, left + at, (int)(count - at));
        if (n < 0) return false;
        for (; at < count && (size_t)n >= left[at].iov_len; at++)
            n -= (ssize_t)left[at].iov_len;
        if (at < count) {
            left[at].iov_base = (char *)left[at].iov_base + n;
            left[at].iov_len -= (size_t)n;
        }
    }
    return true;
}

/* The length of an answer whose head is there; 0 when it is not, or says none. */
static size_t whole_length(const char *bytes)
{
    static const char name[] = "\r\nContent-Length: ";
    const char *end = strstr(bytes, "\r\n\r\n");
    const char *length = end ? strcasestr(bytes, name) : NULL;
    if (!length || length > end) return 0;
    return (size_t)(end + 4 - bytes) + strtoul(length + sizeof name - 1, NULL, 10);
}

static int read_answer(struct talk *talk)
{
    size_t len = 0, whole = 0;
    while (!whole || len < whole) {
        if (len + 1 >= talk->size) return 0;
        ssize_t n = read(talk->fd, talk->bytes + len, talk->size - 1 - len);
        if (n <= 0) return 0;
        len += (size_t)n;
        talk->bytes[len] = '\0';
        if (!whole) whole = whole_length(talk->bytes);
    }
    return len > 12 ? (int)strtol(talk->bytes + sizeof "HTTP/1.1", NULL, 10) : 0;
}

int talk_ask(struct talk *talk, const struct talk_part *parts, size_t count)
{
    int status = 0;
    if (count <= PARTS && (talk->fd > 0 || begin(talk)) && send_all(talk->fd, parts, count))
        status = read_answer(talk);
    if (!status) hang_up(talk);
    return status;
}

void talk_note(struct talk_times *times, uint64_t began_ns)
{
    if (times->count == times->room) {
        size_t room = times->room ? 2 * times->room : 1024;
        uint32_t *more = realloc(times->us, room * sizeof *more);
        if (!more) return;
        times->us = more;
        times->room = room;
    }
    times->us[times->count++] = (uint32_t)((clock_ns() - began_ns) / 1000);
}

void talk_merge(struct talk_times *times, struct talk_times *more)
{
    size_t count = times->count + more->count;
    uint32_t *all = realloc(times->us, (count + 1) * sizeof *all);
    if (all) {
        if (more->count) memcpy(all + times->count, more->us, more->count * sizeof *all);
        *times = (struct talk_times){all, count, count, times->failed + more->failed};
    }
    free(more->us);
    *more = (struct talk_times){0};
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

double talk_quantile(struct talk_times *times, double share)
{
    if (!times->count) return 0;
    qsort(times->us, times->count, sizeof *times->us, compare);
    size_t at = (size_t)(share * (double)times->count);
    return times->us[at < times->count ? at : times->count - 1] / 1000.0;
}
