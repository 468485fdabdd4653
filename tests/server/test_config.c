#include "tests/check.h"

#include "geo/base/file.h"
#include "server/config.h"

#include <string.h>
#include <unistd.h>

static enum err load(const char *text, struct config *config, struct why *why)
{
    char folder[] = "config-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    assert_ok(file_join(path, sizeof path, folder, "yizhan.yaml"));
    assert_ok(file_replace(path, text, strlen(text), why));
    config_init(config);
    enum err e = config_load(config, path, why);
    unlink(path);
    rmdir(folder);
    return e;
}

TEST(what_the_file_leaves_out_keeps_its_default)
{
    struct config config;
    struct why why = {""};
    assert_ok(load("listen: 0.0.0.0:80\n", &config, &why));
    assert_string_equal(config.listen, "0.0.0.0:80");
    assert_string_equal(config.data_dir, "/var/lib/yizhan");
    assert_non_null(strstr(config.share_dir, "/share/yizhan"));
}

TEST(a_relative_folder_is_beside_the_file)
{
    struct config config;
    struct why why = {""};
    assert_ok(load("data: store\nweb: /srv/pages\n", &config, &why));
    assert_non_null(strstr(config.data_dir, "config-"));
    assert_non_null(strstr(config.data_dir, "/store"));
    assert_string_equal(config.web_dir, "/srv/pages");
}

TEST(a_mistake_is_told_with_its_line)
{
    struct config config;
    struct why why = {""};
    assert_err(load("data: a\nlissten: b\n", &config, &why), ERR_FORMAT);
    assert_non_null(strstr(why.text, "yizhan.yaml:2: \"lissten\" is not known here"));
    assert_err(load("data: [a]\n", &config, &why), ERR_FORMAT);
    assert_non_null(strstr(why.text, "yizhan.yaml:1: data must be text"));
    assert_err(load("data: ''\n", &config, &why), ERR_FORMAT);
    assert_err(load("{", &config, &why), ERR_FORMAT);
}

RUN(cmocka_unit_test(what_the_file_leaves_out_keeps_its_default),
    cmocka_unit_test(a_relative_folder_is_beside_the_file),
    cmocka_unit_test(a_mistake_is_told_with_its_line))
