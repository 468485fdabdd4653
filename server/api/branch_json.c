#include "server/api/branch_json.h"

#include "server/api/api_time.h"

static void write_members(struct jsonw *json, const struct branches_branch *b)
{
    jsonw_key_int(json, "id", b->id);
    jsonw_key_string(json, "name", b->name);
    if (b->name_en[0]) jsonw_key_string(json, "name_en", b->name_en);
    if (b->area_id) jsonw_key_int(json, "area_id", b->area_id);
    if (b->place_id) jsonw_key_int(json, "place_id", b->place_id);
    jsonw_key_bool(json, "alongside", b->alongside);
    if (b->ended_ms) api_time_write(json, "ended_at", b->ended_ms);
    jsonw_key_int(json, "version", b->version);
}

void branch_json_write(struct jsonw *json, const struct branches_branch *branch)
{
    jsonw_object(json);
    write_members(json, branch);
    jsonw_object_end(json);
}

static void write_field(struct jsonw *json, const struct branches_field *f)
{
    jsonw_object(json);
    jsonw_key_string(json, "code", f->code);
    jsonw_key_string(json, "label", f->label);
    if (f->label_en[0]) jsonw_key_string(json, "label_en", f->label_en);
    jsonw_key_string(json, "type", branches_type_name(f->type));
    jsonw_key_bool(json, "required", f->required);
    if (f->choice_count) {
        jsonw_key(json, "choices");
        jsonw_array(json);
        for (size_t i = 0; i < f->choice_count; i++)
            jsonw_string(json, f->choices[i]);
        jsonw_array_end(json);
    }
    jsonw_object_end(json);
}

void branch_json_form(struct jsonw *json, const struct branches_form *form)
{
    jsonw_key(json, "form");
    jsonw_object(json);
    jsonw_key_int(json, "version", form->version);
    jsonw_key_string(json, "consent", form->consent);
    jsonw_key(json, "fields");
    jsonw_array(json);
    for (size_t i = 0; i < form->field_count; i++)
        write_field(json, &form->fields[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
}

const char *branch_json_link(struct arena *arena, const char *base,
                             const struct branches_branch *branch)
{
    return base ? arena_printf(arena, "%s/join/%s", base, branch->code) : NULL;
}

void branch_json_write_kept(struct jsonw *json, const struct branch_json_kept *kept)
{
    jsonw_object(json);
    write_members(json, kept->branch);
    jsonw_key_string(json, "code", kept->branch->code);
    jsonw_key_string(json, "join_url", kept->base);
    jsonw_key_int(json, "members", kept->members);
    jsonw_key_int(json, "waiting", kept->waiting);
    api_time_write(json, "created_at", kept->branch->created_ms);
    api_time_write(json, "updated_at", kept->branch->updated_ms);
    branch_json_form(json, kept->form);
    jsonw_object_end(json);
}

/* ---- memberships ----------------------------------------------------------------------------- */

static void write_answers(struct jsonw *json, const struct membership_answers *answers)
{
    jsonw_key(json, "answers");
    jsonw_object(json);
    for (size_t i = 0; i < answers->count; i++)
        jsonw_key_string(json, answers->items[i].code, answers->items[i].value);
    jsonw_object_end(json);
}

/* Enough to know who it is. */
static void write_masked(struct jsonw *json, const struct branch_json_membership *how)
{
    for (size_t i = 0; i < how->form->field_count; i++) {
        const struct branches_field *f = &how->form->fields[i];
        const char *phone =
            f->type == BRANCHES_phone ? membership_answers_get(how->answers, f->code) : NULL;
        if (!phone) continue;
        jsonw_key_string(json, "phone", membership_answers_mask_phone(how->arena, phone));
        return;
    }
}

static void write_whose(struct jsonw *json, const struct branch_json_membership *how,
                        const struct memberships_membership *m)
{
    if (!m->person) return;
    jsonw_key_int(json, "person", m->person);
    jsonw_key_string(json, "login", m->login);
    if (how->answers && how->form)
        jsonw_key_string(json, "name", membership_answers_name(m, how->form, how->answers));
}

void branch_json_membership(struct jsonw *json, const struct branch_json_membership *how,
                            const struct memberships_membership *m)
{
    jsonw_object(json);
    jsonw_key_string(json, "id", m->public_id);
    jsonw_key(json, "branch");
    branch_json_write(json, how->branch);
    jsonw_key_string(json, "state", memberships_state_name(m->state));
    jsonw_key_int(json, "form", m->form);
    api_time_write(json, "consented_at", m->consented_ms);
    jsonw_key_bool(json, "move", m->moves);
    api_time_write(json, "asked_at", m->made_ms);
    if (m->judged_ms) api_time_write(json, "judged_at", m->judged_ms);
    if (m->ended_ms) api_time_write(json, "ended_at", m->ended_ms);
    if (m->reason[0]) jsonw_key_string(json, "reason", m->reason);
    if (how->for_staff) write_whose(json, how, m);
    if (how->answers && how->masked && how->form) write_masked(json, how);
    if (how->answers && !how->masked && !m->ended_ms) write_answers(json, how->answers);
    jsonw_key_int(json, "version", m->version);
    jsonw_object_end(json);
}
