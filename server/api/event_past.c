#include "server/api/event_past.h"

#include "geo/base/clock.h"
#include "server/hub_seat.h"

#include <stdlib.h>

enum { OUT_BYTES = 4 * 1024 * 1024, PAGE = 128 };

void event_past_init(struct event_past *past, bool poll)
{
    *past = (struct event_past){.poll = poll};
    buf_init(&past->out, OUT_BYTES);
}

void event_past_fini(struct event_past *past)
{
    buf_fini(&past->out);
    free(past->looks);
    past->looks = NULL;
}

/* Several changes of a case in a row are one look. */
static enum err note_look(const struct audience *audience, const struct news_item *item,
                          struct event_past *past)
{
    const struct audit_row *before = past->looks + past->look_count;
    if (!past->looks) past->looks = calloc(EVENT_PAST_MAX, sizeof *past->looks);
    if (!past->looks) return ERR_NOMEM;
    if (past->look_count && before[-1].case_id == item->case_id) return ERR_OK;
    past->looks[past->look_count++] =
        (struct audit_row){.verb = AUDIT_looked,
                           .person = audience->person,
                           .case_id = item->case_id,
                           .area = item->area_id,
                           .route = past->poll ? "GET /v1/events/poll" : "GET /v1/events",
                           .at_ms = clock_utc_ms()};
    return ERR_OK;
}

static enum err put(const struct news_item *item, const struct areaset *areas,
                    const struct audience *audience, struct event_past *past)
{
    struct event event = {0};
    enum err e = event_make(item, areas, &event);
    if (e) return e;
    const char *told = audience_told(audience, &event);
    if (told && past->poll) event_poll_put(&past->out, past->count == 0, told);
    if (told && !past->poll) event_put(&past->out, item->number, told);
    past->count += told != NULL;
    if (told && audience_looks(audience, &event)) e = note_look(audience, item, past);
    event_fini(&event);
    return e ? e : past->out.err;
}

/* Whether no more goes into the answer. */
static bool is_full(const struct event_past *past, size_t read)
{
    return read >= EVENT_PAST_MAX || (past->poll && past->count >= HUB_SEAT_POLL_MAX);
}

static enum err read_all(struct db *db, const struct areaset *areas,
                         const struct audience *audience, struct news_query *query,
                         struct news_item items[PAGE], struct event_past *past)
{
    size_t read = 0, count = PAGE;
    enum err e = ERR_OK;
    while (!e && count == PAGE && !past->more) {
        e = news_read(db, query, items, PAGE, &count);
        for (size_t i = 0; i < count && !e && !past->more; i++) {
            past->more = is_full(past, read++);
            if (past->more) break;
            e = put(&items[i], areas, audience, past);
            query->after = items[i].number;
        }
    }
    if (!e && !past->more) query->after = query->upto;
    return e;
}

enum err event_past_read(struct db *db, const struct areaset *areas,
                         const struct audience *audience, int64_t upto, int64_t *after,
                         struct event_past *past)
{
    struct news_query query = {
        .after = *after,
        .upto = upto,
        .case_id = audience->of == AUDIENCE_CASE ? audience->case_id : 0,
        .reporter = audience->of == AUDIENCE_MINE ? audience->person : 0,
    };
    int64_t oldest = 0;
    enum err e = news_oldest(db, &oldest);
    if (e) return e;
    past->lost = *after < oldest;
    if (past->lost) return ERR_OK;
    struct news_item *items = malloc(PAGE * sizeof *items);
    if (!items) return ERR_NOMEM;
    e = read_all(db, areas, audience, &query, items, past);
    free(items);
    if (e) return e;
    past->lost = past->more && !past->poll;
    *after = query.after;
    return ERR_OK;
}
