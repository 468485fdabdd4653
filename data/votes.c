#include "data/votes.h"

#include <stdio.h>
#include <string.h>

#define VOTES_TEXT(name) #name,
const char *const votes_purposes[] = {VOTES_PURPOSES(VOTES_TEXT) NULL};
const char *const votes_electorates[] = {VOTES_ELECTORATES(VOTES_TEXT) NULL};
const char *const votes_states[] = {VOTES_STATES(VOTES_TEXT) NULL};
const char *const votes_outcomes[] = {VOTES_OUTCOMES(VOTES_TEXT) NULL};
const char *const votes_types[] = {VOTES_TYPES(VOTES_TEXT) NULL};
#undef VOTES_TEXT

/* The database has no other words than these. */
static int index_of(const char *const *words, const char *word)
{
    int i = 0;
    while (words[i] && strcmp(words[i], word) != 0)
        i++;
    return words[i] ? i : 0;
}

#define COLUMNS                                                                                    \
    "SELECT v.id, v.version, v.purpose, v.title, v.title_en, v.text, v.electorate, v.area_id, "    \
    "v.branch_id, v.secret, v.public, v.quorum, v.majority, v.majority_of, v.from_ms, v.to_ms, "   \
    "v.state, v.opened_ms, v.ended_ms, v.reason, v.electors, v.ballots, v.outcome, "               \
    "v.reminded_ms, v.created_ms, v.updated_ms, EXISTS (SELECT 1 FROM vote_plans p WHERE "         \
    "p.vote_id = v.id) FROM votes v "

static enum err read_row(struct db_query *q, struct arena *arena, struct votes_vote *vote)
{
    struct votes_vote v = {.id = db_int(q, 0),
                           .version = db_int(q, 1),
                           .purpose = (enum votes_purpose)index_of(votes_purposes, db_text(q, 2)),
                           .title = arena_strdup(arena, db_text(q, 3)),
                           .title_en = arena_strdup(arena, db_text(q, 4)),
                           .text = arena_strdup(arena, db_text(q, 5)),
                           .electorate =
                               (enum votes_electorate)index_of(votes_electorates, db_text(q, 6)),
                           .area_id = db_int(q, 7),
                           .branch_id = db_int(q, 8),
                           .secret = db_int(q, 9) != 0,
                           .is_public = db_int(q, 10) != 0,
                           .quorum = db_int(q, 11),
                           .majority = db_int(q, 12),
                           .of_electors = strcmp(db_text(q, 13), "electors") == 0,
                           .from_ms = db_int(q, 14),
                           .to_ms = db_int(q, 15),
                           .state = (enum votes_state)index_of(votes_states, db_text(q, 16)),
                           .opened_ms = db_int(q, 17),
                           .ended_ms = db_int(q, 18),
                           .reason = arena_strdup(arena, db_text(q, 19)),
                           .electors = db_int(q, 20),
                           .ballots = db_int(q, 21),
                           .outcome = (enum votes_outcome)index_of(votes_outcomes, db_text(q, 22)),
                           .reminded_ms = db_int(q, 23),
                           .created_ms = db_int(q, 24),
                           .updated_ms = db_int(q, 25),
                           .has_plan = db_int(q, 26) != 0};
    if (!v.title || !v.title_en || !v.text || !v.reason) return ERR_NOMEM;
    *vote = v;
    return ERR_OK;
}

static enum err read_question(struct db_query *q, struct arena *arena, struct votes_vote *vote)
{
    struct votes_question *asked = &vote->questions[vote->question_count];
    *asked = (struct votes_question){
        .type = (enum votes_type)index_of(votes_types, db_text(q, 0)),
        .title = arena_strdup(arena, db_text(q, 1)),
        .title_en = arena_strdup(arena, db_text(q, 2)),
        .optional = db_int(q, 3) != 0,
        .min = db_int(q, 4),
        .max = db_int(q, 5),
        .options = arena_calloc(arena, VOTES_OPTIONS_MAX + 1, sizeof *asked->options)};
    if (!asked->title || !asked->title_en || !asked->options) return ERR_NOMEM;
    vote->question_count++;
    return ERR_OK;
}

static enum err read_option(struct db_query *q, struct arena *arena, struct votes_vote *vote)
{
    struct votes_question *asked = &vote->questions[db_int(q, 0) - 1];
    struct votes_option option = {arena_strdup(arena, db_text(q, 1)),
                                  arena_strdup(arena, db_text(q, 2)), db_int(q, 3) != 0};
    if (!option.name || !option.name_en) return ERR_NOMEM;
    asked->options[asked->option_count++] = option;
    return ERR_OK;
}

/* Reads what belongs to a vote, row by row. */
static enum err
read_each(struct db *db, const char *sql, struct arena *arena, struct votes_vote *vote,
          enum err (*read)(struct db_query *q, struct arena *arena, struct votes_vote *vote))
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote->id);
    while (!e && !(e = db_step(q, &row)) && row)
        e = read(q, arena, vote);
    db_done(q);
    return e;
}

