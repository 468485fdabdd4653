#include "server/event.h"

#include "geo/base/clock.h"
#include "geo/base/jsonw.h"

#include <stdlib.h>

enum { EVENT_BYTES = 4096 };

void event_chain_fill(const struct areaset *areas, int64_t area_id, struct event_chain *chain)
{
    chain->count = 0;
    while (area_id && chain->count < EVENT_CHAIN) { /* a circle in the data ends there, too */
        long i = areaset_by_id(areas, area_id);
        chain->ids[chain->count++] = area_id;
        area_id = i < 0 ? 0 : areaset_at(areas, (size_t)i)->parent_id;
    }
}

static void write_head(struct jsonw *json, const struct news_item *item, const char *verb)
{
    char at[CLOCK_TEXT_SIZE];
    (void)clock_text(item->at_ms, at);
    jsonw_object(json);
    jsonw_key_int(json, "id", item->number);
    jsonw_key_string(json, "report", item->report);
    jsonw_key_string(json, "kind", item->kind);
    jsonw_key_string(json, "verb", verb);
    jsonw_key_string(json, "at", at);
}

static enum err take(struct buf *buf, char **text)
{
    size_t len;
    buf_putc(buf, '\0');
    if (buf->err) {
        enum err e = buf->err;
        buf_fini(buf);
        return e;
    }
    *text = buf_take(buf, &len);
    return ERR_OK;
}

static enum err write_here(const struct news_item *item, char **text)
{
    struct buf buf;
    struct jsonw json;
    buf_init(&buf, EVENT_BYTES);
    jsonw_init(&json, &buf);
    write_head(&json, item, item->verb);
    jsonw_key_string(&json, "category", item->category);
    jsonw_key_string(&json, "state", item->state);
    if (item->area_id) jsonw_key_int(&json, "area_id", item->area_id);
    jsonw_key_int(&json, "version", item->version);
    jsonw_object_end(&json);
    return take(&buf, text);
}

static enum err write_left(const struct news_item *item, char **text)
{
    struct buf buf;
    struct jsonw json;
    buf_init(&buf, EVENT_BYTES);
    jsonw_init(&json, &buf);
    write_head(&json, item, "left");
    jsonw_object_end(&json);
    return take(&buf, text);
}

enum err event_make(const struct news_item *item, const struct areaset *areas, struct event *event)
{
    struct event made = {.item = *item};
    event_chain_fill(areas, item->area_id, &made.here);
    event_chain_fill(areas, item->was_area_id, &made.was);
    enum err e = write_here(item, &made.json);
    if (!e && made.was.count) e = write_left(item, &made.left);
    if (e) {
        event_fini(&made);
        return e;
    }
    *event = made;
    return ERR_OK;
}

void event_fini(struct event *event)
{
    free(event->json);
    free(event->left);
    *event = (struct event){0};
}

void event_put(struct buf *out, int64_t number, const char *json)
{
    buf_printf(out, "id: %lld\nevent: case\ndata: ", (long long)number);
    buf_puts(out, json);
    buf_puts(out, "\n\n");
}

void event_put_reset(struct buf *out, int64_t last)
{
    buf_printf(out,
               "id: %lld\nevent: reset\ndata: {\"last\":%lld,\"detail\":\"what happened in between "
               "is no longer told: read anew\"}\n\n",
               (long long)last, (long long)last);
}

void event_poll_begin(struct buf *out)
{
    buf_puts(out, "{\"events\":[");
}

void event_poll_put(struct buf *out, bool first, const char *json)
{
    if (!first) buf_putc(out, ',');
    buf_puts(out, json);
}

void event_poll_end(struct buf *out, int64_t last, bool more, bool reset)
{
    buf_printf(out, "],\"last\":%lld,\"more\":%s,\"reset\":%s}", (long long)last,
               more ? "true" : "false", reset ? "true" : "false");
}
