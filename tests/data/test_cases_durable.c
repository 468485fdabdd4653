/* Processes that make cases are killed without warning; what they acknowledged must be whole. */
#include "tests/data/store.h"

#include "data/blobs.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

enum { ROUNDS = 20, WRITERS = 3, MAX_ACKNOWLEDGED = 20000 };

struct writer {
    const struct datadir *dir;
    const struct kinds *kinds;
    int pipe, number, round;
};

/* Makes cases for ever; an id goes down the pipe after, and only after, it was acknowledged. */
static void *write_cases(void *user)
{
    const struct writer *w = user;
    struct db *db = NULL;
    struct arena arena = {0};
    if (datadir_database(w->dir, DB_WRITE, &db, NULL)) _exit(3);
    for (uint64_t i = 0;; i++) {
        unsigned char a[64], b[64];
        uint64_t base = ((uint64_t)w->round << 40) + ((uint64_t)w->number << 32) + 2 * i;
        struct photos_clean photos[] = {store_photo(a, base), store_photo(b, base + 1)};
        struct cases_new fresh = store_report();
        struct cases_created made;
        fresh.photos = photos;
        fresh.photo_count = 2;
        if (cases_create(db, w->dir, w->kinds, &fresh, NULL, &arena, &made, NULL)) _exit(4);
        /* 23 bytes: a pipe takes them whole. */
        if (write(w->pipe, made.made.public_id, SECRETS_ID_SIZE) != SECRETS_ID_SIZE) _exit(5);
        arena_reset(&arena);
    }
    return NULL;
}

static void child(int pipe, int round)
{
    struct datadir *dir = NULL;
    struct kinds *kinds = NULL;
    struct writer writers[WRITERS];
    pthread_t thread;
    if (secrets_init() || datadir_open(scratch_path, DATADIR_SERVE, &dir, NULL) ||
        kinds_load(HOUSE_ROOT "/data/kinds", NULL, &kinds, NULL))
        _exit(2);
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){dir, kinds, pipe, i, round};
        if (i + 1 < WRITERS && pthread_create(&thread, NULL, write_cases, &writers[i]) != 0)
            _exit(6);
    }
    write_cases(&writers[WRITERS - 1]);
}

static char acknowledged[MAX_ACKNOWLEDGED][SECRETS_ID_SIZE];
static size_t acknowledged_count;

static bool read_id(int pipe)
{
    ssize_t n = read(pipe, acknowledged[acknowledged_count], SECRETS_ID_SIZE);
    if (n <= 0) return false;
    assert_int_equal(n, SECRETS_ID_SIZE);
    assert_true(++acknowledged_count < MAX_ACKNOWLEDGED);
    return true;
}

/* Waits for a first acknowledgement and a while longer, kills, and reads what is in the pipe. */
static void kill_after(pid_t pid, int pipe, long wait_us)
{
    struct timespec nap = {.tv_nsec = wait_us * 1000};
    int status;
    assert_true(read_id(pipe));
    nanosleep(&nap, NULL);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status)); /* it did not end by itself */
    while (read_id(pipe))
        ;
}

static void check_case(struct store *s, const char *public_id)
{
    struct cases_case c;
    const struct cases_event *events;
    size_t count = 0;
    assert_ok(cases_get(s->db, public_id, &s->arena, &c));
    assert_int_equal(c.photo_count, 2);
    assert_ok(cases_history(s->db, c.id, &s->arena, &events, &count));
    assert_int_equal(count, 1);
    for (size_t i = 0; i < c.photo_count; i++) {
        char *bytes;
        size_t len;
        unsigned char hash[SECRETS_HASH_BYTES];
        char hex[SECRETS_HEX_SIZE];
        assert_ok(blobs_read(s->dir, c.photos[i].blobs[PHOTOS_LARGE], 100, &bytes, &len, NULL));
        secrets_sha256(bytes, len, hash);
        secrets_hex(hash, hex);
        assert_string_equal(hex, c.photos[i].blobs[PHOTOS_LARGE]);
        free(bytes);
    }
    arena_reset(&s->arena);
}

/* Every committed case is whole, acknowledged or not, and nothing lies about. */
static void check_all(struct store *s)
{
    struct blobs_swept swept, again;
    struct why why = {""};
    assert_ok(blobs_sweep(s->dir, s->db, &swept, &why));
    assert_int_equal(swept.missing, 0);
    assert_ok(blobs_sweep(s->dir, s->db, &again, &why));
    assert_int_equal(again.removed + again.set_aside, 0);
    assert_int_equal(again.kept, value_of(s->db, "SELECT count(*) FROM blobs"));
    int64_t cases = value_of(s->db, "SELECT count(*) FROM cases");
    assert_int_equal(value_of(s->db, "SELECT count(*) FROM photos"), 2 * cases);
    assert_int_equal(value_of(s->db, "SELECT count(*) FROM case_events"), cases);
    assert_int_equal(value_of(s->db, "SELECT count(*) FROM changes"), cases);
    assert_int_equal(value_of(s->db, "SELECT count(*) FROM blobs"), 2 * PHOTOS_SIZES * cases);
    assert_true((size_t)cases >= acknowledged_count);
    for (size_t i = 0; i < acknowledged_count; i++)
        check_case(s, acknowledged[i]);
}

TEST(nothing_acknowledged_is_lost_and_nothing_is_left_half_done_by_kill_9)
{
    uint64_t seed = random_seed();
    struct store s = store_fresh(); /* the database is made */
    store_close(&s);
    for (int round = 0; round < ROUNDS; round++) {
        int ends[2];
        size_t before = acknowledged_count;
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            close(ends[0]);
            child(ends[1], round);
            _exit(7);
        }
        close(ends[1]);
        kill_after(pid, ends[0], (long)random_below(&seed, 100000));
        close(ends[0]);
        s = store_open();
        check_all(&s);
        if (round == ROUNDS - 1)
            printf("%zu cases acknowledged in %d rounds, the last gave %zu\n", acknowledged_count,
                   ROUNDS, acknowledged_count - before);
        store_close(&s);
    }
    assert_true(acknowledged_count >= ROUNDS);
    scratch_remove();
}

RUN(cmocka_unit_test(nothing_acknowledged_is_lost_and_nothing_is_left_half_done_by_kill_9))
