#include "server/api/place_form.h"

#include "geo/base/text.h"
#include "server/api/api_time.h"
#include "server/body.h"

#include <math.h>
#include <string.h>

enum { NAMES_MAX = 20, WORD_MAX = 64 };

struct sent {
    struct coord location; /* NAN: not given */
    struct body_words amenities, names, release;
    const char *category, *name, *name_en, *address, *phone, *hours, *hours_self, *reason;
    int64_t capacity, version; /* -1: not given */
    bool force;
};

static enum err bad(struct request *request, const char *member, const char *detail)
{
    return problem_say(request->problem, PROBLEM_PARAMETER, member, "%s", detail);
}

/* The members that are text and one of the place's fields. */
struct member {
    enum places_field field;
    int64_t max; /* characters */
    size_t in_sent, in_row;
};
#define MEMBER(name, max)                                                                          \
    {                                                                                              \
        PLACES_##name, max, offsetof(struct sent, name), offsetof(struct places_row, name)         \
    }
static const struct member members[] = {
    MEMBER(category, WORD_MAX), MEMBER(name, 100),  MEMBER(name_en, 200),    MEMBER(address, 160),
    MEMBER(phone, 60),          MEMBER(hours, 600), MEMBER(hours_self, 600),
};
#undef MEMBER
enum { MEMBERS = sizeof members / sizeof *members };

static const char **sent_text(struct sent *s, const struct member *m)
{
    return (const char **)((char *)s + m->in_sent);
}

static enum err read_sent(struct request *request, const struct places_row *old, struct sent *s)
{
    enum { OTHERS = 8 };
    const struct body_field others[OTHERS] = {
        {.name = "location", .type = BODY_PAIR, .required = !old, .pair = &s->location},
        {.name = "amenities",
         .type = BODY_WORDS,
         .max = PLACESET_AMENITIES,
         .words = &s->amenities},
        {.name = "names", .type = BODY_WORDS, .max = NAMES_MAX, .words = &s->names},
        {.name = "capacity", .type = BODY_INT, .max = PLACES_CAPACITY_MAX, .number = &s->capacity},
        {.name = "reason", .type = BODY_TEXT, .max = PLACES_REASON_MAX, .text = &s->reason},
        {.name = "force", .type = BODY_BOOL, .flag = &s->force},
        {.name = "release", .type = BODY_WORDS, .max = PLACES_FIELD_COUNT, .words = &s->release},
        BODY_VERSION(&s->version)};
    struct body_field fields[MEMBERS + OTHERS];
    for (size_t i = 0; i < MEMBERS; i++)
        fields[i] = (struct body_field){.name = places_field_name(members[i].field),
                                        .type = BODY_TEXT,
                                        .required = !old && members[i].field == PLACES_category,
                                        .max = members[i].max,
                                        .text = sent_text(s, &members[i])};
    memcpy(fields + MEMBERS, others, sizeof others);
    return body_read(request, fields, old ? MEMBERS + OTHERS : MEMBERS + OTHERS - 2);
}

/* What stands in one line holds nothing that would break or hide it. */
static enum err check_line(struct request *request, const char *member, const char *text)
{
    if (*text && !text_visible(text, strlen(text)))
        return bad(request, member, "must have something to see, not blanks alone");
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return bad(request, member, "holds a control character");
    return ERR_OK;
}

static enum err take_texts(struct request *request, struct sent *s, struct place_form *form)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        const char *text = *sent_text(s, &members[i]);
        if (!text) continue;
        enum err e = check_line(request, places_field_name(members[i].field), text);
        if (e) return e;
        memcpy((char *)&form->row + members[i].in_row, &text, sizeof text);
        form->fields |= 1u << members[i].field;
    }
    return ERR_OK;
}

static enum err take_location(struct request *request, const struct sent *s,
                              struct place_form *form)
{
    if (isnan(s->location.lon)) return ERR_OK;
    form->row.at = s->location;
    form->fields |= 1u << PLACES_location;
    return api_crs_inward(request, &form->crs, "location", &form->row.at, 1);
}

/* In the order of the operator's list, each once, so that the same set is the same text. */
static enum err take_amenities(struct request *request, const struct tools *tools,
                               const struct sent *s, struct place_form *form)
{
    char codes[CATEGORIES_AMENITIES_SIZE];
    uint64_t bits = 0;
    if (!s->amenities.items) return ERR_OK;
    for (size_t i = 0; i < s->amenities.count; i++) {
        int bit = categories_amenity_find(tools->service->categories, s->amenities.items[i]);
        if (bit < 0)
            return problem_say(request->problem, PROBLEM_PARAMETER, "amenities",
                               "\"%s\" is unknown; /v1/categories lists what there is",
                               s->amenities.items[i]);
        bits |= (uint64_t)1 << bit;
    }
    categories_write_amenities(tools->service->categories, bits, codes);
    form->row.amenities = arena_strdup(request->arena, codes);
    form->fields |= 1u << PLACES_amenities;
    return form->row.amenities ? ERR_OK : problem_from_err(request->problem, ERR_NOMEM, NULL);
}

