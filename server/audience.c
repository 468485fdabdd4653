#include "server/audience.h"

#include "data/news_verbs.h"

#include <stdlib.h>
#include <string.h>

enum err audience_init(struct audience *audience, const struct kinds *kinds,
                       const struct people_actor *actor)
{
    struct audience made = {.kinds = kinds};
    if (actor && actor->grant_count) {
        /* One piece of memory: the grants, and behind them the names of their kinds. */
        size_t size = actor->grant_count * sizeof *made.grants, at = size;
        for (size_t i = 0; i < actor->grant_count; i++)
            size += strlen(actor->grants[i].kind) + 1;
        made.grants = malloc(size);
        if (!made.grants) return ERR_NOMEM;
        for (size_t i = 0; i < actor->grant_count; i++) {
            size_t n = strlen(actor->grants[i].kind) + 1;
            char *kind = memcpy((char *)made.grants + at, actor->grants[i].kind, n);
            made.grants[i] = actor->grants[i];
            made.grants[i].kind = kind;
            at += n;
        }
        made.grant_count = actor->grant_count;
    }
    made.person = actor ? actor->id : 0;
    *audience = made;
    return ERR_OK;
}

void audience_fini(struct audience *audience)
{
    free(audience->grants);
    audience->grants = NULL;
    audience->grant_count = 0;
}

bool audience_has_queue(const struct people_actor *actor)
{
    return rights_anywhere(actor, RIGHTS_see);
}

static bool is_private(const struct audience *audience, const char *code)
{
    const struct kinds_kind *kind = kinds_find(audience->kinds, code);
    return !kind || kind->is_private;
}

bool audience_works(const struct audience *audience, const struct event_chain *chain,
                    const char *kind)
{
    const struct people_actor actor = {.grants = audience->grants,
                                       .grant_count = audience->grant_count};
    return rights_may(&actor, RIGHTS_see, chain->ids, chain->count, kind);
}

static bool lies_within(const struct event_chain *chain, int64_t area_id)
{
    bool within = area_id == 0;
    for (size_t i = 0; i < chain->count && !within; i++)
        within = chain->ids[i] == area_id;
    return within;
}

static bool is_wanted(const char *filter, const char *code)
{
    return !filter[0] || strcmp(filter, code) == 0;
}

static const char *told_queue(const struct audience *a, const struct event *event)
{
    const struct news_item *item = &event->item;
    if (!is_wanted(a->kind, item->kind) || !is_wanted(a->category, item->category)) return NULL;
    if (is_wanted(a->verb, item->verb) && lies_within(&event->here, a->area_id) &&
        audience_works(a, &event->here, item->kind))
        return event->json;
    if (event->left && is_wanted(a->verb, "left") && lies_within(&event->was, a->area_id) &&
        audience_works(a, &event->was, item->kind))
        return event->left;
    return NULL;
}

const char *audience_told(const struct audience *a, const struct event *event)
{
    const struct news_item *item = &event->item;
    if (a->of == AUDIENCE_QUEUE) return told_queue(a, event);
    unsigned own = a->person && a->person == item->reporter ? KINDS_REPORTER : 0;
    bool shown = cases_is_shown(news_verbs_seen(item->verb), item->by_staff, a->as | own);
    if (a->of == AUDIENCE_MINE) return own && shown ? event->json : NULL;
    if (a->case_id != item->case_id) return NULL;
    if (audience_works(a, &event->here, item->kind)) return event->json;
    return shown && (a->as | own || !is_private(a, item->kind)) ? event->json : NULL;
}

bool audience_looks(const struct audience *a, const struct event *event)
{
    const struct news_item *item = &event->item;
    return a->person && a->person != item->reporter && is_private(a, item->kind) &&
           a->of != AUDIENCE_MINE && audience_works(a, &event->here, item->kind);
}
