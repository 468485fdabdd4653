#include "tests/check.h"

#include "geo/base/arena.h"
#include "geo/base/clock.h"
#include "geo/base/file.h"
#include "geo/base/heap.h"
#include "geo/base/jsonw.h"
#include "geo/base/pool.h"
#include "geo/base/text.h"
#include "geo/base/zip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TEST(a_sentence_that_is_too_long_is_cut_between_characters)
{
    struct why why;
    char text[1000] = "";
    for (int i = 0; i < 300; i++)
        memcpy(text + (size_t)i * 3, "驿", 4);
    assert_err(err_say(&why, ERR_FORMAT, "%s", text), ERR_FORMAT);
    assert_true(text_utf8_valid(why.text, strlen(why.text)));
    assert_true(strlen(why.text) > sizeof why.text - 5);
}

TEST(an_arena_hands_out_aligned_memory_up_to_its_limit)
{
    struct arena arena;
    arena_init(&arena, 100000);
    char *small = arena_strdup(&arena, "hello");
    assert_string_equal(small, "hello");
    assert_int_equal((uintptr_t)arena_alloc(&arena, 1) % 16, 0);
    assert_non_null(arena_alloc(&arena, 50000));
    assert_null(arena_alloc(&arena, 60000));
    assert_null(arena_calloc(&arena, SIZE_MAX / 2, 3));
    arena_reset(&arena);
    assert_non_null(arena_alloc(&arena, 60000));
    assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
    arena_fini(&arena);
}

TEST(a_buffer_stops_at_its_maximum_and_remembers)
{
    struct buf buf;
    buf_init(&buf, 10);
    buf_puts(&buf, "12345");
    buf_puts(&buf, "678901");
    assert_err(buf.err, ERR_LIMIT);
    buf_puts(&buf, "x");
    assert_int_equal(buf.len, 5);
    buf_reset(&buf);
    buf_printf(&buf, "%d", 42);
    assert_ok(buf.err);
    assert_memory_equal(buf.bytes, "42", 2);
    buf_fini(&buf);
}

static void written(double value, int decimals, const char *expected)
{
    struct buf buf;
    struct jsonw json;
    buf_init(&buf, 1000);
    jsonw_init(&json, &buf);
    jsonw_number(&json, value, decimals);
    buf_putc(&buf, '\0');
    assert_string_equal(buf.bytes, expected);
    buf_fini(&buf);
}

static void whole(int64_t value)
{
    char text[24];
    struct buf buf;
    struct jsonw json;
    buf_init(&buf, 100);
    jsonw_init(&json, &buf);
    jsonw_int(&json, value);
    buf_putc(&buf, '\0');
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    assert_string_equal(buf.bytes, text);
    buf_fini(&buf);
}

TEST(json_whole_numbers_are_as_the_c_library_prints_them)
{
    uint64_t seed = random_seed();
    for (int64_t step = 1; step <= INT64_MAX / 10; step *= 10)
        for (int64_t n = step - 2; n <= step + 2; n++) {
            whole(n);
            whole(-n);
            whole(step * 10 - n);
        }
    for (unsigned i = 0; i < 20000; i++)
        whole((int64_t)(random_next(&seed) >> random_below(&seed, 64)));
    whole(INT64_MIN);
    whole(INT64_MAX);
}

TEST(json_numbers_are_short_and_rounded)
{
    written(116.39, 7, "116.39");
    written(-0.00000004, 7, "0");
    written(1.25, 1, "1.3");
    written(-12, 3, "-12");
    written(0.05, 2, "0.05");
    written((double)NAN, 2, "null");
    written(1e12, 2, "1000000000000");
}