static enum err take_names(struct request *request, const struct sent *s, struct place_form *form)
{
    char *all = "";
    if (!s->names.items) return ERR_OK;
    for (size_t i = 0; i < s->names.count; i++) {
        const char *name = s->names.items[i];
        if (strchr(name, ';')) return bad(request, "names", "may not hold a semicolon");
        enum err e = check_line(request, "names", name);
        if (e) return e;
        all = i ? arena_printf(request->arena, "%s;%s", all, name)
                : arena_strdup(request->arena, name);
        if (!all) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    }
    form->row.names = all;
    form->fields |= 1u << PLACES_names;
    return ERR_OK;
}

static enum err take_release(struct request *request, const struct sent *s, struct place_form *form)
{
    for (size_t i = 0; i < s->release.count; i++) {
        int field = 0;
        while (field < PLACES_FIELD_COUNT &&
               strcmp(places_field_name((enum places_field)field), s->release.items[i]) != 0)
            field++;
        if (field == PLACES_FIELD_COUNT)
            return problem_say(request->problem, PROBLEM_PARAMETER, "release",
                               "\"%s\" is no field of a place", s->release.items[i]);
        form->release |= 1u << field;
        if (form->fields >> field & 1)
            return problem_say(request->problem, PROBLEM_PARAMETER, "release",
                               "%s is set by the same request", s->release.items[i]);
    }
    return ERR_OK;
}

enum err place_form_hours(struct request *request, const char *field, const char *value, bool force,
                          struct why *why)
{
    struct hours *hours = NULL;
    why->text[0] = '\0';
    if (!*value) return ERR_OK;
    enum err e = hours_parse(value, strlen(value), &hours, why);
    hours_free(hours);
    if (!e) why->text[0] = '\0';
    if (!e || e == ERR_NOMEM) return problem_from_err(request->problem, e, NULL);
    if (force) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, field,
                       "%s; with \"force\": true it is kept all the same, and counts as unknown",
                       why->text);
}

static enum err check_hours(struct request *request, const struct places_row *old, bool force,
                            struct place_form *form)
{
    const struct {
        enum places_field field;
        const char *now, *before;
    } both[PLACE_FORM_WARNINGS] = {
        {PLACES_hours, form->row.hours, old ? old->hours : ""},
        {PLACES_hours_self, form->row.hours_self, old ? old->hours_self : ""}};
    for (size_t i = 0; i < PLACE_FORM_WARNINGS; i++) {
        struct place_form_warning *warning = &form->warnings[form->warning_count];
        const char *name = places_field_name(both[i].field);
        if (!both[i].now || strcmp(both[i].now, both[i].before) == 0) continue;
        enum err e = place_form_hours(request, name, both[i].now, force, &warning->why);
        if (e) return e;
        warning->field = name;
        form->warning_count += warning->why.text[0] != '\0';
    }
    return ERR_OK;
}

enum err place_form_read(struct request *request, struct tools *tools, const struct places_row *old,
                         struct place_form *form)
{
    struct sent *s = arena_calloc(request->arena, 1, sizeof *s);
    if (!s) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    *form = (struct place_form){0};
    s->location.lon = (double)NAN;
    s->capacity = -1;
    enum err e = api_crs_read(request, tools, &form->crs);
    if (!e) e = read_sent(request, old, s);
    if (!e) e = take_texts(request, s, form);
    if (!e) e = take_location(request, s, form);
    if (!e) e = take_amenities(request, tools, s, form);
    if (!e) e = take_names(request, s, form);
    if (e) return e;
    if (s->capacity >= 0) {
        form->row.capacity = s->capacity;
        form->fields |= 1u << PLACES_capacity;
    }
    form->version = s->version;
    form->reason = s->reason;
    e = take_release(request, s, form);
    return e ? e : check_hours(request, old, s->force, form);
}

/* --- closing --- */

enum err place_form_span(struct request *request, const char *from, const char *to, int64_t now_ms,
                         int64_t *from_ms, int64_t *to_ms)
{
    *from_ms = now_ms;
    *to_ms = INT64_MAX;
    enum err e = api_time_member(request, "from", from, from_ms);
    if (!e) e = api_time_member(request, "to", to, to_ms);
    if (e) return e;
    if (*to_ms <= now_ms) return bad(request, "to", "has passed");
    if (*to_ms <= *from_ms) return bad(request, "to", "must be later than from");
    return ERR_OK;
}

enum err place_form_closing_read(struct request *request, int64_t now_ms,
                                 struct place_form_closing *closing)
{
    const char *from = NULL, *to = NULL;
    *closing = (struct place_form_closing){0};
    const struct body_field fields[] = {
        BODY_VERSION(&closing->version),
        {.name = "from", .type = BODY_TEXT, .max = 40, .text = &from},
        {.name = "to", .type = BODY_TEXT, .max = 40, .text = &to},
        {.name = "reason",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = PLACES_REASON_MAX,
         .text = &closing->reason}};
    enum err e = body_read(request, fields, sizeof fields / sizeof *fields);
    return e ? e : place_form_span(request, from, to, now_ms, &closing->from_ms, &closing->to_ms);
}
