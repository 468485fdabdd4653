/* Reports that are sent for good, by many at once, and what the nearest queries take meanwhile:
 *
 *     bench_cases PORT FOLDER QUERIES SECONDS PHOTOS OUT.json
 *
 * FOLDER is on the disk of the server's data, whose own rate of syncs is measured first; QUERIES
 * has lines "lon lat category"; PHOTOS are made before the clock runs, and none is sent twice. */
#include "geo/base/clock.h"
#include "geo/base/pace.h"
#include "tests/bench/snaps.h"
#include "tests/bench/talk.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SENDERS = 64, ASKERS = 2, ASK_EVERY_US = 4000, QUERIES = 10000, DISK_BYTES = 4096 };

#define BOUNDARY "photo-and-words"
#define FIELD(name)                                                                                \
    "\r\n--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

struct query {
    char lon[16], lat[16], category[32];
};

struct bench {
    uint16_t port;
    int seconds;
    struct query *queries;
    size_t query_count;
    struct snaps snaps;
    FILE *out;
    /* of one stretch: */
    bool with_photos;
    atomic_bool over;
    atomic_size_t next; /* report */
};

struct one {
    struct bench *bench;
    struct talk talk;
    struct talk_times times;
    size_t number;
    pthread_t thread;
};

/* What a stretch of time showed. */
struct stretch {
    struct talk_times sent, asked;
    double took_s, client_s; /* processor time of this program */
};

/* --- those who send, and those who ask --- */

static int post(struct one *one, const char *path, size_t number, const struct talk_part *body,
                size_t count)
{
    char head[512];
    struct talk_part parts[4];
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += body[i].len;
        parts[1 + i] = body[i];
    }
    int len = snprintf(head, sizeof head,
                       "POST %s HTTP/1.1\r\nHost: a\r\nIdempotency-Key: %zu\r\nContent-Type: "
                       "multipart/form-data; boundary=" BOUNDARY "\r\nContent-Length: %zu\r\n\r\n",
                       path, number, length);
    parts[0] = (struct talk_part){head, (size_t)len};
    return talk_ask(&one->talk, parts, 1 + count);
}

/* A report with its photo. */
static int send_report(struct one *one, size_t number)
{
    const struct bench *b = one->bench;
    const struct query *at = &b->queries[number % b->query_count];
    const struct snaps_photo *photo = &b->snaps.photos[number % b->snaps.count];
    static const char end[] = "\r\n--" BOUNDARY "--\r\n";
    char words[1024];
    int len = snprintf(words, sizeof words,
                       FIELD("category") "manhole" FIELD("lon") "%s" FIELD("lat") "%s" FIELD(
                           "description") "%zu 井盖缺失\r\n--" BOUNDARY
                                          "\r\nContent-Disposition: form-data; name=\"photo\"; "
                                          "filename=\"a.jpg\"\r\n"
                                          "Content-Type: image/jpeg\r\n\r\n",
                       at->lon, at->lat, number);
    const struct talk_part parts[] = {
        {words, (size_t)len}, {photo->bytes, photo->len}, {end, sizeof end - 1}};
    return post(one, "/v1/reports", number, parts, 3);
}

/* What somebody says of a place, which is a case too, and needs no photo. */
static int send_feedback(struct one *one, size_t number)
{
    char path[64], words[256];
    (void)snprintf(path, sizeof path, "/v1/places/%zu/feedback", number + 1);
    int len = snprintf(words, sizeof words,
                       FIELD("problem") "closed" FIELD("description") "%zu\r\n--" BOUNDARY "--\r\n",
                       number);
    return post(one, path, number, &(struct talk_part){words, (size_t)len}, 1);
}

static void *send_on(void *user)
{
    struct one *one = user;
    while (!atomic_load(&one->bench->over)) {
        uint64_t began_ns = clock_ns();
        size_t number = atomic_fetch_add(&one->bench->next, 1);
        int status =
            one->bench->with_photos ? send_report(one, number) : send_feedback(one, number);
        if (status == 201)
            talk_note(&one->times, began_ns);
        else
            one->times.failed++;
    }
    return NULL;
}

