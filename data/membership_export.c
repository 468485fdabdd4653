#include "data/membership_export.h"

#include "data/export_cell.h"
#include "data/membership_answers.h"
#include "data/ogr_out.h"
#include "geo/base/clock.h"

#include <string.h>

enum { VERSIONS_KEPT = 64 /* of which it is known that they were looked at */ };
enum { FIXED = 5, CODES_MAX = 10 * BRANCHES_FIELDS_MAX, COLUMNS_MAX = FIXED + CODES_MAX };

static const char *const fixed[FIXED] = {"membership", "state", "asked_at", "member_since",
                                         "login"};

struct job {
    const char *codes[CODES_MAX]; /* of fields: of the present form, then those of earlier ones */
    size_t code_count;
    bool seen[VERSIONS_KEPT];
    const unsigned char *key;
    enum ogr_format format;
    struct arena *arena;
    struct ogr_out *out;
    struct why *why;
};

static const char *time_text(struct arena *arena, int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    if (!ms) return "";
    clock_text(ms, text);
    return arena_strdup(arena, text);
}

static enum err write_row(const struct job *job, const struct memberships_membership *m)
{
    const char *cells[COLUMNS_MAX];
    struct membership_answers answers;
    size_t n = 0;
    enum err e = membership_answers_readable(m, job->key, job->arena, &answers);
    if (e) return e;
    cells[n++] = m->public_id;
    cells[n++] = memberships_state_name(m->state);
    cells[n++] = time_text(job->arena, m->made_ms);
    cells[n++] = time_text(job->arena, m->judged_ms);
    cells[n++] = m->login;
    for (size_t i = 0; i < job->code_count; i++) {
        const char *value = membership_answers_get(&answers, job->codes[i]);
        cells[n++] = export_cell_safe(job->arena, job->format, value ? value : "");
    }
    for (size_t i = 0; i < n; i++)
        if (!cells[i]) return ERR_NOMEM;
    return ogr_out_row(job->out, cells, NULL, 0, job->why);
}

static enum err begin(struct job *job)
{
    struct ogr_column columns[COLUMNS_MAX];
    size_t n = 0;
    for (; n < FIXED; n++)
        columns[n] = (struct ogr_column){fixed[n], OGR_COLUMN_TEXT};
    for (size_t i = 0; i < job->code_count; i++)
        columns[n++] = (struct ogr_column){job->codes[i], OGR_COLUMN_TEXT};
    return ogr_out_new(job->format, "members", columns, n, 0, false, &job->out, job->why);
}

static bool has_code(const struct job *job, const char *code)
{
    for (size_t i = 0; i < job->code_count; i++)
        if (strcmp(job->codes[i], code) == 0) return true;
    return false;
}

/* What a form asks for that no form before it did. */
static enum err add_form(struct db *db, int64_t branch, int64_t version, struct job *job)
{
    struct branches_form form;
    enum err e = ERR_OK;
    if (version < VERSIONS_KEPT && job->seen[version]) return ERR_OK;
    if (version < VERSIONS_KEPT) job->seen[version] = true;
    e = branches_form(db, branch, version, job->arena, &form);
    for (size_t i = 0; !e && i < form.field_count; i++) {
        if (has_code(job, form.fields[i].code)) continue;
        if (job->code_count == CODES_MAX)
            return err_say(job->why, ERR_LIMIT, "forms asked for more than %d things", CODES_MAX);
        job->codes[job->code_count++] = form.fields[i].code;
    }
    return e;
}

static bool goes_on(void *user, const struct memberships_membership *m)
{
    (void)user;
    return !m->ended_ms;
}

enum err membership_export_write(struct db *db, const struct branches_branch *branch,
                                 const unsigned char *key, enum ogr_format format,
                                 struct arena *arena, struct buf *out, struct why *why)
{
    const struct memberships_filter filter = {
        .branch = branch->id, .wanted = goes_on, .limit = MEMBERSHIP_EXPORT_MAX};
    const struct memberships_membership *list = NULL;
    size_t count = 0;
    bool more = false;
    struct job job = {.key = key, .format = format, .arena = arena, .why = why};
    enum err e = memberships_list(db, &filter, arena, &list, &count, &more);
    if (!e && more) e = err_say(why, ERR_LIMIT, "there are more than %d", MEMBERSHIP_EXPORT_MAX);
    if (!e) e = add_form(db, branch->id, branch->form, &job);
    for (size_t i = 0; i < count && !e; i++)
        if (list[i].form != branch->form) e = add_form(db, branch->id, list[i].form, &job);
    if (!e) e = begin(&job);
    for (size_t i = 0; i < count && !e; i++)
        e = write_row(&job, &list[i]);
    if (!e) e = ogr_out_end(job.out, out, why);
    ogr_out_free(job.out);
    if (e && !why->text[0]) (void)err_say(why, e, "%s", err_text(e));
    return e;
}
