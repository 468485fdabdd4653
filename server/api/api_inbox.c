#include "server/api/api_inbox.h"
#include "server/api/api_db.h"

#include "data/inbox_wants.h"
#include "data/people_profile.h"
#include "data/wechat_people.h"
#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/body.h"
#include "server/wechat.h"

enum { LIST_MAX = 100, EXPORTED = 100, SENTENCE_MAX = 4096 };

/* Of people: a key has none. */
static enum err begin(struct request *request, struct tools *tools, struct db **db)
{
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: it has no inbox");
    return api_db(request, tools, db);
}

/* ---- messages -------------------------------------------------------------------------------- */

static enum err write_item(struct jsonw *json, const struct inbox_item *item, bool english)
{
    const struct inbox_verbs_values values = {item->title, item->note, item->at_ms};
    struct buf text;
    buf_init(&text, SENTENCE_MAX);
    inbox_verbs_say(item->verb, english, &values, &text);
    buf_put(&text, "", 1);
    enum err e = text.err;
    if (!e) {
        jsonw_object(json);
        jsonw_key_int(json, "id", item->id);
        jsonw_key_string(json, "verb", inbox_verbs_code(item->verb));
        jsonw_key_string(json, "group", inbox_verbs_group_name(inbox_verbs_group(item->verb)));
        jsonw_key_string(json, "text", text.bytes);
        if (item->about[0]) jsonw_key_string(json, "about", item->about);
        if (item->title[0]) jsonw_key_string(json, "title", item->title);
        if (item->note[0]) jsonw_key_string(json, "note", item->note);
        if (item->at_ms) api_time_write(json, "at", item->at_ms);
        api_time_write(json, "created_at", item->created_ms);
        if (item->read_ms) api_time_write(json, "read_at", item->read_ms);
        jsonw_object_end(json);
    }
    buf_fini(&text);
    return e;
}

static enum err read_group(struct request *request, enum inbox_group *group, bool *given)
{
    const char *names[INBOX_GROUP_COUNT + 1] = {NULL};
    int at = INBOX_GROUP_COUNT;
    for (int g = 0; g < INBOX_GROUP_COUNT; g++)
        names[g] = inbox_verbs_group_name((enum inbox_group)g);
    enum err e = request_word(request, "group", names, &at);
    *given = at < INBOX_GROUP_COUNT;
    if (*given) *group = (enum inbox_group)at;
    return e;
}

/* As `lang` says, or the person chose; else Chinese. */
static enum err read_language(struct request *request, struct db *db, const struct tools *tools,
                              bool *english)
{
    static const char *const words[] = {"zh", "en", NULL};
    struct people_profile profile;
    int at = -1;
    enum err e = request_word(request, "lang", words, &at);
    if (e) return e;
    if (at >= 0) {
        *english = at == 1;
        return ERR_OK;
    }
    e = people_profile_read(db, tools->actor->id, NULL, &profile);
    if (e) return problem_from_err(request->problem, e, NULL);
    *english = profile.language == PEOPLE_PROFILE_EN;
    return ERR_OK;
}

static enum err write_list(struct jsonw *json, const struct inbox_item *list, size_t count,
                           bool english)
{
    enum err e = ERR_OK;
    jsonw_key(json, "messages");
    jsonw_array(json);
    for (size_t i = 0; i < count && !e; i++)
        e = write_item(json, &list[i], english);
    jsonw_array_end(json);
    return e;
}

static int64_t sum_of(const int64_t counts[INBOX_GROUP_COUNT])
{
    int64_t sum = 0;
    for (int g = 0; g < INBOX_GROUP_COUNT; g++)
        sum += counts[g];
    return sum;
}

