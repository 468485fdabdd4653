/* The shop and how it holds its children, with children of this very program that decode nothing:
 * so that what runs in several threads here can be watched by ThreadSanitizer. */
#include "tests/check.h"

#include "data/photo_shop.h"
#include "data/photo_wire.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* --- the children, by the word they are called with --- */

/* Reads a whole task and its picture, as a child does. */
static bool take_task(struct photo_wire_task *task)
{
    static char bytes[PHOTO_WIRE_BYTES];
    return recv(0, task, sizeof *task, MSG_WAITALL) == (ssize_t)sizeof *task &&
           (task->len == 0 || recv(0, bytes, task->len, MSG_WAITALL) == (ssize_t)task->len);
}

static bool say_hello(void)
{
    return write(1, "y", 1) == 1;
}

static int die_by(int number)
{
    struct photo_wire_task task;
    (void)signal(number, SIG_DFL); /* no sanitizer's word */
    if (say_hello() && take_task(&task)) (void)raise(number);
    return 1;
}

static int die_of_fault(void)
{
    return die_by(SIGSEGV);
}

static int die_of_abort(void)
{
    return die_by(SIGABRT);
}

static int die_of_kill(void)
{
    return die_by(SIGKILL);
}

static int sleep_on(void)
{
    struct photo_wire_task task;
    if (say_hello() && take_task(&task)) (void)sleep(60);
    return 0;
}

static int never_start(void)
{
    return 1;
}

/* A page instead of a picture. */
static int lie(void)
{
    static const char page[] = "<html><script>alert(1)</script>";
    struct photo_wire_task task;
    struct photo_wire_result result;
    struct photos_clean clean = {0};
    struct why why = {""};
    for (int i = 0; i < PHOTOS_SIZES; i++)
        clean.sizes[i] = (struct photos_picture){NULL, sizeof page, 10, 10};
    if (!say_hello() || !take_task(&task)) return 1;
    photo_wire_tell(ERR_OK, &why, &clean, &result);
    if (write(1, &result, sizeof result) < 0) return 1;
    for (int i = 0; i < PHOTOS_SIZES; i++)
        if (write(1, page, sizeof page) < 0) return 1;
    return (int)sleep(60);
}

/* More than anybody would read. */
static int flood(void)
{
    static const char nonsense[1 << 16] = {'x'};
    struct photo_wire_task task;
    if (!say_hello() || !take_task(&task)) return 1;
    while (write(1, nonsense, sizeof nonsense) > 0)
        ;
    return 1;
}

/* Tells who it is, after some work. */
static int tell_pid(void)
{
    struct photo_wire_task task;
    struct photo_wire_result result;
    struct why why = {""};
    if (!say_hello()) return 1;
    while (take_task(&task)) {
        while (clock() < CLOCKS_PER_SEC / 20)
            ;
        (void)snprintf(why.text, sizeof why.text, "%d", (int)getpid());
        photo_wire_tell(ERR_FORMAT, &why, NULL, &result);
        if (write(1, &result, sizeof result) < 0) return 1;
    }
    return 0;
}

/* Answers, and goes on talking. */
static int chatter(void)
{
    struct photo_wire_task task;
    struct photo_wire_result result;
    const struct why why = {"said once"};
    if (!say_hello()) return 1;
    while (take_task(&task)) {
        photo_wire_tell(ERR_FORMAT, &why, NULL, &result);
        for (int again = 0; again < 2; again++)
            if (write(1, &result, sizeof result) < 0) return 1;
    }
    return 1;
}

static const struct {
    const char *word;
    int (*run)(void);
} words[] = {{"die-of-fault", die_of_fault},
             {"die-of-abort", die_of_abort},
             {"die-of-kill", die_of_kill},
             {"sleep", sleep_on},
             {"never-start", never_start},
             {"lie", lie},
             {"flood", flood},
             {"tell-pid", tell_pid},
             {"chatter", chatter}};

static int be_child(const char *word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0) _exit(words[i].run());
    return 1;
}

/* --- the tests --- */

static struct photo_shop *shop_of(const char *word, unsigned hands)
{
    struct photo_shop *shop;
    assert_ok(photo_shop_new(word, hands, &shop));
    return shop;
}

