#include "data/import_roads.h"

#include <stdlib.h>
#include <string.h>

struct feeding {
    struct build *build;
    struct profile_tag *tags; /* of the object at hand */
    size_t size;
};

static enum err take_tags(struct feeding *f, const struct osm_tags *tags)
{
    if (tags->count > f->size) {
        struct profile_tag *items = realloc(f->tags, tags->count * sizeof *items);
        if (!items) return ERR_NOMEM;
        f->tags = items;
        f->size = tags->count;
    }
    for (size_t i = 0; i < tags->count; i++)
        f->tags[i] = (struct profile_tag){tags->items[i].key, tags->items[i].value};
    return ERR_OK;
}

static enum err on_node(void *user, const struct osm_node *node)
{
    struct feeding *f = user;
    enum err e = take_tags(f, &node->tags);
    return e ? e : build_node(f->build, node->id, f->tags, node->tags.count);
}

static enum err on_way(void *user, const struct osm_way *way)
{
    struct feeding *f = user;
    enum err e = take_tags(f, &way->tags);
    return e ? e
             : build_way(f->build, way->id, way->refs, way->at, way->count, f->tags,
                         way->tags.count);
}

static enum err on_relation(void *user, const struct osm_relation *relation)
{
    struct feeding *f = user;
    const char *type = osm_tags_get(&relation->tags, "type");
    if (!type || strcmp(type, "restriction") != 0) return ERR_OK;
    struct build_member *members = malloc((relation->member_count + 1) * sizeof *members);
    if (!members) return ERR_NOMEM;
    for (size_t i = 0; i < relation->member_count; i++)
        members[i] = (struct build_member){relation->members[i].type, relation->members[i].id,
                                           relation->members[i].role};
    enum err e = take_tags(f, &relation->tags);
    if (!e)
        e = build_restriction(f->build, relation->id, members, relation->member_count, f->tags,
                              relation->tags.count);
    free(members);
    return e;
}

enum err import_roads_run(const char *osm_path, const struct profiles *profiles, const char *to,
                          const char *source, const struct progress *progress,
                          struct import_roads_result *result, struct why *why)
{
    struct feeding f = {0};
    struct import_roads_result made = {0};
    size_t count;
    const struct profile *const *list = profiles_list(profiles, &count);
    enum err e = build_new(list, count, &f.build);
    struct osm_sink sink = {.node = on_node, .way = on_way, .relation = on_relation, .user = &f};
    if (!e) e = osm_file_read(osm_path, &sink, progress, &made.osm, why);
    if (!e) e = build_finish(f.build, to, source, progress, &made.roads, why);
    build_free(f.build);
    free(f.tags);
    if (!e) *result = made;
    return e;
}