enum err api_inbox_list(struct request *request, struct response *response, struct tools *tools)
{
    struct inbox_filter filter = {.person = tools->actor->id};
    const struct inbox_item *list = NULL;
    int64_t counts[INBOX_GROUP_COUNT];
    enum inbox_group group;
    struct api_page page;
    const char *next = NULL;
    size_t count = 0;
    bool more = false, given = false, english = false;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (!e) e = request_bool(request, "unread", &filter.only_unread);
    if (!e) e = read_group(request, &group, &given);
    if (!e) e = read_language(request, db, tools, &english);
    if (!e) e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    if (given) filter.group = &group;
    filter.limit = (size_t)page.limit;
    filter.before = page.has_cursor ? page.after[0] : 0;
    filter.before_read = page.has_cursor && page.after[1] != 0;
    e = inbox_list(db, &filter, request->arena, &list, &count, &more);
    if (!e) e = inbox_unread(db, tools->actor->id, counts);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more)
        next = api_page_next(request, response, list[count - 1].id, list[count - 1].read_ms != 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    e = write_list(json, list, count, english);
    jsonw_key_int(json, "unread", sum_of(counts));
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return problem_from_err(request->problem, e, NULL);
}

enum err api_inbox_counts(struct request *request, struct response *response, struct tools *tools)
{
    int64_t counts[INBOX_GROUP_COUNT];
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (e) return e;
    e = inbox_unread(db, tools->actor->id, counts);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_int(json, "unread", sum_of(counts));
    jsonw_key(json, "groups");
    jsonw_object(json);
    for (int g = 0; g < INBOX_GROUP_COUNT; g++)
        if (counts[g]) jsonw_key_int(json, inbox_verbs_group_name((enum inbox_group)g), counts[g]);
    jsonw_object_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_inbox_read(struct request *request, struct response *response, struct tools *tools)
{
    int64_t id = 0;
    struct db *db;
    enum err e = request_id(request, "id", &id);
    if (!e) e = begin(request, tools, &db);
    if (e) return e;
    e = inbox_read(db, tools->actor->id, id, clock_utc_ms());
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "there is no such message of yours");
    if (e) return problem_from_err(request->problem, e, NULL);
    response->status = 204;
    return ERR_OK;
}

enum err api_inbox_read_all(struct request *request, struct response *response, struct tools *tools)
{
    int64_t upto = 0, marked = 0;
    const struct body_field fields[] = {{.name = "upto",
                                         .type = BODY_INT,
                                         .required = true,
                                         .min = 1,
                                         .max = INT64_MAX,
                                         .number = &upto}};
    struct db *db;
    enum err e = body_read(request, fields, 1);
    if (!e) e = begin(request, tools, &db);
    if (e) return e;
    e = inbox_read_all(db, tools->actor->id, upto, clock_utc_ms(), &marked);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key_int(json, "marked", marked);
    jsonw_object_end(json);
    return ERR_OK;
}

/* ---- preferences ----------------------------------------------------------------------------- */

/* Of WeChat nothing is said where it does not exist, or has no template for the group. */
static bool has_wechat(const struct tools *tools, enum inbox_group group)
{
    return tools->service->wechat && tools->service->wechat->templates[group].id;
}

static void write_group(struct jsonw *json, const struct tools *tools,
                        const struct inbox_wants *wants, enum inbox_group group)
{
    jsonw_object(json);
    jsonw_key_string(json, "group", inbox_verbs_group_name(group));
    jsonw_key_bool(json, "may_be_off", inbox_verbs_group_may_be_off(group));
    jsonw_key_bool(json, "inbox", wants->wanted[group][INBOX_WANTS_inbox]);
    if (has_wechat(tools, group)) {
        jsonw_key_bool(json, "wechat", wants->wanted[group][INBOX_WANTS_wechat]);
        if (wants->refused[group]) jsonw_key_bool(json, "wechat_refused", true);
    }
    jsonw_object_end(json);
}

static void write_groups(struct jsonw *json, const struct tools *tools,
                         const struct inbox_wants *wants)
{
    jsonw_key(json, "preferences");
    jsonw_array(json);
    for (int g = 0; g < INBOX_GROUP_COUNT; g++)
        write_group(json, tools, wants, (enum inbox_group)g);
    jsonw_array_end(json);
}