static enum err read_questions(struct db *db, struct arena *arena, struct votes_vote *vote)
{
    vote->questions = arena_calloc(arena, VOTES_QUESTIONS_MAX + 1, sizeof *vote->questions);
    if (!vote->questions) return ERR_NOMEM;
    enum err e = read_each(db,
                           "SELECT type, title, title_en, optional, min, max FROM vote_questions "
                           "WHERE vote_id = :vote ORDER BY number",
                           arena, vote, read_question);
    return e ? e
             : read_each(db,
                         "SELECT question, name, name_en, adopts FROM vote_options WHERE vote_id = "
                         ":vote ORDER BY question, number",
                         arena, vote, read_option);
}

enum err votes_find(struct db *db, int64_t id, struct arena *arena, struct votes_vote *found)
{
    struct db_query *q;
    struct votes_vote vote;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE v.id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, &vote) : ERR_NOTFOUND;
    db_done(q);
    if (!e) e = read_questions(db, arena, &vote);
    if (!e) *found = vote;
    return e;
}

/* "[1,2]" */
static const char *write_ids(struct arena *arena, const int64_t *ids, size_t count)
{
    enum { EACH = 21 };
    size_t size = count * EACH + 3, used = 1;
    char *text = arena_alloc(arena, size);
    if (!text) return NULL;
    text[0] = '[';
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%lld", i ? "," : "", (long long)ids[i]);
    (void)snprintf(text + used, size - used, "]");
    return text;
}

#define BELOW(areas)                                                                               \
    "(WITH RECURSIVE below (id) AS (SELECT value FROM json_each(" areas ") UNION SELECT a.id "     \
    "FROM areas a JOIN below b ON a.parent_id = b.id) SELECT id FROM below)"
#define IS_ELECTOR                                                                                 \
    "EXISTS (SELECT 1 FROM vote_electors x WHERE x.vote_id = v.id AND x.person_id = :person)"

static enum err prepare_list(struct db *db, const struct votes_filter *filter, struct arena *arena,
                             struct db_query **query)
{
    const char *areas = write_ids(arena, filter->areas, filter->area_count);
    const char *area = write_ids(arena, &filter->area_id, 1);
    if (!areas || !area) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        COLUMNS
        "WHERE v.id < :before AND (:state IS NULL OR v.state = :state) AND (:all_areas OR "
        "v.area_id IN " BELOW(":area") ") AND (CASE WHEN :mine THEN " IS_ELECTOR
                                       " ELSE (v.state <> 'draft' AND (v.public = 1 OR " IS_ELECTOR
                                       ")) OR :everywhere OR "
                                       "v.area_id IN " BELOW(
                                           ":areas") " END) ORDER BY v.id DESC LIMIT :limit",
        query);
    if (e) return e;
    db_bind_int(*query, ":before", filter->before ? filter->before : INT64_MAX);
    db_bind_text(*query, ":state", filter->state);
    db_bind_int(*query, ":all_areas", filter->area_id == 0);
    db_bind_text(*query, ":area", area);
    db_bind_int(*query, ":mine", filter->mine);
    db_bind_int(*query, ":person", filter->person);
    db_bind_int(*query, ":everywhere", filter->everywhere);
    db_bind_text(*query, ":areas", areas);
    db_bind_int(*query, ":limit", (int64_t)filter->limit + 1);
    return ERR_OK;
}

enum err votes_list(struct db *db, const struct votes_filter *filter, struct arena *arena,
                    struct votes_vote **list, size_t *count, bool *more)
{
    struct votes_vote *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    if (filter->area_count > VOTES_AREAS_MAX) return ERR_LIMIT;
    enum err e = prepare_list(db, filter, arena, &q);
    if (e) return e;
    while (n <= filter->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &made[n++]))) break;
    db_done(q);
    size_t shown = n > filter->limit ? filter->limit : n;
    for (size_t i = 0; i < shown && !e; i++)
        e = read_questions(db, arena, &made[i]);
    if (e) return e;
    *more = n > filter->limit;
    *count = shown;
    *list = made;
    return ERR_OK;
}

size_t votes_values(const struct votes_question *question)
{
    return question->type == VOTES_scale ? (size_t)question->max : question->option_count;
}

enum err votes_counts(struct db *db, const struct votes_vote *vote, struct arena *arena,
                      int64_t *(*counts)[VOTES_QUESTIONS_MAX])
{
    struct db_query *q;
    bool row = false;
    for (size_t i = 0; i < vote->question_count; i++) {
        size_t values = votes_values(&vote->questions[i]);
        (*counts)[i] = arena_calloc(arena, values + 1, sizeof(int64_t));
        if (!(*counts)[i]) return ERR_NOMEM;
    }
    enum err e =
        db_prepare(db, "SELECT question, option, count FROM vote_counts WHERE vote_id = :vote", &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote->id);
    while (!(e = db_step(q, &row)) && row)
        (*counts)[db_int(q, 0) - 1][db_int(q, 1)] = db_int(q, 2);
    db_done(q);
    return e;
}
