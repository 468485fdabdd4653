/* Points as JSON. */
#ifndef YZ_SERVER_API_POINTS_JSON_H
#define YZ_SERVER_API_POINTS_JSON_H

#include "data/points_flags.h"
#include "server/tools.h"

/* A row of the ledger; `for_staff` with whose it is and who did it by hand. */
void points_json_entry(struct jsonw *json, const struct points_entry *entry, bool for_staff);

/* `"balances"`: of each kind of points that there is. */
enum err points_json_balances(struct jsonw *json, const struct points_rules *rules, struct db *db,
                              int64_t person);

/* `"entries"`, a page of them. */
void points_json_entries(struct jsonw *json, const struct points_entry *entries, size_t count,
                         bool for_staff);

/* `"flags"`; reports that the caller may not see are not named. */
void points_json_flags(struct jsonw *json, const struct tools *tools,
                       const struct points_flags *flags);

#endif
