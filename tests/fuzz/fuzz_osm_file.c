#include "data/osm_file.h"
#include "data/osm_names.h"

#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static enum err on_node(void *user, const struct osm_node *node)
{
    struct osm_names names;
    if (!coord_valid(node->at)) __builtin_trap();
    return osm_names_read(&node->tags, user, &names);
}

static enum err on_way(void *user, const struct osm_way *way)
{
    (void)user;
    if (way->count < 2) __builtin_trap();
    for (size_t i = 0; i < way->count; i++)
        if (!coord_valid(way->at[i])) __builtin_trap();
    return ERR_OK;
}

static enum err on_area(void *user, const struct osm_area *area)
{
    (void)user;
    if (!area->wkb_len || !coord_valid(area->inside)) __builtin_trap();
    return ERR_OK;
}

static enum err on_relation(void *user, const struct osm_relation *relation)
{
    (void)user;
    for (size_t i = 0; i < relation->member_count; i++)
        if (!relation->members[i].role) __builtin_trap();
    return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char path[] = "/tmp/yizhan-fuzz-XXXXXX";
    struct arena arena;
    struct osm_stats stats;
    struct why why = {""};
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, bytes, len) != (ssize_t)len) abort();
    close(fd);
    arena_init(&arena, 64 << 20);
    const struct osm_sink sink = {
        .node = on_node, .way = on_way, .area = on_area, .relation = on_relation, .user = &arena};
    if (osm_file_read(path, &sink, NULL, &stats, &why) && !*why.text) __builtin_trap();
    arena_fini(&arena);
    unlink(path);
    return 0;
}
