#include "data/import_osm.h"

#include "data/areas.h"
#include "data/import_shrink.h"
#include "data/osm_names.h"
#include "data/places.h"
#include "geo/base/arena.h"
#include "geo/base/file.h"
#include "geo/base/room.h"
#include "geo/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_LEVEL = 4, LAST_LEVEL = 10, LEVELS = 16, EVERY = 4096 };

const char *import_osm_drop_text(enum import_osm_drop reason)
{
    static const char *const texts[] = {
#define IMPORT_OSM_TEXT(name, text) (text),
        IMPORT_OSM_DROPS(IMPORT_OSM_TEXT)
#undef IMPORT_OSM_TEXT
    };
    return texts[reason];
}

const char *import_osm_drop_name(enum import_osm_drop reason)
{
    static const char *const names[] = {
#define IMPORT_OSM_NAME(name, text) #name,
        IMPORT_OSM_DROPS(IMPORT_OSM_NAME)
#undef IMPORT_OSM_NAME
    };
    return names[reason];
}

struct staged_place {
    struct places_row row;
    int category;
};

/* The file is read to its end before the database is touched: its other writers wait only for the
 * writing, and a file that turns out to be damaged has cost them nothing. */
struct job {
    const struct import_osm_options *options;
    const struct progress *progress;
    const char *path, *source;
    int min_level, max_level;
    struct arena arena; /* all text and outlines below */
    struct staged_place *places;
    size_t place_count, place_size;
    struct areas_row *areas;
    size_t area_count, area_size;
    uint64_t wanted_places, wanted_areas; /* outlines asked for; less those that came: broken */
    struct import_osm_stats stats;
    bool undone;          /* a dry run came to its end */
    char roads[PATH_MAX]; /* the road file under the name it has until the end; "" if none */
    struct why *why;
};

static void drop(struct job *job, enum import_osm_drop reason)
{
    job->stats.dropped[reason]++;
}

/* Every text of `texts`, copied into the arena in place. */
static enum err keep_texts(struct job *job, const char **const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = *texts[i];
        *texts[i] = *text ? arena_strdup(&job->arena, text) : "";
        if (!*texts[i]) return ERR_NOMEM;
    }
    return ERR_OK;
}

static const char *make_id(struct job *job, const char *kind, int64_t id)
{
    return arena_printf(&job->arena, "%s/%" PRId64, kind, id);
}

static bool outside(const struct job *job, struct coord at)
{
    return job->options->box && !box_contains(*job->options->box, at);
}

/* ---- places ---- */

/* The category of what shall be a place, or -1, counted. */
static int category_of(struct job *job, const struct osm_tags *tags)
{
    struct osm_names names;
    int category = categories_of_tags(job->options->categories, tags);
    if (category < 0) {
        drop(job, IMPORT_OSM_no_category);
    } else if (categories_at(job->options->categories, (size_t)category)->named) {
        if (!osm_names_read(tags, &job->arena, &names) && !*names.name) {
            drop(job, IMPORT_OSM_unnamed_place);
            return -1;
        }
    }
    return category;
}

static enum err stage_place(struct job *job, const char *kind, int64_t id, struct coord at,
                            const struct osm_tags *tags, int category)
{
    const struct categories *categories = job->options->categories;
    char amenities[CATEGORIES_AMENITIES_SIZE];
    const char *codes = amenities;
    struct osm_names names;
    if (outside(job, at)) {
        drop(job, IMPORT_OSM_outside_place);
        return ERR_OK;
    }
    categories_write_amenities(categories, categories_amenities_of_tags(categories, tags),
                               amenities);
    enum err e = osm_names_read(tags, &job->arena, &names);
    const char **const texts[] = {&names.name,  &names.name_en, &names.names,      &names.address,
                                  &names.phone, &names.hours,   &names.hours_self, &codes};
    if (!e) e = keep_texts(job, texts, sizeof texts / sizeof *texts);
    if (!e) e = room_grow(&job->places, sizeof *job->places, job->place_count, &job->place_size);
    const char *source_id = make_id(job, kind, id);
    if (e || !source_id) return ERR_NOMEM;
    job->places[job->place_count++] = (struct staged_place){
        .category = category,
        .row = {.source = job->source,
                .source_id = source_id,
                .at = at,
                .category = categories_at(categories, (size_t)category)->code,
                .amenities = codes,
                .name = names.name,
                .name_en = names.name_en,
                .names = names.names,
                .capacity = names.capacity,
                .address = names.address,
                .phone = names.phone,
                .hours = names.hours,
                .hours_self = names.hours_self},
    };
    return ERR_OK;
}

static enum err on_node(void *user, const struct osm_node *node)
{
    struct job *job = user;
    int category = category_of(job, &node->tags);
    if (category < 0) return ERR_OK;
    return stage_place(job, "node", node->id, node->at, &node->tags, category);
}

