#include "tests/check.h"

#include "data/conf.h"

#include <string.h>

static struct conf *parse(const char *text)
{
    struct conf *conf;
    struct why why = {""};
    assert_ok(conf_parse("a.yaml", text, strlen(text), &conf, &why));
    return conf;
}

static void refused(const char *text, const char *sentence)
{
    struct conf *conf;
    struct why why = {""};
    assert_int_not_equal(conf_parse("a.yaml", text, strlen(text), &conf, &why), ERR_OK);
    assert_string_equal(why.text, sentence);
}

TEST(values_are_found_by_key_and_position)
{
    struct conf *conf = parse("# note\nname: 驿站\nlist: [1, 2.5]\nyes_or_no: yes\n");
    const struct conf_node *root = conf_root(conf), *list = conf_get(root, "list");
    double number = 0;
    bool flag = false;
    const char *name = NULL;
    assert_ok(conf_string(conf_get(root, "name"), &name, NULL));
    assert_string_equal(name, "驿站");
    assert_int_equal(conf_count(list), 2);
    assert_ok(conf_number(conf_at(list, 1), 0, 10, &number, NULL));
    assert_true(number > 2.49 && number < 2.51);
    assert_ok(conf_bool(conf_get(root, "yes_or_no"), &flag, NULL));
    assert_true(flag);
    assert_int_equal(conf_line(list), 3);
    conf_free(conf);
}

TEST(a_missing_value_keeps_the_default)
{
    struct conf *conf = parse("a: 1\n");
    double number = 7;
    assert_ok(conf_number(conf_get(conf_root(conf), "b"), 0, 10, &number, NULL));
    assert_true(number > 6.9 && number < 7.1);
    conf_free(conf);
}

TEST(a_wrong_value_is_told_with_file_and_line)
{
    struct conf *conf = parse("a: 1\nspeed: fast\nlimit: 99\nodd: 1\n");
    const struct conf_node *root = conf_root(conf);
    struct why why = {""};
    double number = 0;
    assert_err(conf_number(conf_get(root, "speed"), 0, 10, &number, &why), ERR_FORMAT);
    assert_string_equal(why.text, "a.yaml:2: speed must be a number");
    assert_err(conf_number(conf_get(root, "limit"), 0, 10, &number, &why), ERR_FORMAT);
    assert_string_equal(why.text, "a.yaml:3: limit must be between 0 and 10");
    const char *const known[] = {"a", "speed", "limit", NULL};
    assert_err(conf_keys(root, known, &why), ERR_FORMAT);
    assert_string_equal(why.text, "a.yaml:4: \"odd\" is not known here");
    conf_free(conf);
}

TEST(what_is_not_plain_data_is_refused)
{
    refused("a: 1\na: 2\n", "a.yaml:2: \"a\" is given twice");
    refused("a: &x 1\n", "a.yaml:1: anchors and tags are not read");
    refused("b: *x\n", "a.yaml:1: aliases are not read");
    refused("a: 1\n---\nb: 2\n", "a.yaml:2: a second document is not read");
    refused("? [1]\n: 2\n", "a.yaml:1: a key must be plain text");
}

RUN(cmocka_unit_test(values_are_found_by_key_and_position),
    cmocka_unit_test(a_missing_value_keeps_the_default),
    cmocka_unit_test(a_wrong_value_is_told_with_file_and_line),
    cmocka_unit_test(what_is_not_plain_data_is_refused))
