#include "tests/check.h"
#include "tests/scratch.h"

#include "geo/base/zone.h"
#include "server/wechat.h"

#include <string.h>

TEST(an_answer_means_what_the_service_documents)
{
    static const struct {
        int status;
        const char *answer;
        enum wechat_verdict verdict;
    } rows[] = {
        {200, "{\"errcode\":0,\"errmsg\":\"ok\"}", WECHAT_OK},
        {200, "{\"openid\":\"o\",\"session_key\":\"k\"}", WECHAT_OK},
        {200, "{\"errcode\":40001,\"errmsg\":\"invalid credential\"}", WECHAT_TOKEN},
        {200, "{\"errcode\":40014}", WECHAT_TOKEN},
        {200, "{\"errcode\":42001}", WECHAT_TOKEN},
        {200, "{\"errcode\":40029}", WECHAT_CODE},
        {200, "{\"errcode\":40163}", WECHAT_CODE},
        {200, "{\"errcode\":43101}", WECHAT_REFUSED},
        {200, "{\"errcode\":45009}", WECHAT_LIMIT},
        {200, "{\"errcode\":40226}", WECHAT_BLOCKED},
        {200, "{\"errcode\":47003}", WECHAT_WRONG},
        {200, "{\"errcode\":-1}", WECHAT_AGAIN},
        {200, "{\"errcode\":99999}", WECHAT_AGAIN},
        {502, "<html>", WECHAT_AGAIN},
        {502, "{\"errcode\":0}", WECHAT_AGAIN},
        {0, "", WECHAT_AGAIN},
        {200, "", WECHAT_AGAIN},
        {200, "[]", WECHAT_AGAIN},
        {200, "{}", WECHAT_AGAIN},
        {200, "{\"errmsg\":\"ok\"}", WECHAT_AGAIN},
        {200, "{\"errcode\":\"0\"}", WECHAT_AGAIN},
        {200, "{\"errcode\":null,\"msgid\":5}", WECHAT_AGAIN},
        {200, "{\"access_token\":\"T\",\"expires_in\":7200}", WECHAT_OK},
        {200, "{\"errcode\":", WECHAT_AGAIN},
    };
    struct body_answer answer;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(
            wechat_judge(rows[i].status, rows[i].answer, strlen(rows[i].answer), &answer),
            rows[i].verdict);
}

TEST(of_an_answer_only_what_has_its_form_is_taken)
{
    static const char *const odd[] = {
        "{\"openid\":\"a b\",\"access_token\":\"x&y\",\"expires_in\":-1}",
        "{\"openid\":5,\"access_token\":null,\"expires_in\":\"7200\"}",
        "{\"openid\":\"a\\u0000b\",\"access_token\":{},\"expires_in\":99999999}",
    };
    struct body_answer answer;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        assert_err(body_answer_read(odd[i], strlen(odd[i]), &answer),
                   strstr(odd[i], "u0000") ? ERR_FORMAT : ERR_OK);
        if (strstr(odd[i], "u0000")) continue;
        assert_string_equal(answer.openid, "");
        assert_string_equal(answer.access_token, "");
        assert_int_equal(answer.expires_s, 0);
    }
    const char *good = "{\"access_token\":\"A-b_9\",\"expires_in\":7200}";
    assert_ok(body_answer_read(good, strlen(good), &answer));
    assert_string_equal(answer.access_token, "A-b_9");
    assert_int_equal(answer.expires_s, 7200);
}

static const char settings[] =
    "appid: wx1\nsecret: s1\ntemplates:\n  votes: {id: T, page: p, fields: {thing1: title, time2: "
    "at, phrase3: note, thing4: sentence}}\n";

TEST(a_message_has_the_fields_of_its_template_each_as_long_as_it_may_be)
{
    struct wechat *wechat = NULL;
    struct why why = {""};
    char path[128];
    struct buf url, body;
    scratch_make();
    FILE *file = fopen(scratch_in(path, sizeof path, "wechat.yaml"), "w");
    assert_non_null(file);
    assert_true(fputs(settings, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_ok(wechat_load(path, &wechat, &why));
    const struct inbox_item item = {.verb = INBOX_vote_opened,
                                    .title = "一二三四五六七八九十一二三四五六七八九十多余",
                                    .note = "",
                                    .at_ms = 1795845900000,
                                    .created_ms = 1795845900000};
    const struct wechat_message message = {"openid", &item, false};
    buf_init(&url, 4096);
    buf_init(&body, 4096);
    wechat_message_letter(wechat, "TOKEN", &message, &url, &body);
    assert_ok(url.err);
    assert_ok(body.err);
    buf_put(&body, "", 1);
    buf_put(&url, "", 1);
    assert_string_equal(url.bytes, "https://api.weixin.qq.com/cgi-bin/message/subscribe/"
                                   "send?access_token=TOKEN");
    assert_non_null(
        strstr(body.bytes, "\"thing1\":{\"value\":\"一二三四五六七八九十一二三四五六七八九十\"}"));
    assert_non_null(strstr(body.bytes, "\"time2\":{\"value\":\"2026-11-28 14:05\"}"));
    assert_non_null(strstr(body.bytes, "\"phrase3\":{\"value\":\"-\"}"));
    assert_null(strstr(body.bytes, "s1"));
    buf_fini(&url);
    buf_fini(&body);
    wechat_free(wechat);
    scratch_remove();
}

TEST(a_code_that_no_code_can_be_is_not_asked_about)
{
    struct wechat wechat = {.appid = "a", .secret = "b", .base = "http://127.0.0.1:9"};
    char openid[BODY_ANSWER_OPENID_SIZE];
    int64_t errcode = 7;
    static const char *const codes[] = {"", "a b", "a&secret=c", "../x", "码"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_int_equal(wechat_session(&wechat, codes[i], openid, &errcode), WECHAT_CODE);
    atomic_store(&wechat.signing, WECHAT_SIGNING_MAX);
    assert_int_equal(wechat_session(&wechat, "code", openid, &errcode), WECHAT_LIMIT);
    assert_int_equal(atomic_load(&wechat.signing), WECHAT_SIGNING_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_means_what_the_service_documents),
        cmocka_unit_test(of_an_answer_only_what_has_its_form_is_taken),
        cmocka_unit_test(a_message_has_the_fields_of_its_template_each_as_long_as_it_may_be),
        cmocka_unit_test(a_code_that_no_code_can_be_is_not_asked_about),
    };
    struct why why = {""};
    assert_ok(zone_use("Asia/Shanghai", &why));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
