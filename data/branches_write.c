#include "data/branches_write.h"

#include "data/audit.h"
#include "data/changes.h"
#include "data/inbox.h"
#include "data/memberships.h"
#include "data/record.h"
#include "geo/base/buf.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- checking -------------------------------------------------------------------------------- */

/* Columns that the list of members has besides the answers. */
static const char *const taken[] = {"membership", "state", "asked_at", "member_since", "login"};

struct checking {
    struct arena *arena;
    const char **culprit;
    struct why *why;
};

static enum err blame(const struct checking *c, const char *culprit, const char *sentence)
{
    *c->culprit = culprit ? culprit : "";
    return err_say(c->why, ERR_INVALID, "%s", sentence);
}

static enum err check_text(const struct checking *c, const char *name, const char *text, size_t min,
                           size_t max)
{
    size_t n = text_utf8_count(text, strlen(text));
    bool right = n >= min && n <= max, seen = !n || text_visible(text, strlen(text));
    if (right && seen) return ERR_OK;
    *c->culprit = name ? name : "";
    if (right) return err_say(c->why, ERR_INVALID, "must have something to see, not blanks alone");
    return err_say(c->why, ERR_INVALID, "must have %zu to %zu characters", min, max);
}

static const char *path_of(const struct checking *c, size_t i, const char *name)
{
    return arena_printf(c->arena, "fields/%zu/%s", i, name);
}

static enum err check_choices(const struct checking *c, size_t i, const struct branches_field *f)
{
    const char *path = path_of(c, i, "choices");
    if ((f->type == BRANCHES_choice) != (f->choice_count > 0))
        return blame(c, path, "a choice has choices, and nothing else has");
    if (f->choice_count > BRANCHES_CHOICES_MAX)
        return blame(c, path, "there are too many to choose from");
    for (size_t k = 0; k < f->choice_count; k++) {
        enum err e = check_text(c, path, f->choices[k], 1, BRANCHES_CHOICE_MAX);
        if (!e && strchr(f->choices[k], '\n')) e = blame(c, path, "a choice is one line");
        if (e) return e;
    }
    return ERR_OK;
}

