#include "server/api/api_imports.h"

#include "data/idempotency.h"
#include "data/imports.h"
#include "geo/base/clock.h"
#include "server/api/api_page.h"
#include "server/api/api_time.h"
#include "server/api/import_form.h"
#include "server/api/import_right.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 100, BUSY_RETRY_S = 10, TIME_LIMIT_S = 60 };
static const uint64_t nanoseconds = 1000000000u;

/* One import being answered. */
struct work {
    struct request *request;
    struct tools *tools;
    struct db *db;
    struct import_form form;
    struct import_right right;
    struct import_report report;
    struct idempotency key;
    uint64_t until_ns;
    bool late; /* it was stopped for taking too long */
    int64_t id;
};

/* ---- what an answer says ----------------------------------------------------------------------
 */

/* Everything but the report. */
static void write_head(struct jsonw *json, const struct imports_import *import)
{
    jsonw_key_int(json, "id", import->id);
    jsonw_key_string(json, "kind", import->kind == IMPORT_OGR_AREAS ? "areas" : "places");
    jsonw_key_string(json, "source", import->source);
    jsonw_key_string(json, "file", import->file);
    jsonw_key_bool(json, "dry_run", import->dry_run);
    api_time_write(json, "began", import->began_ms);
    if (import->ended_ms) api_time_write(json, "ended", import->ended_ms);
    if (*import->by) jsonw_key_string(json, "by", import->by);
    if (*import->digest) jsonw_key_string(json, "digest", import->digest);
    if (import->promised_by) {
        jsonw_key_int(json, "promised_by", import->promised_by);
        jsonw_key_bool(json, "as_promised", import->as_promised);
    }
}

static void write_counts(struct jsonw *json, const struct imports_import *import)
{
    jsonw_key(json, "totals");
    jsonw_object(json);
    jsonw_key_int(json, "created", import->created);
    jsonw_key_int(json, "updated", import->updated);
    jsonw_key_int(json, "unchanged", import->unchanged);
    jsonw_key_int(json, "refused", import->refused);
    jsonw_key_int(json, "duplicate", import->duplicates);
    jsonw_key_int(json, "vanished", import->vanished);
    jsonw_object_end(json);
    if (*import->error) jsonw_key_string(json, "error", import->error);
}

/* The report is kept as members in braces. */
static void write_one(struct jsonw *json, const struct imports_import *import)
{
    jsonw_object(json);
    write_head(json, import);
    jsonw_key_bool(json, "report_kept", import->report != NULL);
    if (import->report) {
        buf_putc(json->buf, ',');
        buf_put(json->buf, import->report, import->report_len);
    } else {
        write_counts(json, import);
    }
    jsonw_object_end(json);
}

static enum err answer_one(struct request *request, struct response *response, struct db *db,
                           int64_t id, int status)
{
    struct imports_import import;
    enum err e = imports_get(db, id, request->arena, &import);
    if (e) return problem_from_err(request->problem, e, NULL);
    write_one(response_json(response), &import);
    response->status = status;
    response_header(response, "Cache-Control", "private, no-cache");
    if (status == 201)
        response_header(response, "Location",
                        arena_printf(request->arena, "/v1/imports/%lld", (long long)id));
    return ERR_OK;
}

/* ---- bringing in ------------------------------------------------------------------------------
 */

static struct imports_note note_of(const struct work *w)
{
    return (struct imports_note){.kind = w->form.kind,
                                 .dry_run = w->form.options.dry_run,
                                 .person = w->tools->actor->id,
                                 .source = w->form.options.source,
                                 .file = w->form.input.name,
                                 .digest = w->form.digest,
                                 .report = &w->report};
}

static enum err keep_key(struct work *w)
{
    if (!w->key.key) return ERR_OK;
    const char *subject = arena_printf(w->request->arena, "%lld", (long long)w->id);
    const struct idempotency_answer answer = {
        .status = w->form.options.dry_run ? 200 : 201, .body = "{}", .len = 2, .subject = subject};
    return subject ? idempotency_keep(w->db, &w->key, clock_utc_ms(), &answer) : ERR_NOMEM;
}

