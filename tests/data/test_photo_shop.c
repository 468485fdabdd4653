#include "tests/check.h"
#include "tests/data/pictures.h"

#include "data/photo_hand.h"
#include "data/photo_jail.h"
#include "data/photo_shop.h"
#include "data/photo_wire.h"
#include "geo/base/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* --- children of this very program, by the word they are called with --- */

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

/* glibc asks newfstatat instead, which is not allowed inside. */
static bool is_null(int fd)
{
    struct stat st;
    return syscall(SYS_fstat, fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* Goes into the jail and tells what is still open to it: the sentence is the answer. */
static int try_to_get_out(void)
{
    struct photo_wire_task task;
    struct photo_wire_result result;
    struct why why = {""};
    int open_fds = 0;
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        open_fds += entry->d_name[0] != '.';
    if (folder) closedir(folder);
    /* 0, 1, 2 and that of the folder itself */
    const char *files = open_fds == 4 ? "" : ", files came along";
    const char *words = getenv("PHOTO_SHOP_SECRET") ? ", words came along" : "";
    if (photo_jail_enter(&why) || !say_hello() || !take_task(&task)) return 1;
    const char *loud = PHOTO_JAIL_IS_WATCHED || is_null(STDERR_FILENO) ? "" : ", loud";
    (void)snprintf(why.text, sizeof why.text, "file %d, socket %d, fork %d, kill %d, exec %d%s%s%s",
                   open("/etc/passwd", O_RDONLY), socket(AF_INET, SOCK_STREAM, 0), (int)fork(),
                   kill(getppid(), 0), execl("/bin/true", "true", NULL), files, words, loud);
    photo_wire_tell(ERR_FORMAT, &why, NULL, &result);
    return write(1, &result, sizeof result) < 0;
}

static int be_child(const char *word, const char *program)
{
    struct why why = {""};
    if (strcmp(word, "get-out") == 0) _exit(try_to_get_out());
    if (photo_hand_work(0, program, &why)) fprintf(stderr, "%s\n", why.text);
    _exit(0);
}

/* --- the tests --- */

static struct photo_shop *shop_of(const char *word, unsigned hands)
{
    struct photo_shop *shop;
    assert_ok(photo_shop_new(word, hands, &shop));
    return shop;
}

TEST(a_child_cleans_as_the_door_itself_does)
{
    struct photo_shop *shop = shop_of("clean", 1);
    VipsImage *eye;
    assert_int_equal(vips_eye(&eye, 3000, 1500, "uchar", TRUE, NULL), 0);
    struct file file = saved(eye, ".jpg");
    struct photos_clean here = {0}, there = {0};
    struct why why = {""};
    assert_ok(photos_clean(file.bytes, file.len, &photos_defaults, &here, &why));
    enum err e = photo_shop_clean(shop, file.bytes, file.len, &there, &why);
    assert_string_equal(why.text, "");
    assert_ok(e);
    for (int i = 0; i < PHOTOS_SIZES; i++) {
        assert_int_equal(there.sizes[i].width, photos_defaults.side_px[i]);
        assert_int_equal(there.sizes[i].len, here.sizes[i].len);
        assert_memory_equal(there.sizes[i].bytes, here.sizes[i].bytes, here.sizes[i].len);
    }
    assert_true(there.has_look && there.look == here.look);
    assert_string_equal(there.format, "JPEG");
    assert_memory_equal(there.original_hash, here.original_hash, sizeof here.original_hash);
    photos_clean_fini(&here);
    photos_clean_fini(&there);
    g_free(file.bytes);
    photo_shop_free(shop);
}

TEST(every_format_is_decoded_inside_the_jail)
{
    static const char *const suffixes[] = {".jpg", ".png", ".webp", ".heic"};
    struct photo_shop *shop = shop_of("clean", 1);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        struct file file = saved(two_halves(1200, 900), suffixes[i]);
        struct photos_clean clean = {0};
        struct why why = {""};
        if (!file.bytes) {
            printf("SKIPPED: this libvips cannot write %s\n", suffixes[i]);
            continue;
        }
        enum err e = photo_shop_clean(shop, file.bytes, file.len, &clean, &why);
        assert_string_equal(why.text, "");
        assert_ok(e);
        photos_clean_fini(&clean);
        g_free(file.bytes);
    }
    photo_shop_free(shop);
}

TEST(a_refusal_comes_back_with_its_sentence_and_the_child_goes_on)
{
    struct photo_shop *shop = shop_of("clean", 1);
    struct file file = saved(two_halves(100, 100), ".jpg");
    struct photos_clean clean = {0};
    struct why why = {""};
    assert_err(photo_shop_clean(shop, "GIF89a..............", 20, &clean, &why), ERR_UNSUPPORTED);
    assert_string_equal(why.text, "this is a GIF file: send JPEG, PNG, WebP or HEIC");
    assert_err(photo_shop_clean(shop, file.bytes, file.len / 2, &clean, &why), ERR_FORMAT);
    assert_ok(photo_shop_clean(shop, file.bytes, file.len, &clean, &why));
    photos_clean_fini(&clean);
    g_free(file.bytes);
    photo_shop_free(shop);
}

TEST(a_child_opens_no_file_reaches_no_network_and_starts_nothing)
{
    assert_int_equal(setenv("PHOTO_SHOP_SECRET", "password", 1), 0);
    int leak = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
    struct photo_shop *shop = shop_of("get-out", 1);
    struct photos_clean clean = {0};
    struct why why = {""};
    assert_err(photo_shop_clean(shop, "\xFF\xD8\xFF.", 4, &clean, &why), ERR_FORMAT);
    assert_string_equal(why.text, "file -1, socket -1, fork -1, kill -1, exec -1");
    photo_shop_free(shop);
    close(leak);
}

struct crowd {
    struct photo_shop *shop;
    struct file file;
    atomic_int done;
};

static void *bring_some(void *argument)
{
    struct crowd *crowd = argument;
    for (int i = 0; i < 5; i++) {
        struct photos_clean clean = {0};
        if (photo_shop_clean(crowd->shop, crowd->file.bytes, crowd->file.len, &clean, NULL))
            continue;
        atomic_fetch_add(&crowd->done, clean.large.width == 300);
        photos_clean_fini(&clean);
    }
    return NULL;
}

TEST(many_threads_share_two_children)
{
    enum { THREADS = 8 };
    struct crowd crowd = {.shop = shop_of("clean", 2), .file = saved(two_halves(300, 200), ".jpg")};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, bring_some, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crowd.done), 5 * THREADS);
    g_free(crowd.file.bytes);
    photo_shop_free(crowd.shop);
}