static enum err check_code(const struct checking *c, size_t i, const struct branches_form *form)
{
    const char *code = form->fields[i].code, *path = path_of(c, i, "code");
    size_t len = strlen(code);
    if (!len || len > BRANCHES_CODE_MAX ||
        strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_") != len)
        return blame(c, path, "must be 1 to 30 of a-z, 0-9 and _");
    for (size_t k = 0; k < sizeof taken / sizeof *taken; k++)
        if (strcmp(code, taken[k]) == 0)
            return blame(c, path, "is a word of the list of members: take another");
    for (size_t k = 0; k < i; k++)
        if (strcmp(code, form->fields[k].code) == 0)
            return blame(c, path, "stands twice in the form");
    return ERR_OK;
}

static enum err check_field(const struct checking *c, size_t i, const struct branches_form *form)
{
    const struct branches_field *f = &form->fields[i];
    enum err e = check_code(c, i, form);
    if (!e) e = check_text(c, path_of(c, i, "label"), f->label, 1, BRANCHES_LABEL_MAX);
    if (!e) e = check_text(c, path_of(c, i, "label_en"), f->label_en, 0, BRANCHES_LABEL_MAX);
    for (size_t k = 0; k < i && !e; k++)
        if (f->type == BRANCHES_name && form->fields[k].type == BRANCHES_name)
            e = blame(c, path_of(c, i, "type"), "a form asks for one name");
    return e ? e : check_choices(c, i, f);
}

enum err branches_write_check(const struct branches_branch *branch,
                              const struct branches_form *form, struct arena *arena,
                              const char **culprit, struct why *why)
{
    const struct checking c = {arena, culprit, why};
    enum err e = check_text(&c, "name", branch->name, 1, BRANCHES_NAME_MAX);
    if (!e) e = check_text(&c, "name_en", branch->name_en, 0, BRANCHES_NAME_MAX);
    if (!e) e = check_text(&c, "consent", form->consent, 1, BRANCHES_CONSENT_MAX);
    if (!e && form->field_count > BRANCHES_FIELDS_MAX)
        e = blame(&c, "fields", "there are too many");
    for (size_t i = 0; i < form->field_count && !e; i++)
        e = check_field(&c, i, form);
    return e;
}

/* ---- forms ----------------------------------------------------------------------------------- */

struct work {
    struct branches_branch *branch;
    const struct branches_form *form;
    int64_t by, now_ms;
    const struct answers_reply *reply;
    struct idempotency_answer *answer;
    struct arena *arena;
    struct why *why;
};

static enum err put_field(struct db *db, int64_t branch, const struct branches_form *form, size_t i)
{
    const struct branches_field *f = &form->fields[i];
    struct db_query *q;
    struct buf lines;
    buf_init(&lines, (size_t)BRANCHES_CHOICES_MAX * (BRANCHES_CHOICE_MAX * 4 + 2));
    for (size_t k = 0; k < f->choice_count; k++)
        buf_printf(&lines, "%s%s", k ? "\n" : "", f->choices[k]);
    buf_putc(&lines, '\0');
    enum err e = lines.err;
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO branch_fields (branch_id, form, place, code, label, label_en, "
                       "type, required, choices) VALUES (:branch, :form, :place, :code, :label, "
                       ":label_en, :type, :required, :choices)",
                       &q);
    if (!e) {
        db_bind_int(q, ":branch", branch);
        db_bind_int(q, ":form", form->version);
        db_bind_int(q, ":place", (int64_t)i);
        db_bind_text(q, ":code", f->code);
        db_bind_text(q, ":label", f->label);
        db_bind_text(q, ":label_en", f->label_en);
        db_bind_text(q, ":type", branches_type_name(f->type));
        db_bind_int(q, ":required", f->required);
        db_bind_text(q, ":choices", lines.bytes);
        e = db_run(q, NULL);
    }
    buf_fini(&lines);
    return e;
}

static enum err put_form(struct db *db, const struct work *w, int64_t branch, int64_t version)
{
    struct branches_form form = *w->form;
    struct db_query *q;
    form.version = version;
    enum err e = db_prepare(db,
                            "INSERT INTO branch_forms (branch_id, version, consent, made_ms) "
                            "VALUES (:branch, :version, :consent, :now)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":branch", branch);
    db_bind_int(q, ":version", version);
    db_bind_text(q, ":consent", form.consent);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    for (size_t i = 0; i < form.field_count && !e; i++)
        e = put_field(db, branch, &form, i);
    return e;
}

static bool is_same_field(const struct branches_field *a, const struct branches_field *b)
{
    bool same = strcmp(a->code, b->code) == 0 && strcmp(a->label, b->label) == 0 &&
                strcmp(a->label_en, b->label_en) == 0 && a->type == b->type &&
                a->required == b->required && a->choice_count == b->choice_count;
    for (size_t i = 0; i < a->choice_count && same; i++)
        same = strcmp(a->choices[i], b->choices[i]) == 0;
    return same;
}

static bool is_same_form(const struct branches_form *a, const struct branches_form *b)
{
    bool same = strcmp(a->consent, b->consent) == 0 && a->field_count == b->field_count;
    for (size_t i = 0; i < a->field_count && same; i++)
        same = is_same_field(&a->fields[i], &b->fields[i]);
    return same;
}

/* ---- branches -------------------------------------------------------------------------------- */

/* A place of a branch, that is on the map. */
static enum err check_place(struct db *db, const struct work *w)
{
    struct db_query *q;
    bool row = false;
    if (!w->branch->place_id) return ERR_OK;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM places WHERE id = :id AND category = 'union_branch' AND "
                            "vanished_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":id", w->branch->place_id);
    e = db_step(q, &row);
    db_done(q);
    if (e || row) return e;
    return err_say(w->why, ERR_INVALID, "place_id: there is no such place of a union branch");
}

static enum err put(struct db *db, const struct work *w, const char *sql)
{
    const struct branches_branch *b = w->branch;
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", b->id);
    db_bind_text(q, ":name", b->name);
    db_bind_text(q, ":name_en", b->name_en);
    db_bind_int(q, ":area", b->area_id);
    db_bind_int(q, ":place", b->place_id);
    db_bind_int(q, ":alongside", b->alongside);
    db_bind_int(q, ":form", b->form);
    db_bind_text(q, ":code", b->code);
    db_bind_int(q, ":by", w->by);
    db_bind_int(q, ":now", w->now_ms);
    return db_run(q, NULL);
}

static enum err create(struct db *db, void *user)
{
    struct work *w = user;
    char number[24];
    bool done = false;
    enum err e = answers_find(db, w->reply, w->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    if ((e = check_place(db, w))) return e;
    w->branch->form = 1;
    secrets_public_id(w->branch->code);
    e = put(db, w,
            "INSERT INTO branches (id, version, name, name_en, area_id, place_id, alongside, form, "
            "code, created_by, created_ms, updated_ms) VALUES (NULLIF(:id, 0), 1, :name, :name_en, "
            "NULLIF(:area, 0), NULLIF(:place, 0), :alongside, :form, :code, :by, :now, :now)");
    int64_t id = db_last_id(db);
    if (!e) e = put_form(db, w, id, 1);
    if (!e) e = branches_find(db, id, w->arena, w->branch);
    if (!e) e = changes_add(db, CHANGES_members, id, "branch_made");
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    return e ? e : answers_keep(db, w->reply, number, w->now_ms, w->arena, w->answer);
}

/* The branch as it is, if its writer saw it so. */
static enum err find_present(struct db *db, const struct work *w, struct branches_branch *now)
{
    enum err e = branches_find(db, w->branch->id, w->arena, now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such branch");
    if (!e) e = record_seen("the branch", now->version, w->branch->version, w->why);
    if (!e && now->ended_ms) return err_say(w->why, ERR_CONFLICT, "the branch was ended");
    return e;
}

#define CHANGE                                                                                     \
    "UPDATE branches SET version = version + 1, name = :name, name_en = :name_en, area_id = "      \
    "NULLIF(:area, 0), place_id = NULLIF(:place, 0), alongside = :alongside, form = :form, code "  \
    "= :code, updated_ms = :now WHERE id = :id AND :by = 0"

static enum err change(struct db *db, void *user)
{
    struct work *w = user;
    struct branches_branch now;
    struct branches_form form;
    enum err e = find_present(db, w, &now);
    if (!e) e = check_place(db, w);
    if (!e) e = branches_form(db, now.id, now.form, w->arena, &form);
    if (e) return e;
    bool same = is_same_form(&form, w->form);
    w->branch->alongside = now.alongside;
    w->branch->form = now.form + !same;
    memcpy(w->branch->code, now.code, sizeof now.code);
    if (!same) e = put_form(db, w, now.id, w->branch->form);
    if (!e) e = put(db, w, CHANGE);
    if (!e) e = branches_find(db, now.id, w->arena, w->branch);
    return e ? e : changes_add(db, CHANGES_members, now.id, "branch_changed");
}

static enum err renew(struct db *db, void *user)
{
    struct work *w = user;
    struct branches_branch now;
    enum err e = find_present(db, w, &now);
    if (e) return e;
    *w->branch = now;
    secrets_public_id(w->branch->code);
    e = put(db, w, CHANGE);
    if (!e) e = branches_find(db, now.id, w->arena, w->branch);
    return e ? e : changes_add(db, CHANGES_members, now.id, "branch_changed");
}

static bool goes_on(void *user, const struct memberships_membership *m)
{
    (void)user;
    return !m->ended_ms;
}

static enum err end_all(struct db *db, const struct work *w, const char *sql)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", w->branch->id);
    db_bind_int(q, ":now", w->now_ms);
    db_bind_int(q, ":by", w->by);
    return db_run(q, NULL);
}

/* Who belongs to it or asked to, told before they do not any more. */
static enum err tell_all(struct db *db, const struct work *w, const struct branches_branch *branch)
{
    const struct memberships_membership *list = NULL;
    size_t count = 0;
    bool more = true;
    struct memberships_filter filter = {.branch = branch->id, .wanted = goes_on, .limit = 1000};
    enum err e = ERR_OK;
    while (!e && more && !(e = memberships_list(db, &filter, w->arena, &list, &count, &more))) {
        for (size_t i = 0; i < count && !e; i++) {
            const struct inbox_message message = {.person = list[i].person,
                                                  .verb = INBOX_member_ended,
                                                  .about = "/v1/me/memberships",
                                                  .title = branch->name};
            e = inbox_put(db, &message, w->now_ms);
        }
        if (count) filter.before = list[count - 1].id;
    }
    return e;
}

static enum err end(struct db *db, void *user)
{
    struct work *w = user;
    struct branches_branch now;
    enum err e = find_present(db, w, &now);
    if (!e) e = tell_all(db, w, &now);
    if (e) return e;
    e = end_all(db, w,
                "UPDATE branches SET version = version + 1, ended_ms = :now, updated_ms = :now "
                "WHERE id = :id AND :by > 0");
    if (!e)
        e = end_all(db, w,
                    "UPDATE memberships SET version = version + 1, state = CASE state WHEN "
                    "'waiting' THEN 'refused' ELSE 'removed' END, card = NULL, answers = NULL, "
                    "ended_ms = :now, judged_by = :by WHERE branch_id = :id AND ended_ms IS NULL");
    const struct audit_row row = {.verb = AUDIT_branch_ended,
                                  .person = w->by,
                                  .area = now.area_id,
                                  .detail = now.name,
                                  .at_ms = w->now_ms};
    if (!e) e = audit_add(db, &row);
    return e ? e : changes_add(db, CHANGES_members, now.id, "branch_ended");
}

enum err branches_write_create(struct db *db, int64_t by, const struct branches_form *form,
                               const struct answers_reply *reply, int64_t now_ms,
                               struct arena *arena, struct branches_branch *branch,
                               struct idempotency_answer *answer, struct why *why)
{
    struct work w = {.branch = branch,
                     .form = form,
                     .by = by,
                     .now_ms = now_ms,
                     .reply = reply,
                     .answer = answer,
                     .arena = arena};
    return db_write_said(db, create, &w, &w.why, why);
}

enum err branches_write_change(struct db *db, const struct branches_form *form, int64_t now_ms,
                               struct arena *arena, struct branches_branch *branch, struct why *why)
{
    struct work w = {.branch = branch, .form = form, .now_ms = now_ms, .arena = arena};
    return db_write_said(db, change, &w, &w.why, why);
}

enum err branches_write_renew(struct db *db, int64_t id, int64_t version, int64_t now_ms,
                              struct arena *arena, struct branches_branch *branch, struct why *why)
{
    *branch = (struct branches_branch){.id = id, .version = version};
    struct work w = {.branch = branch, .now_ms = now_ms, .arena = arena};
    return db_write_said(db, renew, &w, &w.why, why);
}

enum err branches_write_end(struct db *db, int64_t by, int64_t id, int64_t version, int64_t now_ms,
                            struct why *why)
{
    struct branches_branch branch = {.id = id, .version = version};
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.branch = &branch, .by = by, .now_ms = now_ms, .arena = &arena};
    enum err e = db_write_said(db, end, &w, &w.why, why);
    arena_fini(&arena);
    return e;
}
