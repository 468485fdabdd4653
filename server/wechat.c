#include "server/wechat.h"

#include "data/conf.h"
#include "geo/base/clock.h"
#include "geo/base/jsonw.h"
#include "geo/base/text.h"
#include "geo/base/zone.h"
#include "server/post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { URL_MAX = 4096, VALUE_MAX = 4096, SIGN_PATIENCE_MS = 8000 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/* ---- settings -------------------------------------------------------------------------------- */

static const char *const values[WECHAT_VALUES] = {[WECHAT_TITLE] = "title",
                                                  [WECHAT_NOTE] = "note",
                                                  [WECHAT_AT] = "at",
                                                  [WECHAT_SENTENCE] = "sentence",
                                                  [WECHAT_SENT] = "sent"};

/* The forms of fields that the platform documents for subscribe messages and that text or a time
 * fits into, and how many characters each takes; 0: it is a time. */
static const struct {
    const char *name;
    int most;
} forms[] = {{"thing", 20}, {"character_string", 32}, {"phrase", 5}, {"name", 10}, {"time", 0},
             {"date", 0}};
enum { FORMS = sizeof forms / sizeof *forms };

/* The form of "thing12"; FORMS: there is none. */
static size_t form_of(const char *name)
{
    for (size_t i = 0; i < FORMS; i++) {
        size_t n = strlen(forms[i].name);
        if (strncmp(name, forms[i].name, n) == 0 && name[n] &&
            strspn(name + n, "0123456789") == strlen(name + n))
            return i;
    }
    return FORMS;
}

static enum err read_field(const struct conf_node *fields, size_t i, struct wechat_field *field,
                           struct why *why)
{
    const struct conf_node *node = conf_at(fields, i);
    const char *text = conf_text(node);
    size_t form = form_of(conf_key(fields, i)), value = 0;
    if (form == FORMS)
        return conf_fail(node, why, "%s is no field of a template: thing1, phrase2, time3, ...",
                         conf_key(fields, i));
    while (value < WECHAT_VALUES && (!text || strcmp(values[value], text) != 0))
        value++;
    if (value == WECHAT_VALUES) return conf_fail(node, why, "is title, note, at, sentence or sent");
    bool is_time = value == WECHAT_AT || value == WECHAT_SENT;
    if (is_time != !forms[form].most)
        return conf_fail(node, why, "%s does not fit into %s", text, conf_key(fields, i));
    *field = (struct wechat_field){conf_key(fields, i), (enum wechat_value)value};
    return ERR_OK;
}

static enum err read_template(const struct conf_node *node, struct wechat_template *template,
                              struct why *why)
{
    static const char *const keys[] = {"id", "page", "fields", NULL};
    struct wechat_template read = {.page = ""};
    const struct conf_node *fields = conf_get(node, "fields");
    enum err e = conf_is_map(node) ? conf_keys(node, keys, why)
                                   : conf_fail(node, why, "a template has id, page and fields");
    if (!e) e = conf_string(conf_get(node, "id"), &read.id, why);
    if (!e) e = conf_string(conf_get(node, "page"), &read.page, why);
    if (!e && (!read.id || !read.id[0])) e = conf_fail(node, why, "id is missing");
    if (!e && (!conf_is_map(fields) || conf_count(fields) > WECHAT_FIELDS_MAX))
        e = conf_fail(node, why, "fields names 1 to %d fields and what each says",
                      WECHAT_FIELDS_MAX);
    for (size_t i = 0; !e && i < conf_count(fields); i++)
        e = read_field(fields, i, &read.fields[read.field_count++], why);
    if (!e) *template = read;
    return e;
}

static enum err read_templates(const struct conf_node *node, struct wechat *wechat, struct why *why)
{
    enum inbox_group group;
    enum err e = ERR_OK;
    if (node && !conf_is_map(node))
        return conf_fail(node, why, "templates has one for each group of messages");
    for (size_t i = 0; !e && i < conf_count(node); i++)
        e = inbox_verbs_group_find(conf_key(node, i), &group)
                ? read_template(conf_at(node, i), &wechat->templates[group], why)
                : conf_fail(conf_at(node, i), why, "there is no group of messages \"%s\"",
                            conf_key(node, i));
    return e;
}

static enum err read_word(const struct conf_node *root, const char *key, const char **to,
                          struct why *why)
{
    enum err e = conf_string(conf_get(root, key), to, why);
    if (e) return e;
    if (*to && **to && strspn(*to, letters) == strlen(*to)) return ERR_OK;
    return conf_fail(root, why, "%s is missing, or has other characters than letters and digits",
                     key);
}