enum err api_inbox_preferences(struct request *request, struct response *response,
                               struct tools *tools)
{
    struct inbox_wants wants;
    struct db *db;
    enum err e = begin(request, tools, &db);
    if (e) return e;
    e = inbox_wants_read(db, tools->actor->id, &wants);
    if (e) return problem_from_err(request->problem, e, NULL);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    write_groups(json, tools, &wants);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* What was sent: a switch that did not come is read otherwise the second time. */
static enum err read_switches(struct request *request, bool switches[2][INBOX_WANTS_CHANNELS_COUNT])
{
    enum err e = ERR_OK;
    for (int time = 0; time < 2 && !e; time++) {
        struct body_field fields[INBOX_WANTS_CHANNELS_COUNT];
        for (int c = 0; c < INBOX_WANTS_CHANNELS_COUNT; c++) {
            switches[time][c] = time == 1;
            fields[c] =
                (struct body_field){.name = inbox_wants_channel_name((enum inbox_wants_channel)c),
                                    .type = BODY_BOOL,
                                    .flag = &switches[time][c]};
        }
        e = body_read(request, fields, INBOX_WANTS_CHANNELS_COUNT);
    }
    return e;
}

static enum err check_wechat(struct request *request, const struct tools *tools, struct db *db,
                             enum inbox_group group)
{
    int64_t since_ms = 0;
    if (!has_wechat(tools, group))
        return problem_say(request->problem, PROBLEM_CONFLICT, "wechat",
                           "nothing of this group is told by WeChat on this server");
    enum err e = wechat_people_since(db, tools->actor->id, &since_ms);
    if (e) return problem_from_err(request->problem, e, NULL);
    return since_ms ? ERR_OK
                    : problem_say(request->problem, PROBLEM_CONFLICT, "wechat",
                                  "bind your WeChat account first: PUT /v1/me/wechat");
}

enum err api_inbox_prefer(struct request *request, struct response *response, struct tools *tools)
{
    struct inbox_wants_put put = {.person = tools->actor->id, .now_ms = clock_utc_ms()};
    bool switches[2][INBOX_WANTS_CHANNELS_COUNT], given = false;
    struct inbox_wants wants;
    struct why why = {""};
    struct db *db;
    if (!inbox_verbs_group_find(request_arg(request, "group"), &put.group))
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "group",
                           "there is no such group of messages");
    enum err e = read_switches(request, switches);
    if (!e) e = begin(request, tools, &db);
    if (e) return e;
    for (int c = 0; c < INBOX_WANTS_CHANNELS_COUNT; c++)
        if (switches[0][c] == switches[1][c]) {
            put.wanted[c] = &switches[0][c];
            given = true;
        }
    if (!given)
        return problem_say(request->problem, PROBLEM_PARAMETER, "inbox",
                           "or wechat is wanted: true or false");
    if (put.wanted[INBOX_WANTS_wechat] && *put.wanted[INBOX_WANTS_wechat])
        if ((e = check_wechat(request, tools, db, put.group))) return e;
    e = inbox_wants_put(db, &put, &why);
    if (!e) e = inbox_wants_read(db, put.person, &wants);
    if (e) return problem_from_err(request->problem, e, &why);
    write_group(response_json(response), tools, &wants, put.group);
    return ERR_OK;
}

/* ---- export ---------------------------------------------------------------------------------- */

enum err api_inbox_export(struct request *request, struct jsonw *json, const struct tools *tools,
                          struct db *db)
{
    const struct inbox_filter filter = {.person = tools->actor->id, .limit = EXPORTED};
    const struct inbox_item *list = NULL;
    struct people_profile profile;
    struct inbox_wants wants;
    size_t count = 0;
    bool more = false;
    enum err e = inbox_list(db, &filter, request->arena, &list, &count, &more);
    if (!e) e = inbox_wants_read(db, tools->actor->id, &wants);
    if (!e) e = people_profile_read(db, tools->actor->id, NULL, &profile);
    if (e) return e;
    jsonw_key(json, "inbox");
    jsonw_object(json);
    e = write_list(json, list, count, profile.language == PEOPLE_PROFILE_EN);
    write_groups(json, tools, &wants);
    if (more) jsonw_key_string(json, "next", "/v1/me/inbox");
    jsonw_object_end(json);
    return e;
}
