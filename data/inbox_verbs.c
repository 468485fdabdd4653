#include "data/inbox_verbs.h"

#include "geo/base/zone.h"

#include <string.h>
#include <time.h>

static const struct {
    const char *name;
    bool may_be_off;
} groups[INBOX_GROUP_COUNT] = {
#define INBOX_ROW(name, may_be_off) {#name, may_be_off},
    INBOX_GROUPS(INBOX_ROW)
#undef INBOX_ROW
};

static const struct {
    const char *code;
    enum inbox_group group;
    const char *says[2];
} verbs[INBOX_VERB_COUNT] = {
#define INBOX_ROW(name, code, group, zh, en) {code, INBOX_##group, {zh, en}},
    INBOX_VERBS(INBOX_ROW)
#undef INBOX_ROW
};

const char *inbox_verbs_group_name(enum inbox_group group)
{
    return groups[group].name;
}

bool inbox_verbs_group_may_be_off(enum inbox_group group)
{
    return groups[group].may_be_off;
}

bool inbox_verbs_group_find(const char *name, enum inbox_group *group)
{
    for (int i = 0; i < INBOX_GROUP_COUNT; i++)
        if (strcmp(groups[i].name, name) == 0) {
            *group = (enum inbox_group)i;
            return true;
        }
    return false;
}

const char *inbox_verbs_code(enum inbox_verb verb)
{
    return verbs[verb].code;
}

enum inbox_group inbox_verbs_group(enum inbox_verb verb)
{
    return verbs[verb].group;
}

bool inbox_verbs_find(const char *code, enum inbox_verb *verb)
{
    for (int i = 0; i < INBOX_VERB_COUNT; i++)
        if (strcmp(verbs[i].code, code) == 0) {
            *verb = (enum inbox_verb)i;
            return true;
        }
    return false;
}

void inbox_verbs_list(const enum inbox_group *group, struct buf *sql)
{
    const char *before = "(";
    for (int i = 0; i < INBOX_VERB_COUNT; i++) {
        if (group && verbs[i].group != *group) continue;
        buf_printf(sql, "%s'%s'", before, verbs[i].code);
        before = ", ";
    }
    buf_puts(sql, *before == '(' ? "('')" : ")");
}

/* ---- sentences ------------------------------------------------------------------------------- */

static void say_time(int64_t at_ms, bool english, struct buf *text)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const struct zone_time local = zone_time_of(at_ms);
    const time_t midnight = (time_t)local.day * 86400;
    struct tm day;
    if (!gmtime_r(&midnight, &day)) return;
    if (english)
        buf_printf(text, "%d %s", day.tm_mday, months[day.tm_mon]);
    else
        buf_printf(text, "%d月%d日", day.tm_mon + 1, day.tm_mday);
    buf_printf(text, " %02u:%02u", local.minute / 60, local.minute % 60);
}

/* What stands at `at`, up to a brace or bracket or the end of `len`; how much of it that was, and
 * whether a value was missing. */
static size_t say_piece(const char *at, size_t len, bool english,
                        const struct inbox_verbs_values *values, struct buf *text, bool *missing)
{
    const char *end = *at == '{' ? memchr(at, '}', len) : NULL;
    if (!end) {
        size_t n = 1 + strcspn(at + 1, "{[]");
        if (n > len) n = len;
        buf_put(text, at, n);
        return n;
    }
    if (at[1] == 'a') {
        if (values->at_ms) say_time(values->at_ms, english, text);
        *missing |= !values->at_ms;
    } else {
        const char *value = at[1] == 't' ? values->title : values->note;
        if (value) buf_puts(text, value);
        *missing |= !value || !value[0];
    }
    return (size_t)(end - at) + 1;
}

void inbox_verbs_say(enum inbox_verb verb, bool english, const struct inbox_verbs_values *values,
                     struct buf *text)
{
    const char *at = verbs[verb].says[english];
    while (*at) {
        const char *end = *at == '[' ? strchr(at, ']') : NULL;
        size_t before = text->len;
        bool missing = false;
        if (!end) {
            at += say_piece(at, strlen(at), english, values, text, &missing);
            continue;
        }
        for (at++; at < end;)
            at += say_piece(at, (size_t)(end - at), english, values, text, &missing);
        if (missing) text->len = before;
        at = end + 1;
    }
}
