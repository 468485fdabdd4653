#include "server/api/open311_record.h"

#include "geo/space/areaset.h"

#include <string.h>

/* The body that its category is for, or else the area it lies in: to whom staff give it is theirs
 * to know. */
static const char *agency_of(const struct open311_record *how, const struct cases_case *c)
{
    const struct areaset *areas = how->tools->snapshot->areas;
    long i = c->area_id ? areaset_by_id(areas, c->area_id) : -1;
    const struct kinds_category *category = kinds_category(how->kind, c->category);
    if (category && category->unit[0]) return category->unit;
    return i < 0 ? NULL : areaset_at(areas, (size_t)i)->name;
}

/* GeoReport knows one: the first that came with the report. */
static const char *media_of(const struct open311_record *how, const struct cases_case *c)
{
    for (size_t i = 0; i < c->photo_count; i++)
        if (!c->photos[i].event)
            return arena_printf(how->arena, "%s/v1/photos/%s", how->base, c->photos[i].public_id);
    return NULL;
}

static const char *some(const char *text)
{
    return text[0] ? text : NULL;
}

static void write_service(const struct open311_record *how, const struct cases_case *c)
{
    const struct kinds_category *category = kinds_category(how->kind, c->category);
    tree_text(how->tree, "service_name",
              category ? open311_ask_label(&category->label, how->english) : c->category);
    tree_text(how->tree, "service_code", c->category);
}

enum err open311_record_write(const struct open311_record *how, const struct cases_case *c)
{
    struct tree *tree = how->tree;
    const char *note = "";
    enum err e = cases_published_note(how->db, c->id, how->arena, &note);
    if (e) return e;
    tree_record(tree, "request");
    tree_text(tree, "service_request_id", c->public_id);
    tree_text(tree, "status", open311_ask_status(how->kind, c->state));
    tree_text(tree, "status_notes", some(note));
    write_service(how, c);
    tree_text(tree, "description", some(c->description));
    tree_text(tree, "agency_responsible", agency_of(how, c));
    tree_text(tree, "service_notice", NULL);
    open311_ask_time(tree, "requested_datetime", c->created_ms);
    open311_ask_time(tree, "updated_datetime", c->updated_ms);
    open311_ask_time(tree, "expected_datetime", c->due.due_ms);
    tree_text(tree, "address", some(c->address));
    tree_text(tree, "address_id", NULL);
    tree_text(tree, "zipcode", NULL);
    if (c->has_position) {
        tree_number(tree, "lat", c->at.lat, 7);
        tree_number(tree, "long", c->at.lon, 7);
    }
    tree_text(tree, "media_url", media_of(how, c));
    tree_end(tree);
    return ERR_OK;
}
