#include "data/news_verbs.h"

#include "data/cases_act.h"

#include <string.h>

/* What is no act, as it is seen in the histories (data/cases_merge.c, for example). "left" is what
 * an area is told that had the case before (server/event.h). */
static const struct {
    const char *name;
    enum cases_seen seen;
} beside[] = {
    {"created", CASES_PUBLIC},        {"left", CASES_STAFF},
    {"blurred", CASES_STAFF},         {"anonymised", CASES_PUBLIC},
    {"photos_deleted", CASES_PUBLIC}, {"sender_forgotten", CASES_STAFF},
    {"merged", CASES_STAFF},          {"split", CASES_STAFF},
    {"carried", CASES_PUBLIC},        {"followed", CASES_PUBLIC},
    {"supported", CASES_PUBLIC},      {"unsupported", CASES_PUBLIC},
    {"commented", CASES_PUBLIC},      {"comment_hidden", CASES_PUBLIC},
};
enum { BESIDE = sizeof beside / sizeof *beside };

const char *news_verbs_at(size_t i)
{
    if (i < CASES_VERB_COUNT) return cases_verb_name((enum cases_verb)i);
    i -= CASES_VERB_COUNT;
    return i < BESIDE ? beside[i].name : NULL;
}

/* Its place in the list; behind the last where there is none. */
static size_t find(const char *verb)
{
    size_t i = 0;
    for (const char *name; (name = news_verbs_at(i)) && strcmp(name, verb) != 0;)
        i++;
    return i;
}

bool news_verbs_has(const char *verb)
{
    return news_verbs_at(find(verb)) != NULL;
}

enum cases_seen news_verbs_seen(const char *verb)
{
    size_t i = find(verb);
    if (i < CASES_VERB_COUNT) return cases_verb_seen((enum cases_verb)i);
    i -= CASES_VERB_COUNT;
    return i < BESIDE ? beside[i].seen : CASES_STAFF;
}
