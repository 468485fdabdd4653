#include "server/tools.h"

#include <stdlib.h>
#include <string.h>

static void tools_free(void *value)
{
    struct tools *tools = value;
    if (!tools) return;
    snapshot_reader_free(tools->reader);
    nearest_work_fini(&tools->nearest);
    heap_fini(&tools->heap);
    seek_work_fini(&tools->seek);
    route_work_free(tools->route);
    table_free(tools->table);
    nearby_free(tools->nearby);
    reach_free(tools->reach);
    free(tools->stamps.of_edge);
    crs_context_free(tools->crs);
    basemap_reader_fini(&tools->basemap);
    db_close(tools->db);
    free(tools);
}

enum err tools_init(struct service *service)
{
    if (pthread_key_create(&service->tools_key, tools_free)) return ERR_SYSTEM;
    service->has_tools_key = true;
    return ERR_OK;
}

void tools_fini(struct service *service)
{
    if (service->has_tools_key) {
        tools_free(pthread_getspecific(service->tools_key)); /* of the thread that stops */
        pthread_key_delete(service->tools_key);
    }
    service->has_tools_key = false;
}

struct tools *tools_get(struct service *service)
{
    struct tools *tools = pthread_getspecific(service->tools_key);
    if (tools) return tools;
    tools = calloc(1, sizeof *tools);
    if (!tools) return NULL;
    tools->service = service;
    if (snapshot_reader_new(service->snapshots, &tools->reader) ||
        pthread_setspecific(service->tools_key, tools)) {
        tools_free(tools);
        return NULL;
    }
    return tools;
}

enum err tools_db(struct tools *tools, struct db **db, struct why *why)
{
    if (!tools->db) {
        enum err e = datadir_database(tools->service->dir, DB_READ, &tools->db, why);
        if (e) return e;
        writer_serve(tools->service->writer, tools->db);
    }
    *db = tools->db;
    return ERR_OK;
}

enum err tools_crs(struct tools *tools, struct crs_context **context)
{
    if (!tools->crs) {
        enum err e = crs_context_new(&tools->crs);
        if (e) return e;
    }
    *context = tools->crs;
    return ERR_OK;
}

enum err tools_nearby(struct tools *tools, struct nearby **nearby)
{
    if (!tools->nearby) {
        enum err e = nearby_new(&tools->nearby);
        if (e) return e;
    }
    *nearby = tools->nearby;
    return ERR_OK;
}

enum err tools_reach(struct tools *tools, struct reach **reach)
{
    if (!tools->reach) {
        enum err e = reach_new(&tools->reach);
        if (e) return e;
    }
    *reach = tools->reach;
    return ERR_OK;
}

enum err tools_route(struct tools *tools, struct route_work **work)
{
    if (!tools->route) {
        enum err e = route_work_new(&tools->route);
        if (e) return e;
    }
    *work = tools->route;
    return ERR_OK;
}

enum err tools_table(struct tools *tools, struct table **table)
{
    if (!tools->table) {
        enum err e = table_new(&tools->table);
        if (e) return e;
    }
    *table = tools->table;
    return ERR_OK;
}

enum err tools_stamp(struct tools *tools, size_t edge_count, struct tools_stamps **stamps)
{
    struct tools_stamps *s = &tools->stamps;
    if (s->room < edge_count || !s->of_edge) {
        uint32_t *fresh = calloc(edge_count + 1, sizeof *fresh);
        if (!fresh) return ERR_NOMEM;
        free(s->of_edge);
        *s = (struct tools_stamps){.of_edge = fresh, .room = edge_count};
    }
    if (++s->stamp == 0) { /* once round: what is left of old marks must not come true again */
        memset(s->of_edge, 0, s->room * sizeof *s->of_edge);
        s->stamp = 1;
    }
    *stamps = s;
    return ERR_OK;
}