static void *ask_on(void *user)
{
    struct one *one = user;
    const struct bench *b = one->bench;
    const struct timespec nap = {.tv_nsec = ASK_EVERY_US * 1000L};
    char text[256];
    pace_prompt(); /* as if it were on another machine: what is measured is the server */
    for (size_t i = one->number; !atomic_load(&one->bench->over); i += ASKERS) {
        const struct query *q = &b->queries[i % b->query_count];
        int n = snprintf(text, sizeof text,
                         "GET /v1/places?near=%s,%s&category=%s&radius=5000&limit=10 "
                         "HTTP/1.1\r\nHost: a\r\n\r\n",
                         q->lon, q->lat, q->category);
        uint64_t began_ns = clock_ns();
        if (talk_ask(&one->talk, &(struct talk_part){text, (size_t)n}, 1) == 200)
            talk_note(&one->times, began_ns);
        else
            one->times.failed++;
        (void)nanosleep(&nap, NULL);
    }
    return NULL;
}

static double client_s(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

static bool start(struct bench *b, struct one *ones, size_t count, void *(*run)(void *user))
{
    for (size_t i = 0; i < count; i++) {
        ones[i] = (struct one){.bench = b, .number = i, .talk = {.port = b->port}};
        if (pthread_create(&ones[i].thread, NULL, run, &ones[i])) return false;
    }
    return true;
}

static void finish(struct one *ones, size_t count, struct talk_times *times)
{
    for (size_t i = 0; i < count; i++) {
        (void)pthread_join(ones[i].thread, NULL);
        talk_merge(times, &ones[i].times);
        talk_end(&ones[i].talk);
    }
}

static bool run(struct bench *b, size_t senders, int seconds, struct stretch *stretch)
{
    static struct one sending[SENDERS], asking[ASKERS];
    const struct timespec nap = {.tv_sec = seconds};
    *stretch = (struct stretch){0};
    atomic_store(&b->over, false);
    atomic_store(&b->next, 0);
    double client_before = client_s();
    uint64_t began_ns = clock_ns();
    if (!start(b, sending, senders, send_on) || !start(b, asking, ASKERS, ask_on)) return false;
    (void)nanosleep(&nap, NULL);
    atomic_store(&b->over, true);
    finish(asking, ASKERS, &stretch->asked);
    finish(sending, senders, &stretch->sent);
    stretch->took_s = (double)(clock_ns() - began_ns) * 1e-9;
    stretch->client_s = client_s() - client_before;
    return true;
}

/* --- the floor: processors that are never at rest, and nothing else --- */

/* Runs only where nothing else wants to: what a query takes beside it, no mending of the server
 * can undercut. */
static void *spin(void *user)
{
    const struct bench *b = user;
    const struct sched_param none = {0};
    (void)pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);
    for (volatile size_t turns = 0; !atomic_load(&b->over);)
        turns = turns + 1;
    return NULL;
}

static bool run_beside_spinners(struct bench *b, int seconds, struct stretch *stretch)
{
    enum { MOST = 64 };
    pthread_t threads[MOST];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = 0;
    atomic_store(&b->over, false);
    while (count < MOST && (long)count < cores && !pthread_create(&threads[count], NULL, spin, b))
        count++;
    bool ok = run(b, 0, seconds, stretch);
    atomic_store(&b->over, true);
    for (size_t i = 0; i < count; i++)
        (void)pthread_join(threads[i], NULL);
    return ok && (long)count == (cores < MOST ? cores : MOST);
}

/* --- the disk by itself --- */

