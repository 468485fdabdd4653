/* Somebody's own points, and the rules by which everybody gets them.
 *
 * GET /v1/points/rules, GET /v1/points/ranking, GET /v1/me/points, GET and PUT /v1/me/ranking */
#ifndef YZ_SERVER_API_API_POINTS_MINE_H
#define YZ_SERVER_API_API_POINTS_MINE_H

#include "server/response.h"
#include "server/tools.h"

enum err api_points_mine_rules(struct request *request, struct response *response,
                               struct tools *tools);
enum err api_points_mine_ranking(struct request *request, struct response *response,
                                 struct tools *tools);
enum err api_points_mine_list(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_points_mine_name(struct request *request, struct response *response,
                              struct tools *tools);
enum err api_points_mine_set_name(struct request *request, struct response *response,
                                  struct tools *tools);

/* A query's `kind` of points; left alone where there is none, NULL then meaning any. */
enum err api_points_mine_kind(struct request *request, const struct tools *tools,
                              const char **kind);

/* `"points"` of an export: balances, the newest rows with the address of the others, and the name
 * in rankings. */
enum err api_points_mine_export(struct request *request, struct jsonw *json,
                                const struct tools *tools, struct db *db);

#endif