/* Whole steps of a power of ten, which the C library prints likewise but for zeros at the end. */
TEST(json_numbers_read_back_as_what_was_written)
{
    static const double scale[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    uint64_t seed = random_seed();
    for (unsigned i = 0; i < 20000; i++) {
        int decimals = (int)random_below(&seed, 10);
        uint64_t below =
            1 + random_next(&seed) % (uint64_t)(8e9 * scale[decimals < 5 ? decimals : 5]);
        int64_t units = (int64_t)(random_next(&seed) % below);
        double a = (double)units / scale[decimals], b = -a;
        char text[40], pair[100];
        (void)snprintf(text, sizeof text, "%.*f", decimals, a);
        if (strchr(text, '.')) {
            size_t len = strlen(text);
            while (text[len - 1] == '0')
                len--;
            text[text[len - 1] == '.' ? len - 1 : len] = '\0';
        }
        written(a, decimals, text);
        (void)snprintf(pair, sizeof pair, "[1,[%s,%s%s]]", text, units ? "-" : "", text);
        struct buf buf;
        struct jsonw json;
        buf_init(&buf, 200);
        jsonw_init(&json, &buf);
        jsonw_array(&json);
        jsonw_int(&json, 1);
        jsonw_pair(&json, a, b, decimals);
        jsonw_array_end(&json);
        buf_putc(&buf, '\0');
        assert_string_equal(buf.bytes, pair);
        buf_fini(&buf);
    }
}

TEST(json_text_is_escaped_and_made_valid)
{
    struct buf buf;
    struct jsonw json;
    buf_init(&buf, 1000);
    jsonw_init(&json, &buf);
    jsonw_object(&json);
    jsonw_key_string(&json, "a", "\"\\\n\x01驿\xff");
    jsonw_key(&json, "b");
    jsonw_array(&json);
    jsonw_int(&json, INT64_MIN);
    jsonw_bool(&json, true);
    jsonw_string(&json, NULL);
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    buf_putc(&buf, '\0');
    assert_string_equal(
        buf.bytes, "{\"a\":\"\\\"\\\\\\n\\u0001驿\xEF\xBF\xBD\",\"b\":[-9223372036854775808,true,"
                   "null]}");
    buf_fini(&buf);
}

TEST(a_heap_gives_keys_in_order)
{
    struct heap heap = {0};
    uint64_t random = random_seed();
    for (uint32_t i = 0; i < 10000; i++)
        assert_true(heap_push(&heap, floor(random_unit(&random) * 1000), i, 0));
    double last = -1;
    while (heap_top(&heap)) {
        struct heap_item item = heap_pop(&heap);
        assert_true(item.key >= last);
        last = item.key;
    }
    heap_fini(&heap);
}

TEST(a_pool_stores_each_string_once)
{
    struct pool pool = {0};
    uint32_t a, b, empty, many;
    assert_string_equal(pool_get(&pool, 0), "");
    assert_ok(pool_put(&pool, "长安街", &a));
    for (int i = 0; i < 5000; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        assert_ok(pool_put(&pool, text, &many));
    }
    assert_ok(pool_put(&pool, "长安街", &b));
    assert_ok(pool_put(&pool, NULL, &empty));
    assert_int_equal(a, b);
    assert_int_equal(empty, 0);
    pool_seal(&pool);
    assert_string_equal(pool_get(&pool, a), "长安街");
    assert_string_equal(pool_get(&pool, many), "4999");
    pool_fini(&pool);
}

TEST(numbers_are_read_whole_or_not_at_all)
{
    static const struct {
        const char *text;
        bool good;
        double value;
    } cases[] = {
        {"116.397128", true, 116.397128},
        {"-0.5", true, -0.5},
        {"1e3", true, 1000},
        {"5.", true, 5},
        {".5", true, 0.5},
        {"+2", true, 2},
        {"", false, 0},
        {"nan", false, 0},
        {"inf", false, 0},
        {"0x10", false, 0},
        {"1 ", false, 0},
        {"1e999", false, 0},
        {"1e", false, 0},
        {".", false, 0},
        {"1,5", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 0;
        bool good = text_double(cases[i].text, strlen(cases[i].text), &value);
        assert_int_equal(good, cases[i].good);
        if (good) assert_true(value == cases[i].value);
    }
    int64_t n = 0;
    assert_true(text_int("-9223372036854775808", 20, INT64_MIN, INT64_MAX, &n));
    assert_true(n == INT64_MIN);
    assert_false(text_int("9223372036854775808", 19, INT64_MIN, INT64_MAX, &n));
    assert_false(text_int("12", 2, 0, 11, &n));
    assert_false(text_int("", 0, 0, 11, &n));
}

TEST(only_well_formed_utf8_passes)
{
    assert_true(text_utf8_valid("驿站 \xF0\x9F\x98\x80", 11));
    static const char *const bad[] = {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE9\xA9",
                                      "\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_utf8_valid(bad[i], strlen(bad[i])));
    assert_int_equal(text_utf8_count("驿站a", 7), 3);
}

TEST(what_acts_on_what_shows_it_is_not_inert)
{
    static const char *const good[] = {
        "", "驿站\t1\r\n2",
        "e\xCC\x81 \xC2\xA0 \xE2\x80\x8D \xE2\x80\xA8 \xE2\x80\xAF \xE2\x81\xA5"};
    static const char *const bad[] = {"a\x07",        "\x1B[31m",     "\x7F",
                                      "\xC2\x85",     "\xE2\x80\xAE", "\xE2\x80\xAA",
                                      "\xE2\x81\xA6", "x\xE2\x81\xA9"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(text_inert(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_inert(bad[i], strlen(bad[i])));
    assert_false(text_inert("a\0b", 3));
}

TEST(text_is_visible_where_one_of_its_characters_shows_something)
{
    static const char *const good[] = {
        "a", "驿站",         " a ",          "\xE2\x80\x8B\xE7\xAB\x99",
        ".", "🛵",         "\xC2\xA1",     "\xE2\x80\x90",
        "é", "\xE3\x80\x81", "\xEF\xBF\xBD", "\xF0\x9D\x85\xB2"};
    static const char *const bad[] = {"",
                                      " ",
                                      "\t\r\n",
                                      "\xC2\xA0",                 /* no-break space */
                                      "\xC2\xAD",                 /* soft hyphen */
                                      "\xCD\x8F",                 /* combining grapheme joiner */
                                      "\xE1\x85\x9F\xE1\x85\xA0", /* Hangul fillers */
                                      "\xE2\x80\x8B\xE2\x80\x8D", /* zero width space, joiner */
                                      "\xE2\x80\x8E \xE2\x81\xA0",
                                      "\xE2\xA0\x80",         /* Braille blank */
                                      "\xE3\x80\x80",         /* ideographic space */
                                      "\xE3\x85\xA4",         /* Hangul filler */
                                      "\xEF\xB8\x8F",         /* variation selector */
                                      "\xEF\xBB\xBF",         /* byte order mark */
                                      "\xF3\xA0\x80\xA0",     /* a tag */
                                      "\xF3\xA0\x84\x80 \n"}; /* variation selector */
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(text_visible(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(text_visible(bad[i], strlen(bad[i])));
}

TEST(a_file_is_replaced_whole_or_not_at_all)
{
    char folder[] = "file-XXXXXX", path[64];
    struct file_out *out;
    struct why why = {""};
    char *text;
    size_t len;
    assert_non_null(mkdtemp(folder));
    assert_ok(file_join(path, sizeof path, folder, "a"));
    assert_ok(file_replace(path, "one", 3, &why));
    assert_ok(file_create(path, &out, &why));
    assert_ok(file_write(out, "two", 3));
    file_abandon(out);
    assert_ok(file_read(path, 100, &text, &len, &why));
    assert_string_equal(text, "one");
    free(text);
    assert_err(file_read(path, 2, &text, &len, &why), ERR_LIMIT);
    assert_err(file_read(folder, 2, &text, &len, &why), ERR_FORMAT);
    struct file_map map = {0};
    assert_ok(file_map(path, &map, &why));
    assert_int_equal(map.size, 3);
    file_unmap(&map);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

TEST(a_file_is_read_here_and_there_and_not_beyond_its_end)
{
    char folder[] = "file-XXXXXX", path[64], left[64], copy[64], part[4] = "";
    struct file_in *in;
    struct file_out *out;
    struct why why = {""};
    assert_non_null(mkdtemp(folder));
    assert_ok(file_join(path, sizeof path, folder, "a"));
    assert_ok(file_join(left, sizeof left, folder, "a.new-XyZ012"));
    assert_err(file_open(path, &in, &why), ERR_NOTFOUND);
    assert_ok(file_create(path, &out, &why));
    assert_err(file_reserve(out, 0, UINT64_MAX), ERR_FULL);
    assert_err(file_write(out, "x", 1), ERR_FULL);
    assert_err(file_commit(out, &why), ERR_FULL);
    assert_err(file_open(path, &in, &why), ERR_NOTFOUND);
    assert_ok(file_create(path, &out, &why));
    assert_ok(file_reserve(out, 10, 1));
    assert_ok(file_write(out, "0123456789", 10));
    assert_ok(file_flush(out));
    assert_ok(file_commit(out, &why));
    assert_ok(file_open(path, &in, &why));
    assert_int_equal(file_size(in), 10);
    assert_ok(file_read_at(in, 7, part, 3, &why));
    assert_string_equal(part, "789");
    assert_ok(file_read_at(in, 10, part, 0, &why));
    assert_err(file_read_at(in, 8, part, 3, &why), ERR_TRUNCATED);
    assert_int_equal(truncate(path, 2), 0);
    assert_err(file_read_at(in, 1, part, 2, &why), ERR_TRUNCATED);
    file_close(in);
    file_close(NULL);
    assert_err(file_open(folder, &in, &why), ERR_FORMAT);
    assert_ok(file_join(copy, sizeof copy, folder, "a.backup"));
    assert_ok(file_replace(left, "half", 4, &why));
    assert_ok(file_replace(copy, "whole", 5, &why));
    assert_ok(file_sweep(path, &why));
    assert_int_equal(unlink(left), -1);
    assert_int_equal(unlink(copy), 0); /* somebody's own */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

TEST(gzip_and_crc_are_the_known_ones)
{
    struct buf out;
    buf_init(&out, 1000);
    assert_int_equal(zip_crc32(0, "123456789", 9), 0xCBF43926u);
    assert_ok(zip_gzip("aaaaaaaaaaaaaaaaaaaa", 20, 6, &out));
    assert_memory_equal(out.bytes, "\x1f\x8b", 2);
    assert_true(out.len < 40);
    buf_fini(&out);
}

TEST(gzip_gives_back_what_was_packed_and_nothing_that_is_damaged)
{
    struct buf packed, plain;
    char *bytes = malloc(300000);
    for (size_t i = 0; i < 300000; i++)
        bytes[i] = (char)(i * i >> 5);
    buf_init(&packed, 1 << 20);
    buf_init(&plain, 400000);
    assert_ok(zip_gzip(bytes, 300000, 1, &packed));
    assert_ok(zip_gunzip(packed.bytes, packed.len, &plain));
    assert_int_equal(plain.len, 300000);
    assert_memory_equal(plain.bytes, bytes, plain.len);
    const size_t cuts[] = {0, 1, 10, packed.len / 2, packed.len - 1};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        buf_reset(&plain);
        assert_err(zip_gunzip(packed.bytes, cuts[i], &plain), ERR_FORMAT);
    }
    buf_reset(&plain);
    packed.bytes[packed.len / 2] ^= 1;
    assert_err(zip_gunzip(packed.bytes, packed.len, &plain), ERR_FORMAT);
    packed.bytes[packed.len / 2] ^= 1;
    buf_fini(&plain);
    buf_init(&plain, 100000); /* a bomb stops here */
    assert_err(zip_gunzip(packed.bytes, packed.len, &plain), ERR_LIMIT);
    for (size_t more = 0; more < 2; more++) { /* exactly as much as there is, and one less */
        buf_fini(&plain);
        buf_init(&plain, 300000 - more);
        assert_err(zip_gunzip(packed.bytes, packed.len, &plain), more ? ERR_LIMIT : ERR_OK);
    }
    buf_putc(&packed, 'x');
    buf_fini(&plain);
    buf_init(&plain, 400000);
    assert_err(zip_gunzip(packed.bytes, packed.len, &plain), ERR_FORMAT);
    buf_fini(&plain);
    buf_fini(&packed);
    free(bytes);
}

/* Byte by byte, as RFC 8259 and RFC 3629 say it. */
static bool plain_by_bytes(const char *text, size_t len)
{
    for (size_t i = 0, step; i < len; i += step) {
        unsigned char c = (unsigned char)text[i];
        step = text_utf8_len(text + i, len - i);
        if (!step || c < 0x20 || c == '"' || c == '\\' || c == 0x7f) return false;
    }
    return true;
}

TEST(text_is_found_plain_as_its_bytes_say)
{
    static const char *const pieces[] = {"a",
                                         "z9 -",
                                         "Mo-Su 08:00-20:00",
                                         "驿",
                                         "站点一二三",
                                         "é",
                                         "\xF0\x9F\x98\x80",
                                         "ก",
                                         "\xED\x9F\xBF",
                                         "~",
                                         "\"",
                                         "\\",
                                         "\x1f",
                                         "\x7f",
                                         "\xE9",
                                         "\xE9\xA9",
                                         "\xED\xA0\x80",
                                         "\xE0\x80\x80",
                                         "\xC0\x80",
                                         "\x80",
                                         "\xFF"};
    enum { PIECES = sizeof pieces / sizeof *pieces, SOUND = 10 };
    uint64_t seed = random_seed();
    size_t plain = 0;
    for (int round = 0; round < 50000; round++) {
        char text[256];
        size_t len = 0;
        int count = (int)random_below(&seed, 9), wrong = (int)random_below(&seed, 2 * 9);
        for (int k = 0; k < count; k++) {
            const char *piece = pieces[random_below(&seed, k == wrong ? PIECES : SOUND)];
            size_t n = strlen(piece);
            memcpy(text + len, piece, n);
            len += n;
        }
        char *exact = malloc(len + 1); /* so that reading beyond it is seen */
        assert_non_null(exact);
        memcpy(exact, text, len);
        exact = realloc(exact, len ? len : 1);
        assert_non_null(exact);
        bool is = jsonw_is_plain(exact, len);
        assert_int_equal(is, plain_by_bytes(exact, len));
        plain += is;
        free(exact);
    }
    assert_true(plain > 10000 && plain < 49000);
}

TEST(a_moment_is_written_as_the_calendar_has_it)
{
    char text[CLOCK_TEXT_SIZE];
    assert_true(clock_text(1795853718250, text));
    assert_string_equal(text, "2026-11-28T08:15:18.250Z");
    assert_true(clock_text(-1, text));
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    assert_false(clock_text(INT64_MAX, text));
    assert_string_equal(text, "");
}

RUN(cmocka_unit_test(a_moment_is_written_as_the_calendar_has_it),
    cmocka_unit_test(text_is_found_plain_as_its_bytes_say),
    cmocka_unit_test(a_sentence_that_is_too_long_is_cut_between_characters),
    cmocka_unit_test(an_arena_hands_out_aligned_memory_up_to_its_limit),
    cmocka_unit_test(a_buffer_stops_at_its_maximum_and_remembers),
    cmocka_unit_test(json_whole_numbers_are_as_the_c_library_prints_them),
    cmocka_unit_test(json_numbers_are_short_and_rounded),
    cmocka_unit_test(json_numbers_read_back_as_what_was_written),
    cmocka_unit_test(json_text_is_escaped_and_made_valid),
    cmocka_unit_test(a_heap_gives_keys_in_order), cmocka_unit_test(a_pool_stores_each_string_once),
    cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
    cmocka_unit_test(only_well_formed_utf8_passes),
    cmocka_unit_test(what_acts_on_what_shows_it_is_not_inert),
    cmocka_unit_test(text_is_visible_where_one_of_its_characters_shows_something),
    cmocka_unit_test(a_file_is_replaced_whole_or_not_at_all),
    cmocka_unit_test(a_file_is_read_here_and_there_and_not_beyond_its_end),
    cmocka_unit_test(gzip_and_crc_are_the_known_ones),
    cmocka_unit_test(gzip_gives_back_what_was_packed_and_nothing_that_is_damaged))
