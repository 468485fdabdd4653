/* What the commands open beside a running server: the data directory, its database, the words. */
#ifndef YZ_SERVER_STORE_H
#define YZ_SERVER_STORE_H

#include "data/categories.h"
#include "data/datadir.h"
#include "server/config.h"

struct store {
    struct datadir *dir;
    struct db *db;
    struct categories *categories; /* only after store_words */
};

/* Opens folder and database, making and migrating what is not there. Close with store_close also
 * after a failure. */
enum err store_open(struct store *store, const struct config *config, struct why *why);

/* Reads the operator's categories. */
enum err store_words(struct store *store, const struct config *config, struct why *why);

void store_close(struct store *store);

#endif
