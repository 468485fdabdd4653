#include "server/store.h"

enum err store_open(struct store *store, const struct config *config, struct why *why)
{
    *store = (struct store){NULL, NULL, NULL};
    enum err e = datadir_open(config->data_dir, DATADIR_VISIT, &store->dir, why);
    if (!e) e = datadir_database(store->dir, DB_CREATE, &store->db, why);
    return e;
}

enum err store_words(struct store *store, const struct config *config, struct why *why)
{
    char path[PATH_MAX];
    enum err e = config_share(config, "categories", path, sizeof path);
    return e ? e : categories_load(path, &store->categories, why);
}

void store_close(struct store *store)
{
    categories_free(store->categories);
    db_close(store->db);
    datadir_close(store->dir);
}