static double syncs_a_second(const char *folder, int seconds)
{
    static const char bytes[DISK_BYTES];
    char path[PATH_MAX];
    size_t count = 0;
    (void)snprintf(path, sizeof path, "%s/syncs", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    uint64_t began_ns = clock_ns(), until_ns = began_ns + (uint64_t)seconds * 1000000000;
    while (fd >= 0 && clock_ns() < until_ns) {
        if (write(fd, bytes, sizeof bytes) != (ssize_t)sizeof bytes || fdatasync(fd)) break;
        count++;
    }
    double took_s = (double)(clock_ns() - began_ns) * 1e-9;
    if (fd >= 0) close(fd);
    (void)unlink(path);
    return (double)count / took_s;
}

/* --- telling --- */

static void tell(struct bench *b, const char *name, const char *key, struct stretch *s)
{
    double asked50 = talk_quantile(&s->asked, 0.5), asked99 = talk_quantile(&s->asked, 0.99);
    double rate = (double)s->sent.count / s->took_s, share = s->client_s / s->took_s;
    double sent50 = talk_quantile(&s->sent, 0.5), sent99 = talk_quantile(&s->sent, 0.99);
    printf("%-16s nearest p50 %.2f ms, p99 %.2f ms (%zu asked, %zu failed)", name, asked50, asked99,
           s->asked.count, s->asked.failed);
    if (s->sent.count || s->sent.failed)
        printf("; %.1f cases/s, p50 %.0f ms, p99 %.0f ms (%zu sent, %zu failed); the clients took "
               "%.0f %% of one core",
               rate, sent50, sent99, s->sent.count, s->sent.failed, 100 * share);
    printf("\n");
    (void)fprintf(b->out,
                  ", \"%s\": {\"nearest_p50_ms\": %.3f, \"nearest_p99_ms\": %.3f, \"asked\": %zu, "
                  "\"ask_failed\": %zu, \"cases_per_s\": %.1f, \"p50_ms\": %.1f, \"p99_ms\": "
                  "%.1f, \"sent\": %zu, \"send_failed\": %zu, \"client_cores\": %.2f}",
                  key, asked50, asked99, s->asked.count, s->asked.failed, rate, sent50, sent99,
                  s->sent.count, s->sent.failed, share);
    free(s->sent.us);
    free(s->asked.us);
}

static bool read_queries(struct bench *b, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[128];
    b->queries = calloc(QUERIES, sizeof *b->queries);
    while (file && b->queries && b->query_count < QUERIES && fgets(line, sizeof line, file)) {
        struct query *q = &b->queries[b->query_count];
        char *rest = NULL;
        const char *lon = strtok_r(line, " \n", &rest), *lat = strtok_r(NULL, " \n", &rest);
        const char *category = strtok_r(NULL, " \n", &rest);
        if (!category) break;
        (void)snprintf(q->lon, sizeof q->lon, "%s", lon);
        (void)snprintf(q->lat, sizeof q->lat, "%s", lat);
        (void)snprintf(q->category, sizeof q->category, "%s", category);
        b->query_count++;
    }
    if (file) (void)fclose(file);
    return b->query_count > 0;
}

static bool measure(struct bench *b, const char *folder)
{
    struct stretch s;
    int shorter = b->seconds / 2 > 0 ? b->seconds / 2 : 1;
    double syncs = syncs_a_second(folder, 2);
    printf("the disk: %.0f appends of 4 kB with fdatasync a second\n", syncs);
    (void)fprintf(b->out, "{\"syncs_per_s\": %.0f", syncs);
    if (!run(b, 0, 1, &s) || !run(b, 0, shorter, &s)) return false; /* the first warms up */
    tell(b, "idle", "idle", &s);
    if (!run_beside_spinners(b, shorter, &s)) return false;
    tell(b, "beside spinners", "beside_spinners", &s);
    if (!run(b, SENDERS, shorter, &s)) return false;
    tell(b, "without photos", "without_photos", &s);
    b->with_photos = true;
    if (!run(b, SENDERS, b->seconds, &s)) return false;
    if (atomic_load(&b->next) > b->snaps.count)
        printf("!! photos were sent twice: %zu are too few\n", b->snaps.count);
    tell(b, "with photos", "with_photos", &s);
    if (!run(b, 0, shorter, &s)) return false;
    tell(b, "idle again", "idle_again", &s);
    (void)fprintf(b->out, "}\n");
    return true;
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    if (argc != 7) return 2;
    b.port = (uint16_t)strtoul(argv[1], NULL, 10);
    b.seconds = (int)strtol(argv[4], NULL, 10);
    b.out = fopen(argv[6], "w");
    bool ok = b.out && read_queries(&b, argv[3]) &&
              snaps_make(argv[0], strtoul(argv[5], NULL, 10), &b.snaps) && measure(&b, argv[2]);
    snaps_free(&b.snaps);
    free(b.queries);
    if (b.out && fclose(b.out)) ok = false;
    if (!ok) fputs("bench_cases: it could not be measured\n", stderr);
    return !ok;
}