/* ---- areas ---- */

static bool is_administrative(const struct osm_tags *tags)
{
    const char *boundary = osm_tags_get(tags, "boundary");
    return boundary && strcmp(boundary, "administrative") == 0;
}

/* The level of an administrative area that shall be kept, or 0, counted. */
static int level_of(struct job *job, const struct osm_tags *tags)
{
    const char *text = osm_tags_get(tags, "admin_level"), *name, *name_en;
    int64_t level;
    osm_names_of_area(tags, &name, &name_en);
    if (!text || !text_int(text, strlen(text), 1, LEVELS - 1, &level))
        drop(job, IMPORT_OSM_no_level);
    else if (level < job->min_level || level > job->max_level)
        drop(job, IMPORT_OSM_other_level);
    else if (!*name)
        drop(job, IMPORT_OSM_unnamed_area);
    else
        return (int)level;
    return 0;
}

static bool want_area(void *user, const struct osm_tags *tags)
{
    struct job *job = user;
    if (is_administrative(tags)) {
        bool wanted = job->options->areas && level_of(job, tags);
        job->wanted_areas += wanted;
        return wanted;
    }
    bool wanted = job->options->places && category_of(job, tags) >= 0;
    job->wanted_places += wanted;
    return wanted;
}

/* China's division codes are six digits or more; mappers keep them under several keys. */
static const char *code_of(const struct osm_tags *tags)
{
    static const char *const keys[] = {"gb:code", "ref:gb", "china_county_code",
                                       "cn:code", "ref",    NULL};
    for (const char *const *key = keys; *key; key++) {
        const char *value = osm_tags_get(tags, *key);
        if (value && strspn(value, "0123456789") == strlen(value) && strlen(value) >= 6)
            return value;
    }
    return "";
}

static enum err stage_area(struct job *job, const struct osm_area *area)
{
    const char *name, *name_en, *code = code_of(&area->tags), *level = NULL;
    int64_t number = 0;
    if (outside(job, area->inside)) {
        drop(job, IMPORT_OSM_outside_area);
        return ERR_OK;
    }
    level = osm_tags_get(&area->tags, "admin_level");
    (void)text_int(level, strlen(level), 1, LEVELS - 1, &number); /* want_area has looked at it */
    osm_names_of_area(&area->tags, &name, &name_en);
    const char **const texts[] = {&name, &name_en, &code};
    enum err e = keep_texts(job, texts, 3);
    unsigned char *wkb = arena_alloc(&job->arena, area->wkb_len);
    const char *source_id = make_id(job, area->from_way ? "way" : "relation", area->id);
    if (!e) e = room_grow(&job->areas, sizeof *job->areas, job->area_count, &job->area_size);
    if (e || !wkb || !source_id) return ERR_NOMEM;
    memcpy(wkb, area->wkb, area->wkb_len);
    job->areas[job->area_count++] = (struct areas_row){
        .source = job->source,
        .source_id = source_id,
        .level = (int)number,
        .code = code,
        .name = name,
        .name_en = name_en,
        .wkb = wkb,
        .wkb_len = area->wkb_len,
    };
    return ERR_OK;
}

static enum err on_area(void *user, const struct osm_area *area)
{
    struct job *job = user;
    if (is_administrative(&area->tags)) {
        job->wanted_areas--;
        return stage_area(job, area);
    }
    int category = categories_of_tags(job->options->categories, &area->tags);
    job->wanted_places--;
    return stage_place(job, area->from_way ? "way" : "relation", area->id, area->inside,
                       &area->tags, category);
}

/* ---- the whole ---- */

static enum err read_file(struct job *job)
{
    const struct osm_sink sink = {
        .node = job->options->places ? on_node : NULL,
        .area = job->options->places || job->options->areas ? on_area : NULL,
        .want_area = want_area,
        .user = job,
    };
    enum err e = osm_file_read(job->path, &sink, job->progress, &job->stats.file, job->why);
    job->stats.dropped[IMPORT_OSM_invalid_place] = job->wanted_places;
    job->stats.dropped[IMPORT_OSM_invalid_area] = job->wanted_areas;
    return e;
}

/* What one object is refused for is no reason to refuse the others. */
static bool is_about_the_row(enum err e)
{
    return e == ERR_INVALID || e == ERR_RANGE || e == ERR_FORMAT;
}

