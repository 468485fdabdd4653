#include "geo/road/profile.h"

#include <string.h>

const char *profile_tag_get(const struct profile_tag *tags, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(tags[i].key, key) == 0) return tags[i].value;
    return NULL;
}

void profile_fini(struct profile *profile)
{
    arena_fini(&profile->memory);
    *profile = (struct profile){0};
}

/* Values may be lists ("asphalt;concrete"): the first word stands for all. */
static bool word_is(const char *value, const char *word)
{
    size_t len = strlen(word);
    return strncmp(value, word, len) == 0 && (value[len] == '\0' || value[len] == ';');
}

double profile_table_get(const struct profile_table *table, const char *value, double fallback)
{
    for (size_t i = 0; value && i < table->count; i++)
        if (word_is(value, table->items[i].value)) return table->items[i].number;
    for (size_t i = 0; value && i < table->count; i++)
        if (strcmp(table->items[i].value, "*") == 0) return table->items[i].number;
    return fallback;
}

/* The worst of what a node's tags say, in seconds; PROFILE_BLOCKED before all. */
static double node_seconds(const struct profile *profile, const struct profile_tag *tags,
                           size_t count)
{
    double worst = 0;
    for (size_t i = 0; i < profile->node_count; i++) {
        const char *value = profile_tag_get(tags, count, profile->nodes[i].key);
        double seconds = profile_table_get(&profile->nodes[i].table, value, 0);
        if (seconds < 0) return PROFILE_BLOCKED;
        if (seconds > worst) worst = seconds;
    }
    return worst;
}

/* What the most specific access key says; -1 when none says anything that is understood. */
static int node_access(const struct profile *profile, const struct profile_tag *tags, size_t count)
{
    const struct profile_keys *groups[] = {&profile->own_keys, &profile->general_keys};
    for (size_t g = 0; g < 2; g++) {
        for (size_t i = 0; i < groups[g]->count; i++) {
            const char *value = profile_tag_get(tags, count, groups[g]->items[i]);
            double access = profile_table_get(&profile->access, value, -1);
            if (access >= 0) return (int)access;
        }
    }
    return -1;
}

bool profile_node_read(const struct profile *profile, const struct profile_tag *tags, size_t count,
                       struct profile_node *node)
{
    struct profile_node read = {node_seconds(profile, tags, count), 0};
    /* Access on a node speaks of the barrier; on a mere crossing it speaks of who crosses. */
    if (profile_tag_get(tags, count, "barrier")) {
        int access = node_access(profile, tags, count);
        if (access == PROFILE_NO) return false;
        if (access < 0 && read.delay_s < 0) return false;
        if (access == PROFILE_DESTINATION) read.reluctance_s = profile->destination_s;
        if (access == PROFILE_PRIVATE) read.reluctance_s = profile->private_s;
    }
    if (read.delay_s < 0) read.delay_s = 0;
    *node = read;
    return true;
}

static bool excepted(const struct profile *profile, const char *except)
{
    while (except && *except) {
        size_t len = strcspn(except, ";, ");
        for (size_t i = 0; i < profile->except_words.count; i++) {
            const char *word = profile->except_words.items[i];
            if (strlen(word) == len && strncmp(word, except, len) == 0) return true;
        }
        except += len + strspn(except + len, ";, ");
    }
    return false;
}

const char *profile_restriction_read(const struct profile *profile, const struct profile_tag *tags,
                                     size_t count)
{
    if (excepted(profile, profile_tag_get(tags, count, "except"))) return NULL;
    for (size_t i = 0; i < profile->restriction_keys.count; i++) {
        const char *value = profile_tag_get(tags, count, profile->restriction_keys.items[i]);
        if (value) return value;
    }
    return NULL;
}