static bool may(void *user, struct coord at)
{
    const struct work *w = user;
    return import_right_may(&w->right, at);
}

/* Within the import's own transaction. */
static enum err seal(void *user, struct db *db, int64_t import)
{
    struct work *w = user;
    const struct imports_note note = note_of(w);
    w->id = import;
    enum err e = imports_seal(db, import, &note);
    return e ? e : keep_key(w);
}

static enum err keep_dry(struct db *db, void *user)
{
    struct work *w = user;
    const struct imports_note note = note_of(w);
    enum err e = imports_keep_dry(db, &note, &w->id);
    return e ? e : keep_key(w);
}

static bool go_on(void *user, const char *stage, uint64_t done, uint64_t total)
{
    struct work *w = user;
    (void)stage, (void)done, (void)total;
    w->late = clock_ns() > w->until_ns;
    return !w->late && !atomic_load(&w->tools->service->stopping);
}

/* What cannot be imported at all. A dry run that found out why the whole would be refused is an
 * answer, with its lines. */
static enum err refuse(struct work *w, enum err e, const struct why *why)
{
    struct problem *problem = w->request->problem;
    switch (e) {
    case ERR_CANCELLED:
        if (!w->late)
            return problem_say(problem, PROBLEM_UNAVAILABLE, NULL, "the server is stopping");
        return problem_say(problem, PROBLEM_TOO_LARGE, "file",
                           "it takes longer than %d s: larger ones come in by the command line",
                           TIME_LIMIT_S);
    case ERR_CONFLICT:
        return problem_say(problem, PROBLEM_CONFLICT, "allow_shrink", "%s", why->text);
    case ERR_LIMIT:
        return problem_say(problem, PROBLEM_TOO_LARGE, "file", "%s", why->text);
    case ERR_INVALID:
    case ERR_RANGE:
    case ERR_FORMAT:
    case ERR_TRUNCATED:
    case ERR_CHECKSUM:
    case ERR_NOTFOUND:
    case ERR_DENIED:
    case ERR_UNSUPPORTED:
        return problem_say(problem, PROBLEM_CONTENT, "file", "%s", why->text);
    default:
        return problem_from_err(problem, e, why);
    }
}

static enum err run(struct work *w)
{
    const struct progress progress = {go_on, w};
    struct import_ogr_options options = w->form.options;
    struct why why = {""};
    options.may = may;
    options.seal = seal;
    options.user = w;
    w->until_ns = clock_ns() + TIME_LIMIT_S * nanoseconds;
    enum err e =
        import_ogr_run(w->db, w->form.kind, &w->form.input, &options, &progress, &w->report, &why);
    bool told = options.dry_run && w->report.rows && (!e || e == ERR_INVALID || e == ERR_CONFLICT);
    if (e && !told) return refuse(w, e, &why);
    if (options.dry_run) e = db_write(w->db, keep_dry, w);
    return e ? problem_from_err(w->request->problem, e, NULL) : ERR_OK;
}

/* One import at a time: others would wait for its transaction, in all of the lane's threads. */
static enum err run_alone(struct work *w)
{
    atomic_bool *busy = &w->tools->service->importing;
    bool expected = false;
    if (!atomic_compare_exchange_strong(busy, &expected, true)) {
        w->request->problem->retry_after_s = BUSY_RETRY_S;
        return problem_say(w->request->problem, PROBLEM_UNAVAILABLE, NULL,
                           "another list is being brought in; try again in a moment");
    }
    import_report_init(&w->report, 0);
    enum err e = run(w);
    import_report_fini(&w->report);
    atomic_store(busy, false);
    return e;
}

