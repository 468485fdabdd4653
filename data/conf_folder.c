#include "data/conf_folder.h"

#include "geo/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int is_yaml(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 5, ".yaml") == 0;
}

/* By bytes: the same order under every locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

enum err conf_folder_each(const char *folder, const char *what,
                          enum err (*use)(void *user, const char *path, struct why *why),
                          void *user, size_t *count, struct why *why)
{
    struct dirent **entries = NULL;
    enum err e = ERR_OK;
    int found = scandir(folder, &entries, is_yaml, by_name);
    if (found < 0)
        return err_say(why, err_from_errno(errno), "cannot read the folder %s, where %s are",
                       folder, what);
    for (int i = 0; i < found; i++) {
        char path[PATH_MAX];
        if (!e && (e = file_join(path, sizeof path, folder, entries[i]->d_name)))
            e = err_say(why, e, "a path in %s is too long", folder);
        if (!e) e = use(user, path, why);
        free(entries[i]);
    }
    free(entries);
    if (count) *count = (size_t)found;
    return e;
}
