#include "server/api/look.h"

#include "data/audit.h"
#include "geo/base/clock.h"

static bool is_look(const struct tools *tools, const struct cases_case *c)
{
    const struct kinds_kind *kind = kinds_find(tools->service->kinds, c->kind);
    return (!kind || kind->is_private) && c->reporter != tools->actor->id;
}

enum err look_note(struct request *request, struct tools *tools, struct db *db,
                   const struct cases_case *cases, size_t count)
{
    size_t n = 0;
    int64_t now_ms = clock_utc_ms();
    struct audit_row *rows = arena_calloc(request->arena, count + 1, sizeof *rows);
    if (!rows) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    for (size_t i = 0; i < count; i++)
        if (is_look(tools, &cases[i]))
            rows[n++] = (struct audit_row){.verb = AUDIT_looked,
                                           .person = tools->actor->id,
                                           .case_id = cases[i].id,
                                           .area = cases[i].area_id,
                                           .route = tools->rule->pattern,
                                           .at_ms = now_ms};
    return problem_from_err(request->problem, audit_add_all(db, rows, n), NULL);
}