static enum err read_settings(struct wechat *w, struct why *why)
{
    static const char *const keys[] = {"appid", "secret", "base", "state", "templates", NULL};
    const struct conf_node *root = conf_root(w->conf);
    struct why said = {""};
    w->base = "https://api.weixin.qq.com";
    w->state = "formal";
    enum err e = conf_keys(root, keys, why);
    if (!e) e = read_word(root, "appid", &w->appid, why);
    if (!e) e = read_word(root, "secret", &w->secret, why);
    if (!e) e = conf_string(conf_get(root, "base"), &w->base, why);
    if (!e) e = conf_string(conf_get(root, "state"), &w->state, why);
    if (!e && strcmp(w->state, "formal") != 0 && strcmp(w->state, "trial") != 0 &&
        strcmp(w->state, "developer") != 0)
        e = conf_fail(conf_get(root, "state"), why, "is formal, trial or developer");
    if (!e && post_check(w->base, true, &said))
        e = conf_fail(conf_get(root, "base"), why, "%s", said.text);
    return e ? e : read_templates(conf_get(root, "templates"), w, why);
}

enum err wechat_load(const char *path, struct wechat **wechat, struct why *why)
{
    struct wechat *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = conf_load(path, &made->conf, why);
    if (!e) e = read_settings(made, why);
    if (e) {
        wechat_free(made);
        return e;
    }
    *wechat = made;
    return ERR_OK;
}

void wechat_free(struct wechat *wechat)
{
    if (!wechat) return;
    conf_free(wechat->conf);
    free(wechat);
}

/* ---- answers --------------------------------------------------------------------------------- */

enum wechat_verdict wechat_judge(int status, const char *bytes, size_t len,
                                 struct body_answer *answer)
{
    static const struct {
        int64_t errcode;
        enum wechat_verdict verdict;
    } codes[] = {{0, WECHAT_OK},          {40001, WECHAT_TOKEN}, {40014, WECHAT_TOKEN},
                 {42001, WECHAT_TOKEN},   {40029, WECHAT_CODE},  {40163, WECHAT_CODE},
                 {43101, WECHAT_REFUSED}, {45009, WECHAT_LIMIT}, {45011, WECHAT_LIMIT},
                 {40226, WECHAT_BLOCKED}, {-1, WECHAT_AGAIN},    {40003, WECHAT_WRONG},
                 {40013, WECHAT_WRONG},   {40037, WECHAT_WRONG}, {40125, WECHAT_WRONG},
                 {40164, WECHAT_WRONG},   {41030, WECHAT_WRONG}, {43104, WECHAT_WRONG},
                 {47003, WECHAT_WRONG},   {61004, WECHAT_WRONG}};
    *answer = (struct body_answer){0};
    if (status < 200 || status > 299 || body_answer_read(bytes, len, answer)) return WECHAT_AGAIN;
    /* Services that give something leave out the errcode where all is well; of the others silence
     * says nothing. */
    if (!answer->has_errcode && !answer->openid[0] && !answer->access_token[0]) return WECHAT_AGAIN;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].errcode == answer->errcode) return codes[i].verdict;
    return WECHAT_AGAIN;
}

/* ---- whom a code is of ----------------------------------------------------------------------- */

struct asking {
    bool ended;
    enum wechat_verdict verdict;
    struct body_answer answer;
};

static void on_answer(void *context, const struct post_outcome *outcome)
{
    struct asking *a = context;
    a->verdict = wechat_judge(outcome->status, outcome->answer, outcome->answer_len, &a->answer);
    a->ended = true;
}

static enum err ask(const char *url, struct asking *a)
{
    const struct post_letter letter = {.url = url, .keep = true};
    struct post *post = NULL;
    int64_t until_ms = clock_ms() + SIGN_PATIENCE_MS;
    enum err e = post_new(true, &post);
    if (!e) e = post_send(post, &letter);
    while (!e && !a->ended && clock_ms() < until_ms)
        e = post_run(post, 100, on_answer, a);
    post_free(post);
    return e;
}

