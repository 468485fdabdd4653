#include "tests/check.h"

#include "geo/base/archive.h"

#include <string.h>
#include <unistd.h>

enum { ROOM = 1 << 20 };

static void write_two(struct buf *to)
{
    struct archive_out out;
    char long_text[5000];
    memset(long_text, 'a', sizeof long_text);
    buf_init(to, ROOM);
    archive_begin(&out, to);
    archive_add(&out, "a/stored.txt", "hello", 5, 0);
    archive_add(&out, "站点.txt", long_text, sizeof long_text, 6);
    archive_add(&out, "empty", "", 0, 6);
    assert_ok(archive_end(&out));
}

TEST(what_is_written_is_read_again)
{
    struct buf bytes;
    struct archive archive;
    unsigned char *file;
    write_two(&bytes);
    assert_true(bytes.len < 1000);
    assert_ok(archive_init(&archive, bytes.bytes, bytes.len, ROOM, NULL));
    assert_int_equal(archive.count, 3);
    assert_string_equal(archive.entries[0].name, "a/stored.txt");
    assert_ok(archive_unpack(&archive.entries[0], &file, NULL));
    assert_string_equal((char *)file, "hello");
    free(file);
    assert_string_equal(archive.entries[1].name, "站点.txt");
    assert_int_equal(archive.entries[1].len, 5000);
    assert_ok(archive_unpack(&archive.entries[1], &file, NULL));
    assert_int_equal(strlen((char *)file), 5000);
    free(file);
    assert_ok(archive_unpack(&archive.entries[2], &file, NULL));
    free(file);
    archive_fini(&archive);
    buf_fini(&bytes);
}

TEST(other_programs_read_it)
{
    char path[] = "/tmp/yizhan-archive-XXXXXX", command[128];
    struct buf bytes;
    if (system("python3 -c 'import zipfile' 2>/dev/null") != 0) {
        printf("SKIPPED: there is no python3 to read an archive with\n");
        skip();
    }
    write_two(&bytes);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "wb");
    assert_int_equal(fwrite(bytes.bytes, 1, bytes.len, file), bytes.len);
    fclose(file);
    (void)snprintf(command, sizeof command, "python3 -m zipfile -t %s >/dev/null", path);
    assert_int_equal(system(command), 0);
    remove(path);
    buf_fini(&bytes);
}

TEST(the_whole_must_fit_its_bound)
{
    struct buf bytes;
    struct archive archive;
    struct why why = {""};
    write_two(&bytes);
    assert_ok(archive_init(&archive, bytes.bytes, bytes.len, 5005, NULL));
    archive_fini(&archive);
    assert_err(archive_init(&archive, bytes.bytes, bytes.len, 5004, &why), ERR_LIMIT);
    archive_fini(&archive);
    buf_fini(&bytes);
}

TEST(a_damaged_archive_is_an_error_wherever_the_damage_is)
{
    struct buf bytes;
    uint64_t seed = random_seed();
    write_two(&bytes);
    for (size_t cut = 0; cut < bytes.len; cut++) {
        struct archive archive;
        assert_true(archive_init(&archive, bytes.bytes, cut, ROOM, NULL) != ERR_OK);
    }
    for (int turn = 0; turn < 3000; turn++) {
        struct archive archive;
        char *copy = malloc(bytes.len);
        memcpy(copy, bytes.bytes, bytes.len);
        for (int i = 0; i < 3; i++)
            copy[random_below(&seed, (uint32_t)bytes.len)] = (char)random_next(&seed);
        if (!archive_init(&archive, copy, bytes.len, ROOM, NULL)) {
            for (size_t i = 0; i < archive.count; i++) {
                unsigned char *file;
                if (!archive_unpack(&archive.entries[i], &file, NULL)) free(file);
            }
            archive_fini(&archive);
        }
        free(copy);
    }
    buf_fini(&bytes);
}

RUN(cmocka_unit_test(what_is_written_is_read_again), cmocka_unit_test(other_programs_read_it),
    cmocka_unit_test(the_whole_must_fit_its_bound),
    cmocka_unit_test(a_damaged_archive_is_an_error_wherever_the_damage_is))