static enum err put_places(struct db *db, struct job *job)
{
    struct places_counts counts = {0};
    int64_t import;
    enum err e = places_import_begin(db, job->source, job->path, &import);
    for (size_t i = 0; i < job->place_count && !e; i++) {
        const struct staged_place *place = &job->places[i];
        if (i % EVERY == 0 && !progress_say(job->progress, "places", i, job->place_count))
            return ERR_CANCELLED;
        e = places_put(db, import, job->options->categories, &place->row, &counts, job->why);
        if (!e) job->stats.by_category[place->category]++;
        if (!is_about_the_row(e)) continue;
        drop(job, IMPORT_OSM_bad_place);
        e = ERR_OK;
    }
    if (!e) e = places_prune(db, import, &counts);
    if (!e)
        e = import_shrink_check(job->options->allow_shrink, "places", job->source, counts.vanished,
                                counts.changed + counts.unchanged, job->why);
    if (!e) e = places_import_end(db, import, &counts);
    job->stats.places =
        (struct import_counts){counts.added + counts.changed + counts.unchanged, counts.added,
                               counts.changed, counts.unchanged, counts.vanished};
    return e;
}

static enum err put_areas(struct db *db, struct job *job)
{
    struct areas_counts counts = {0};
    size_t kept = 0;
    int64_t *ids = calloc(job->area_count + 1, sizeof *ids);
    enum err e = ids ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; i < job->area_count && !e; i++) {
        if (i % EVERY == 0 && !progress_say(job->progress, "areas", i, job->area_count))
            e = ERR_CANCELLED;
        if (!e) e = areas_put(db, &job->areas[i], &counts, &ids[kept], job->why);
        if (!e) {
            kept++;
            job->stats.by_level[job->areas[i].level]++;
        }
        if (!is_about_the_row(e)) continue;
        drop(job, IMPORT_OSM_bad_area);
        e = ERR_OK;
    }
    if (!e) e = areas_prune(db, job->source, ids, kept, &counts);
    if (!e)
        e = import_shrink_check(job->options->allow_shrink, "areas", job->source, counts.vanished,
                                counts.changed + counts.unchanged, job->why);
    if (!e) e = areas_link(db);
    if (!e) e = areas_import_end(db, &counts);
    free(ids);
    job->stats.areas =
        (struct import_counts){counts.added + counts.changed + counts.unchanged, counts.added,
                               counts.changed, counts.unchanged, counts.vanished};
    return e;
}

/* Gives the road file its name, as the transaction's last deed. */
static enum err place_roads(struct job *job)
{
    if (!*job->roads) return ERR_OK;
    if (rename(job->roads, job->options->roads_path) != 0)
        return err_say(job->why, err_from_errno(errno), "cannot write %s",
                       job->options->roads_path);
    char *slash = strrchr(job->roads, '/'); /* the name is free now; its folder is synced */
    if (slash) slash[slash == job->roads] = '\0';
    enum err e = file_sync_dir(slash ? job->roads : ".", job->why);
    job->roads[0] = '\0';
    return e;
}

static enum err write_all(struct db *db, void *user)
{
    struct job *job = user;
    enum err e = ERR_OK;
    if (job->options->places) e = put_places(db, job);
    if (!e && job->options->areas) e = put_areas(db, job);
    if (e) return e;
    if (!job->options->dry_run) return place_roads(job);
    job->undone = true;
    return ERR_CANCELLED; /* so that nothing of it stays */
}

/* Writes the road file beside its place. */
static enum err stage_roads(struct job *job)
{
    const char *path = job->options->roads_path;
    if (!path || job->options->dry_run) return ERR_OK;
    char staged[PATH_MAX];
    int n = snprintf(staged, sizeof staged, "%s.new", path);
    if (n < 0 || (size_t)n >= sizeof staged)
        return err_say(job->why, ERR_LIMIT, "the path %s is too long", path);
    enum err e = osm_file_extract_roads(job->path, staged, job->progress, job->why);
    if (!e) memcpy(job->roads, staged, sizeof staged);
    return e;
}

static enum err run(struct db *db, struct job *job)
{
    enum err e = read_file(job);
    if (!e) e = stage_roads(job);
    if (e) return e;
    e = db_write(db, write_all, job);
    if (e && job->undone) return ERR_OK;
    if (e && e != ERR_CANCELLED && !*job->why->text)
        return err_say(job->why, e, "%s", db_error(db));
    return e;
}

enum err import_osm(struct db *db, const char *path, const struct import_osm_options *options,
                    const struct progress *progress, struct import_osm_stats *stats,
                    struct why *why)
{
    bool all_levels = !options->min_level && !options->max_level;
    struct why said = {""};
    struct job job = {
        .options = options,
        .progress = progress,
        .path = path,
        .source = options->source ? options->source : "osm",
        .min_level = all_levels ? FIRST_LEVEL : options->min_level,
        .max_level = all_levels ? LAST_LEVEL : options->max_level,
        .why = &said,
    };
    arena_init(&job.arena, 0);
    enum err e = run(db, &job);
    if (*job.roads) unlink(job.roads);
    arena_fini(&job.arena);
    free(job.places);
    free(job.areas);
    if (!e)
        *stats = job.stats;
    else if (why)
        *why = said;
    return e;
}
