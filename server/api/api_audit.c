#include "server/api/api_audit.h"

#include "data/audit.h"
#include "geo/base/moment.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/auth.h"

#include <string.h>

enum { LIST_MAX = 500 };

static enum err read_time(struct request *request, const char *name, int64_t *ms)
{
    const char *text = request_query(request, name);
    if (!text || moment_read(text, ms)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name,
                       "must be a moment like 2026-11-23T08:15:00+08:00");
}

static enum err read_verb(struct request *request, struct audit_filter *filter)
{
    filter->verb = request_query(request, "verb");
    for (int i = 0; filter->verb && i < AUDIT_VERB_COUNT; i++)
        if (strcmp(audit_verb_name((enum audit_verb)i), filter->verb) == 0) return ERR_OK;
    if (!filter->verb) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "verb", "there is no such verb");
}

/* Whose right is for some areas sees what has to do with these. */
static enum err read_filter(struct request *request, struct tools *tools,
                            struct audit_filter *filter)
{
    struct api_page page;
    *filter = (struct audit_filter){.report = request_query(request, "report")};
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (!e) e = request_int(request, "person", 1, INT64_MAX, &filter->person);
    if (!e) e = read_verb(request, filter);
    if (!e) e = read_time(request, "from", &filter->from_ms);
    if (!e) e = read_time(request, "to", &filter->to_ms);
    if (e) return e;
    filter->limit = page.limit;
    filter->before = page.has_cursor ? page.after[0] : 0;
    return auth_areas(tools, RIGHTS_audit, "", request->arena, &filter->areas_limited,
                      &filter->area_ids, &filter->area_count);
}

static void write_person(struct jsonw *json, const char *key, int64_t id, const char *login)
{
    if (!id) return;
    jsonw_key(json, key);
    jsonw_object(json);
    jsonw_key_int(json, "id", id);
    jsonw_key_string(json, "login", login);
    jsonw_object_end(json);
}

static void write_row(struct jsonw *json, const struct audit_told *row)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", row->id);
    api_time_write(json, "at", row->at_ms);
    jsonw_key_string(json, "verb", row->verb);
    write_person(json, "by", row->person, row->person_name);
    write_person(json, "person", row->subject, row->subject_name);
    if (row->report[0]) {
        jsonw_key_string(json, "report", row->report);
        jsonw_key_string(json, "kind", row->kind);
    }
    if (row->area) jsonw_key_int(json, "area_id", row->area);
    if (row->route[0]) jsonw_key_string(json, "route", row->route);
    if (row->detail[0]) jsonw_key_string(json, "detail", row->detail);
    jsonw_object_end(json);
}

enum err api_audit_list(struct request *request, struct response *response, struct tools *tools)
{
    struct audit_filter filter;
    const struct audit_told *rows = NULL;
    const char *next = NULL;
    struct why why = {""};
    struct db *db;
    size_t count = 0;
    bool more = false;
    enum err e = read_filter(request, tools, &filter);
    if (!e) e = tools_db(tools, &db, &why);
    if (!e) e = audit_list(db, &filter, request->arena, &rows, &count, &more);
    if (e) return problem_from_err(request->problem, e, &why);
    if (more) next = api_page_next(request, response, rows[count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "audit");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_row(json, &rows[i]);
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}