TEST(what_a_picture_does_to_a_child_is_told_to_its_sender)
{
    static const struct {
        const char *word;
        enum err code;
        const char *sentence;
    } cases[] = {
        {"die-of-fault", ERR_FORMAT, "the photo cannot be decoded: take it again"},
        {"die-of-abort", ERR_LIMIT, "decoding the photo takes too much memory"},
        {"die-of-kill", ERR_NOMEM, "the process for photos was killed"},
        {"sleep", ERR_TIMEOUT, "decoding the photo took too long: send a smaller one"},
        {"never-start", ERR_SYSTEM, "the process for photos does not start"},
        {"lie", ERR_FORMAT, "the photo cannot be decoded"},
        {"flood", ERR_FORMAT, "the photo cannot be decoded"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct photo_shop *shop = shop_of(cases[i].word, 1);
        photo_shop_hurry(shop, 1500);
        for (int again = 0; again < 2; again++) { /* a new child is as the first */
            struct photos_clean clean = {0};
            struct why why = {""};
            assert_err(photo_shop_clean(shop, "\xFF\xD8\xFF.", 4, &clean, &why), cases[i].code);
            assert_non_null(strstr(why.text, cases[i].sentence));
            assert_null(clean.large.bytes);
        }
        photo_shop_free(shop);
    }
}

TEST(what_a_child_says_unasked_is_not_taken_for_an_answer)
{
    struct photo_shop *shop = shop_of("chatter", 1);
    struct photos_clean clean = {0};
    for (int i = 0; i < 3; i++) {
        struct why why = {""};
        assert_err(photo_shop_clean(shop, "\xFF\xD8\xFF.", 4, &clean, &why), ERR_FORMAT);
        assert_string_equal(why.text, "said once");
        (void)usleep(20000);
    }
    photo_shop_free(shop);
}

TEST(a_child_whose_processor_time_runs_out_is_replaced_between_two_pictures)
{
    struct photo_shop *shop = shop_of("tell-pid", 1);
    static const struct {
        int64_t worn_ms;
        bool same;
    } cases[] = {{60000, true}, {60000, true},  {40, true},
                 {40, false},   {60000, false}, {60000, true}};
    char before[320] = "";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct photos_clean clean = {0};
        struct why why = {""};
        photo_shop_wear(shop, cases[i].worn_ms);
        assert_err(photo_shop_clean(shop, "\xFF\xD8\xFF.", 4, &clean, &why), ERR_FORMAT);
        assert_in_range(strtol(why.text, NULL, 10), 2, INT32_MAX);
        if (i) assert_int_equal(strcmp(why.text, before) == 0, cases[i].same);
        (void)snprintf(before, sizeof before, "%s", why.text);
        (void)usleep(20000);
    }
    photo_shop_free(shop);
}

struct crowd {
    struct photo_shop *shop;
    atomic_int told;
};

static void *bring_some(void *argument)
{
    struct crowd *crowd = argument;
    for (int i = 0; i < 5; i++) {
        struct photos_clean clean = {0};
        struct why why = {""};
        enum err e = photo_shop_clean(crowd->shop, "\xFF\xD8\xFF.", 4, &clean, &why);
        atomic_fetch_add(&crowd->told, e == ERR_FORMAT && strcmp(why.text, "said once") == 0);
    }
    return NULL;
}

TEST(many_threads_share_two_children_and_each_has_its_own_answer)
{
    enum { THREADS = 8 };
    struct crowd crowd = {.shop = shop_of("chatter", 2)};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, bring_some, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crowd.told), 5 * THREADS);
    photo_shop_free(crowd.shop);
}

int main(int argc, char **argv)
{
    if (argc > 1) return be_child(argv[1]);
    if (secrets_init()) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_picture_does_to_a_child_is_told_to_its_sender),
        cmocka_unit_test(what_a_child_says_unasked_is_not_taken_for_an_answer),
        cmocka_unit_test(a_child_whose_processor_time_runs_out_is_replaced_between_two_pictures),
        cmocka_unit_test(many_threads_share_two_children_and_each_has_its_own_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
