#include "data/kinds_flow.h"

#include <string.h>

static enum err read_state(const struct kinds_reader *r, const struct conf_node *entry,
                           struct kinds_state *state)
{
    int64_t step = 0;
    state->open = true;
    enum err e = kinds_piece_code(r, entry, "code", &state->code);
    if (!e) e = kinds_piece_label(r, entry, &state->label);
    if (!e) e = conf_bool(conf_get(entry, "open"), &state->open, r->why);
    if (!e) e = conf_bool(conf_get(entry, "paused"), &state->paused, r->why);
    if (!e) e = conf_bool(conf_get(entry, "edit"), &state->edit, r->why);
    if (!e) e = conf_bool(conf_get(entry, "adopted"), &state->adopted, r->why);
    if (!e) e = conf_int(conf_get(entry, "step"), 1, 7, &step, r->why);
    state->step = (int)step;
    if (!e && state->paused && !state->open)
        return conf_fail(entry, r->why, "the state \"%s\" is paused, but not open", state->code);
    if (!e && state->edit && !state->open)
        return conf_fail(entry, r->why, "the state \"%s\" lets edit, but is not open", state->code);
    if (!e && kinds_state(r->kind, state->code))
        return conf_fail(entry, r->why, "the state \"%s\" is given twice", state->code);
    return e;
}

static enum err read_states(const struct kinds_reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"code", "zh",   "en",      "open", "paused",
                                       "step", "edit", "adopted", NULL};
    const struct conf_node *list;
    void *memory;
    enum err e = kinds_piece_list(r, root, "states", keys, &list);
    if (!e) e = kinds_piece_room(r, conf_count(list), sizeof(struct kinds_state), &memory);
    if (e) return e;
    struct kinds_state *states = memory;
    r->kind->states = states;
    for (size_t i = 0; i < conf_count(list) && !e; i++) {
        struct kinds_state state = {0};
        if ((e = read_state(r, conf_at(list, i), &state))) break;
        states[i] = state;
        r->kind->state_count = i + 1;
    }
    return e;
}

static enum err read_end(const struct kinds_reader *r, const struct conf_node *entry,
                         const char *key, size_t *state)
{
    const char *code = NULL;
    enum err e = kinds_piece_code(r, entry, key, &code);
    if (e) return e;
    const struct kinds_state *found = kinds_state(r->kind, code);
    if (!found) return conf_fail(conf_get(entry, key), r->why, "there is no state \"%s\"", code);
    *state = (size_t)(found - r->kind->states);
    return ERR_OK;
}

/* "staff" are all of a sub-district's; the rest are the roles of people.h. */
static const struct kinds_word actors[] = {{"staff", KINDS_STAFF},
                                           {"reporter", KINDS_REPORTER},
                                           {"joiner", KINDS_JOINER},
                                           {"system", KINDS_SYSTEM},
#define FLOW_ROLE(name) {#name, KINDS_ROLE(name)},
                                           PEOPLE_ROLES(FLOW_ROLE)
#undef FLOW_ROLE
                                               {NULL, 0}};

enum { REASON = 1, LINK = 2, DEADLINE = 4, PROOF = 8, RATING = 16, OWNER = 32 };
static const struct kinds_word needs[] = {
    {"reason", REASON}, {"link", LINK},     {"deadline", DEADLINE},
    {"proof", PROOF},   {"rating", RATING}, {"owner", OWNER},
    {NULL, 0}};

static enum err read_move(const struct kinds_reader *r, const struct conf_node *entry,
                          struct kinds_move *move)
{
    unsigned needed = 0;
    enum err e = read_end(r, entry, "from", &move->from);
    if (!e) e = read_end(r, entry, "to", &move->to);
    if (!e) e = kinds_piece_words(r, conf_get(entry, "by"), actors, &move->by);
    if (!e) e = kinds_piece_words(r, conf_get(entry, "needs"), needs, &needed);
    if (!e) e = kinds_piece_label(r, entry, &move->label);
    if (e) return e;
    move->reason = needed & REASON;
    move->link = needed & LINK;
    move->deadline = needed & DEADLINE;
    move->proof = needed & PROOF;
    move->rating = needed & RATING;
    move->owner = needed & OWNER;
    if (!move->by) return conf_fail(entry, r->why, "by: who may make this move is missing");
    if (move->owner && move->by & ~(unsigned)KINDS_OFFICE)
        return conf_fail(entry, r->why, "a move that owes an owner is for offices alone");
    const struct kinds_state *states = r->kind->states;
    if (kinds_move(r->kind, states[move->from].code, states[move->to].code))
        return conf_fail(entry, r->why, "the move from %s to %s is given twice",
                         states[move->from].code, states[move->to].code);
    return ERR_OK;
}

static enum err read_moves(const struct kinds_reader *r, const struct conf_node *root)
{
    static const char *const keys[] = {"from", "to", "by", "needs", "zh", "en", NULL};
    const struct conf_node *list;
    void *memory;
    enum err e = kinds_piece_list(r, root, "moves", keys, &list);
    if (!e) e = kinds_piece_room(r, conf_count(list), sizeof(struct kinds_move), &memory);
    if (e) return e;
    struct kinds_move *moves = memory;
    r->kind->moves = moves;
    for (size_t i = 0; i < conf_count(list) && !e; i++) {
        struct kinds_move move = {0};
        if ((e = read_move(r, conf_at(list, i), &move))) break;
        moves[i] = move;
        r->kind->staff |= move.by & KINDS_PEOPLE & ~KINDS_ROLE(rider);
        r->kind->move_count = i + 1;
    }
    return e;
}

/* A state that nothing leads to can only be a mistake in writing. */
static enum err check_reach(const struct kinds_reader *r, const struct conf_node *root)
{
    const struct kinds_kind *kind = r->kind;
    for (size_t s = 0; s < kind->state_count; s++) {
        bool reached = s == kind->first_state;
        for (size_t m = 0; m < kind->move_count && !reached; m++)
            reached = kind->moves[m].to == s;
        if (!reached)
            return conf_fail(conf_at(conf_get(root, "states"), s), r->why,
                             "no move leads to the state \"%s\"", kind->states[s].code);
    }
    return ERR_OK;
}

enum err kinds_flow_read(const struct kinds_reader *r, const struct conf_node *root)
{
    enum err e = read_states(r, root);
    if (!e) e = read_moves(r, root);
    return e ? e : check_reach(r, root);
}
