#include "server/api/tile_set.h"

#include "geo/base/text.h"
#include "server/api/code_list.h"

#include <string.h>

static unsigned layers_of(bool live)
{
    unsigned bits = 0;
    for (size_t i = 0; i < tile_layer_count; i++)
        if (tile_layers[i].live == live) bits |= 1u << i;
    return bits;
}

unsigned tile_set_live(void)
{
    return layers_of(true);
}

unsigned tile_set_still(void)
{
    return layers_of(false);
}

static size_t find_layer(const char *name, size_t len)
{
    size_t i = 0;
    while (i < tile_layer_count &&
           (strlen(tile_layers[i].id) != len || memcmp(tile_layers[i].id, name, len) != 0))
        i++;
    return i;
}

static enum err read_layers(struct request *request, struct tile_set *set)
{
    const char *rest = set->name = request_arg(request, "layers"), *item;
    size_t len;
    if (strcmp(rest, "all") == 0) {
        set->layers = tile_set_still();
        return ERR_OK;
    }
    while (request_next(&rest, ',', &item, &len)) {
        size_t i = find_layer(item, len);
        if (i == tile_layer_count)
            return problem_say(request->problem, PROBLEM_NOT_FOUND, "layers",
                               "there is no layer \"%.*s\"; give all or names joined with commas",
                               (int)(len < 40 ? len : 40), item);
        set->layers |= 1u << i;
    }
    return ERR_OK;
}

enum err tile_set_read(struct request *request, const struct tools *tools, struct tile_set *set)
{
    *set = (struct tile_set){0};
    enum err e = read_layers(request, set);
    if (e) return e;
    return code_list_read(request, "category", categories_find, tools->service->categories,
                          &set->categories);
}

enum err tile_set_tile(struct request *request, struct tile_id *id)
{
    static const char *const names[] = {"z", "x", "y"};
    int64_t v[3] = {0, 0, 0};
    for (int i = 0; i < 3; i++) {
        const char *text = request_arg(request, names[i]);
        if (!text_int(text, strlen(text), 0, UINT32_MAX, &v[i]))
            return problem_say(request->problem, PROBLEM_PARAMETER, names[i],
                               "must be a whole number");
    }
    *id = (struct tile_id){(uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2]};
    if (tile_valid(*id)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_NOT_FOUND, NULL,
                       "there is no such tile; the zoom goes from 0 to %d", TILE_MAX_ZOOM);
}