/* Of a file's halves, red and blue, whether the pixel is still one of them. */
static bool is_pure(const struct photos_picture *picture, int x, int y)
{
    double *point;
    int n;
    VipsImage *image = vips_image_new_from_buffer(picture->bytes, picture->len, "", NULL);
    assert_non_null(image);
    assert_int_equal(vips_getpoint(image, &point, &n, x, y, NULL), 0);
    bool pure = fabs(point[0] - point[2]) > 100;
    g_free(point);
    g_object_unref(image);
    return pure;
}

TEST(a_region_is_blurred_for_good_and_the_rest_stays)
{
    /* Narrow stripes, which an average makes purple. */
    VipsImage *stripe = two_halves(32, 8), *stripes = NULL;
    assert_int_equal(vips_replicate(stripe, &stripes, 25, 50, NULL), 0);
    g_object_unref(stripe);
    struct file file = saved(stripes, ".jpg[Q=95,subsample_mode=off]");
    struct photo_shop *shop = shop_of("clean", 1);
    struct photos_clean clean = {0}, after = {0};
    struct why why = {""};
    const struct photos_region region = {0.5, 0.25, 0.25, 0.5}, outside = {0.9, 0, 0.2, 0.5};
    assert_ok(photo_shop_clean(shop, file.bytes, file.len, &clean, &why));
    assert_ok(photo_shop_blur(shop, clean.large.bytes, clean.large.len, &region, 1, &after, &why));
    assert_int_equal(after.large.width, 800);
    for (int x = 8; x < 800; x += 16) { /* the middle of each */
        bool within = x >= 400 && x < 600;
        bool near = (x >= 376 && x < 424) || (x >= 576 && x < 624); /* JPEG's own blocks */
        if (!near) assert_true(is_pure(&after.large, x, 200) != within);
        assert_true(is_pure(&after.large, x, 20));
    }
    assert_err(photo_shop_blur(shop, clean.large.bytes, clean.large.len, &outside, 1, &after, &why),
               ERR_INVALID);
    assert_err(photo_shop_blur(shop, clean.large.bytes, clean.large.len, NULL, 0, &after, &why),
               ERR_INVALID);
    photos_clean_fini(&clean);
    photos_clean_fini(&after);
    g_free(file.bytes);
    photo_shop_free(shop);
}

int main(int argc, char **argv)
{
    struct why why = {""};
    if (argc > 1) return be_child(argv[1], argv[0]);
    if (secrets_init() || photos_init(argv[0], &why)) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_cleans_as_the_door_itself_does),
        cmocka_unit_test(every_format_is_decoded_inside_the_jail),
        cmocka_unit_test(a_refusal_comes_back_with_its_sentence_and_the_child_goes_on),
        cmocka_unit_test(a_child_opens_no_file_reaches_no_network_and_starts_nothing),
        cmocka_unit_test(many_threads_share_two_children),
        cmocka_unit_test(a_region_is_blurred_for_good_and_the_rest_stays),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    photos_fini();
    return failed;
}
