#include "server/api/api_profile.h"
#include "server/api/api_db.h"

#include "data/people_profile.h"
#include "data/points_rank.h"
#include "geo/base/clock.h"
#include "server/api/api_me.h"
#include "server/body.h"

#include <string.h>

enum { TYPED_MAX = 40, LANGUAGE_MAX = 8 };

enum err api_profile_members(struct request *request, struct jsonw *json, const struct tools *tools,
                             struct db *db, bool whole)
{
    const unsigned char *key = tools->service->seal_key;
    char masked[PEOPLE_PROFILE_PHONE_SIZE];
    struct people_profile profile;
    struct points_name name;
    enum err e = people_profile_read(db, tools->actor->id, key, &profile);
    if (e == ERR_CHECKSUM) /* sealed with a key that is lost: it can be given anew */
        e = people_profile_read(db, tools->actor->id, NULL, &profile);
    if (!e) e = points_rank_name(db, tools->actor->id, request->arena, &name);
    if (e) return e;
    jsonw_key_int(json, "version", profile.version);
    if (profile.language)
        jsonw_key_string(json, "language", people_profile_language_name(profile.language));
    if (profile.phone[0]) {
        people_profile_mask(profile.phone, masked);
        jsonw_key_string(json, "phone", whole ? profile.phone : masked);
    }
    jsonw_key_bool(json, "ranking_hidden", name.hidden);
    return ERR_OK;
}

/* What was sent. */
struct sent {
    int64_t version;
    const char *name, *language, *phone;
    bool hidden[2]; /* as it came over true, and over false: the same where it came */
};

static enum err read_sent(struct request *request, struct sent *sent)
{
    const struct body_field fields[] = {
        BODY_VERSION(&sent->version),
        {.name = "name",
         .type = BODY_TEXT,
         .min = 1,
         .max = PEOPLE_PROFILE_NAME_MAX,
         .text = &sent->name},
        {.name = "language", .type = BODY_TEXT, .max = LANGUAGE_MAX, .text = &sent->language},
        {.name = "phone", .type = BODY_TEXT, .max = TYPED_MAX, .text = &sent->phone},
        {.name = "ranking_hidden", .type = BODY_BOOL, .flag = &sent->hidden[0]}};
    struct body_field again[sizeof fields / sizeof *fields];
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    if (e) return e;
    memcpy(again, fields, sizeof fields);
    again[sizeof fields / sizeof *fields - 1].flag = &sent->hidden[1];
    return body_read(request, again, sizeof again / sizeof *again);
}

static bool is_printable(const char *text)
{
    bool blank = true;
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) return false;
        blank &= *text == ' ';
    }
    return !blank;
}

static enum err check(struct request *request, const struct sent *sent,
                      enum people_profile_language *language, char *phone)
{
    if (sent->name && !is_printable(sent->name))
        return problem_say(request->problem, PROBLEM_PARAMETER, "name",
                           "must be a line of text that is not blank");
    if (sent->language && !people_profile_language_find(sent->language, language))
        return problem_say(request->problem, PROBLEM_PARAMETER, "language",
                           "is zh, en, or empty for that of each device");
    phone[0] = '\0';
    if (sent->phone && sent->phone[0] && !people_profile_phone(sent->phone, phone))
        return problem_say(request->problem, PROBLEM_PARAMETER, "phone",
                           "must have 7 to 15 digits, with a plus before the country's code");
    return ERR_OK;
}

enum err api_profile_put(struct request *request, struct response *response, struct tools *tools)
{
    struct sent sent = {.hidden = {true, false}};
    enum people_profile_language language = PEOPLE_PROFILE_ANY;
    char phone[PEOPLE_PROFILE_PHONE_SIZE];
    struct why why = {""};
    struct db *db;
    if (tools->actor->by_key)
        return problem_say(request->problem, PROBLEM_CONFLICT, NULL,
                           "this is a key, not a person: an administrator names it");
    enum err e = read_sent(request, &sent);
    if (!e) e = check(request, &sent, &language, phone);
    if (!e) e = api_db(request, tools, &db);
    if (e) return e;
    const struct people_by by = {tools->actor->id, tools->rule->pattern};
    const struct people_profile_put put = {
        .version = sent.version,
        .name = sent.name,
        .language = sent.language ? &language : NULL,
        .phone = sent.phone ? phone : NULL,
        .ranking_hidden = sent.hidden[0] == sent.hidden[1] ? &sent.hidden[0] : NULL,
        .key = tools->service->seal_key,
        .now_ms = clock_utc_ms()};
    e = people_profile_put(db, &by, &put, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    const struct people_actor *before = tools->actor;
    struct people_actor now = *before;
    if (sent.name) now.name = sent.name;
    tools->actor = &now;
    e = api_me_get(request, response, tools);
    tools->actor = before;
    return e;
}