/* ERR_OK with w->id set when the request had its answer before. */
static enum err look_up(struct work *w, int *status)
{
    struct request *request = w->request;
    struct idempotency_answer kept;
    w->key = (struct idempotency){.key = request->headers.idempotency_key};
    if (!w->key.key) return ERR_OK;
    if (!idempotency_key_ok(w->key.key))
        return problem_say(request->problem, PROBLEM_PARAMETER, "Idempotency-Key",
                           "must be 1 to %d visible ASCII characters", IDEMPOTENCY_KEY_MAX);
    w->key.scope = arena_printf(request->arena, "POST /v1/imports %lld %d",
                                (long long)w->tools->actor->id, w->form.options.dry_run);
    if (!w->key.scope) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    memcpy(w->key.body_hash, w->form.digest, sizeof w->key.body_hash);
    enum err e = idempotency_find(w->db, &w->key, clock_utc_ms(), request->arena, &kept);
    if (e == ERR_NOTFOUND) return ERR_OK;
    if (e == ERR_CONFLICT)
        return problem_say(request->problem, PROBLEM_CONTENT, "Idempotency-Key",
                           "the key came before with other content; make up another one");
    if (e) return problem_from_err(request->problem, e, NULL);
    w->id = strtoll(kept.subject, NULL, 10);
    *status = kept.status;
    return ERR_OK;
}

enum err api_imports_create(struct request *request, struct response *response, struct tools *tools)
{
    struct work *w = arena_calloc(request->arena, 1, sizeof *w);
    struct why why = {""};
    if (!w) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    w->request = request;
    w->tools = tools;
    enum err e = import_form_read(request, tools, &w->form);
    if (!e) e = import_right_read(request, tools, w->form.kind, w->form.options.source, &w->right);
    if (e) return e;
    /* A writer of its own, as `yizhan import` is: what others write need not share its long
     * transaction. */
    e = datadir_database(tools->service->dir, DB_WRITE, &w->db, &why);
    if (e) return problem_from_err(request->problem, e, &why);
    int status = w->form.options.dry_run ? 200 : 201;
    e = look_up(w, &status);
    if (!e && !w->id) e = run_alone(w);
    if (!e) e = answer_one(request, response, w->db, w->id, status);
    db_close(w->db);
    return e;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

enum err api_imports_list(struct request *request, struct response *response, struct tools *tools)
{
    const struct imports_import *list = NULL;
    struct api_page page;
    struct why why = {""};
    struct db *db;
    size_t count = 0;
    const char *next = NULL;
    int64_t whose = import_right_sees_all(tools) ? 0 : tools->actor->id;
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e)
        e = imports_list(db, whose, page.has_cursor ? page.after[0] : 0, (uint32_t)page.limit + 1,
                         request->arena, &list, &count);
    if (e) return problem_from_err(request->problem, e, &why);
    if (count > (size_t)page.limit)
        next = api_page_next(request, response, list[--count - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "imports");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++) {
        jsonw_object(json);
        write_head(json, &list[i]);
        write_counts(json, &list[i]);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

/* The lines as a spreadsheet reads them. */
static enum err answer_csv(struct request *request, struct response *response,
                           const struct imports_import *import)
{
    if (!import->report_csv)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id",
                           "the report of this import is no longer kept");
    response->content_type = "text/csv; charset=utf-8";
    buf_put(&response->body, import->report_csv, import->report_csv_len);
    response_header(response, "Content-Disposition",
                    arena_printf(request->arena, "attachment; filename=\"import-%lld.csv\"",
                                 (long long)import->id));
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}

enum err api_imports_get(struct request *request, struct response *response, struct tools *tools)
{
    static const char *const forms[] = {"json", "csv", NULL};
    struct imports_import import;
    struct why why = {""};
    struct db *db;
    int64_t id = 0;
    int form = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = request_word(request, "f", forms, &form);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e) e = imports_get(db, id, request->arena, &import);
    if (!e && !import_right_sees_all(tools) && import.person != tools->actor->id) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such import");
    if (e) return problem_from_err(request->problem, e, &why);
    if (form == 1) return answer_csv(request, response, &import);
    write_one(response_json(response), &import);
    response_header(response, "Cache-Control", "private, no-cache");
    return ERR_OK;
}