enum wechat_verdict wechat_session(struct wechat *wechat, const char *code,
                                   char openid[BODY_ANSWER_OPENID_SIZE], int64_t *errcode)
{
    struct asking a = {.verdict = WECHAT_AGAIN};
    struct buf url;
    size_t len = strlen(code);
    *errcode = 0;
    if (!len || len > WECHAT_CODE_MAX || strspn(code, letters) != len) return WECHAT_CODE;
    if (atomic_fetch_add(&wechat->signing, 1) >= WECHAT_SIGNING_MAX) {
        atomic_fetch_sub(&wechat->signing, 1);
        return WECHAT_LIMIT;
    }
    buf_init(&url, URL_MAX);
    buf_printf(&url,
               "%s/sns/jscode2session?appid=%s&secret=%s&js_code=%s&grant_type=authorization_code",
               wechat->base, wechat->appid, wechat->secret, code);
    buf_put(&url, "", 1);
    if (!url.err && ask(url.bytes, &a)) a.verdict = WECHAT_AGAIN;
    buf_fini(&url);
    atomic_fetch_sub(&wechat->signing, 1);
    *errcode = a.answer.errcode;
    if (a.verdict == WECHAT_OK && !a.answer.openid[0]) return WECHAT_AGAIN;
    if (a.verdict == WECHAT_OK) memcpy(openid, a.answer.openid, sizeof a.answer.openid);
    return a.verdict;
}

/* ---- letters --------------------------------------------------------------------------------- */

void wechat_token_letter(const struct wechat *wechat, bool force, struct buf *url, struct buf *body)
{
    struct jsonw json;
    jsonw_init(&json, body);
    buf_printf(url, "%s/cgi-bin/stable_token", wechat->base);
    jsonw_object(&json);
    jsonw_key_string(&json, "grant_type", "client_credential");
    jsonw_key_string(&json, "appid", wechat->appid);
    jsonw_key_string(&json, "secret", wechat->secret);
    jsonw_key_bool(&json, "force_refresh", force);
    jsonw_object_end(&json);
}

/* The first `most` characters; an empty value is not taken (47003), and stands as a dash. */
static void write_text(struct jsonw *json, const char *text, int most)
{
    size_t len = strlen(text), at = 0;
    for (int n = 0; n < most && at < len; n++) {
        size_t step = text_utf8_len(text + at, len - at);
        if (!step) break;
        at += step;
    }
    jsonw_string_n(json, at ? text : "-", at ? at : 1);
}

static void write_time(struct jsonw *json, int64_t at_ms)
{
    const struct zone_time local = zone_time_of(at_ms);
    const time_t midnight = (time_t)local.day * 86400;
    char text[40] = "-";
    struct tm day;
    if (gmtime_r(&midnight, &day))
        (void)snprintf(text, sizeof text, "%d-%02d-%02d %02u:%02u", day.tm_year + 1900,
                       day.tm_mon + 1, day.tm_mday, local.minute / 60, local.minute % 60);
    jsonw_string(json, text);
}

static void write_field(struct jsonw *json, const struct wechat_field *field,
                        const struct wechat_message *message)
{
    const struct inbox_item *item = message->item;
    const struct inbox_verbs_values said = {item->title, item->note, item->at_ms};
    int most = forms[form_of(field->name)].most;
    struct buf sentence;
    jsonw_key(json, field->name);
    jsonw_object(json);
    jsonw_key(json, "value");
    buf_init(&sentence, VALUE_MAX);
    inbox_verbs_say(item->verb, message->english, &said, &sentence);
    buf_put(&sentence, "", 1);
    if (field->value == WECHAT_AT || field->value == WECHAT_SENT)
        write_time(json, field->value == WECHAT_AT && item->at_ms ? item->at_ms : item->created_ms);
    else
        write_text(json,
                   field->value == WECHAT_TITLE  ? item->title
                   : field->value == WECHAT_NOTE ? item->note
                   : sentence.err                ? ""
                                                 : sentence.bytes,
                   most);
    buf_fini(&sentence);
    jsonw_object_end(json);
}

void wechat_message_letter(const struct wechat *wechat, const char *token,
                           const struct wechat_message *message, struct buf *url, struct buf *body)
{
    const struct wechat_template *template =
        &wechat->templates[inbox_verbs_group(message->item->verb)];
    struct jsonw json;
    jsonw_init(&json, body);
    buf_printf(url, "%s/cgi-bin/message/subscribe/send?access_token=%s", wechat->base, token);
    jsonw_object(&json);
    jsonw_key_string(&json, "touser", message->openid);
    jsonw_key_string(&json, "template_id", template->id);
    if (template->page[0]) jsonw_key_string(&json, "page", template->page);
    jsonw_key_string(&json, "miniprogram_state", wechat->state);
    jsonw_key_string(&json, "lang", message->english ? "en_US" : "zh_CN");
    jsonw_key(&json, "data");
    jsonw_object(&json);
    for (size_t i = 0; i < template->field_count; i++)
        write_field(&json, &template->fields[i], message);
    jsonw_object_end(&json);
    jsonw_object_end(&json);
}
