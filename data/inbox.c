#include "data/inbox.h"

#include "data/changes.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>

enum { CUT_SIZE = INBOX_TITLE_MAX * 4 + 1, PURGED_AT_ONCE = 1000 };
static const int64_t day_ms = 24 * 3600 * (int64_t)1000;

/* ---- putting --------------------------------------------------------------------------------- */

/* The first INBOX_TITLE_MAX characters. */
static void cut(const char *text, char to[CUT_SIZE])
{
    size_t len = text ? strlen(text) : 0, at = 0;
    for (int n = 0; n < INBOX_TITLE_MAX && at < len; n++) {
        size_t step = text_utf8_len(text + at, len - at);
        if (!step) break;
        at += step;
    }
    if (at) memcpy(to, text, at);
    to[at] = '\0';
}

static enum err is_told(struct db *db, const struct inbox_message *message, bool *told)
{
    const enum inbox_group group = inbox_verbs_group(message->verb);
    struct db_query *q;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM people p WHERE p.id = :person AND p.disabled_ms IS NULL "
                            "AND p.forgotten_ms IS NULL AND (:always OR NOT EXISTS (SELECT 1 FROM "
                            "inbox_preferences f WHERE f.person_id = p.id AND f.grp = :group AND "
                            "f.channel = 'inbox' AND NOT f.wanted))",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", message->person);
    db_bind_int(q, ":always", !inbox_verbs_group_may_be_off(group));
    db_bind_text(q, ":group", inbox_verbs_group_name(group));
    e = db_step(q, told);
    db_done(q);
    return e;
}

static enum err insert(struct db *db, const struct inbox_message *message, int64_t now_ms)
{
    char title[CUT_SIZE], note[CUT_SIZE];
    struct db_query *q;
    cut(message->title, title);
    cut(message->note, note);
    enum err e = db_prepare(db,
                            "INSERT INTO inbox_messages (person_id, verb, about, title, note, "
                            "at_ms, created_ms) VALUES (:person, :verb, :about, :title, :note, "
                            "NULLIF(:at, 0), :now)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", message->person);
    db_bind_text(q, ":verb", inbox_verbs_code(message->verb));
    db_bind_text(q, ":about", message->about ? message->about : "");
    db_bind_text(q, ":title", title);
    db_bind_text(q, ":note", note);
    db_bind_int(q, ":at", message->at_ms);
    db_bind_int(q, ":now", now_ms);
    return db_run(q, NULL);
}

/* On its way by WeChat, where they are bound there and want that. */
static enum err queue(struct db *db, const struct inbox_message *message, int64_t id,
                      int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "INSERT INTO inbox_deliveries (message_id, channel, state, next_ms, created_ms, "
        "changed_ms) SELECT :id, 'wechat', 'waiting', :now, :now, :now FROM inbox_preferences f "
        "JOIN wechat_people w ON w.person_id = f.person_id WHERE f.person_id = :person AND f.grp = "
        ":group AND f.channel = 'wechat' AND f.wanted",
        &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":person", message->person);
    db_bind_text(q, ":group", inbox_verbs_group_name(inbox_verbs_group(message->verb)));
    return db_run(q, NULL);
}

/* The oldest of too many. */
static enum err make_room(struct db *db, int64_t person)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "DELETE FROM inbox_messages WHERE person_id = :person AND id <= "
                            "(SELECT id FROM inbox_messages WHERE person_id = :person ORDER BY id "
                            "DESC LIMIT 1 OFFSET :kept)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":kept", INBOX_KEPT);
    return db_run(q, NULL);
}

enum err inbox_put(struct db *db, const struct inbox_message *message, int64_t now_ms)
{
    bool told = false;
    if (!message->person) return ERR_OK;
    enum err e = is_told(db, message, &told);
    if (e || !told) return e;
    e = insert(db, message, now_ms);
    if (!e) e = queue(db, message, db_last_id(db), now_ms);
    if (!e) e = make_room(db, message->person);
    /* To whom is not said: beside the row of what was done to a report it would say who sent that,
     * also when that is to be forgotten. */
    return e ? e : changes_add(db, CHANGES_inbox, 0, "told");
}

enum err inbox_waits(struct db *db, const struct inbox_message *message, bool *yes)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM inbox_messages WHERE person_id = :person AND verb = "
                            ":verb AND about = :about AND read_ms IS NULL LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", message->person);
    db_bind_text(q, ":verb", inbox_verbs_code(message->verb));
    db_bind_text(q, ":about", message->about);
    e = db_step(q, yes);
    db_done(q);
    return e;
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum err prepare_list(struct db *db, const struct inbox_filter *filter, struct db_query **q)
{
    static const char order[] = " ORDER BY read_ms IS NOT NULL, id DESC LIMIT :limit";
    struct buf sql;
    buf_init(&sql, 8192);
    buf_puts(&sql, "SELECT id, verb, about, title, note, at_ms, created_ms, read_ms FROM "
                   "inbox_messages WHERE person_id = :person AND ((read_ms IS NOT NULL) > :read OR "
                   "((read_ms IS NOT NULL) = :read AND id < :before)) AND verb IN ");
    inbox_verbs_list(filter->group, &sql);
    if (filter->only_unread) buf_puts(&sql, " AND read_ms IS NULL");
    buf_put(&sql, order, sizeof order);
    enum err e = sql.err ? sql.err : db_prepare(db, sql.bytes, q);
    buf_fini(&sql);
    return e;
}

static bool read_row(struct db_query *q, struct arena *arena, struct inbox_item *item)
{
    *item = (struct inbox_item){.id = db_int(q, 0),
                                .about = arena_strdup(arena, db_text(q, 2)),
                                .title = arena_strdup(arena, db_text(q, 3)),
                                .note = arena_strdup(arena, db_text(q, 4)),
                                .at_ms = db_int(q, 5),
                                .created_ms = db_int(q, 6),
                                .read_ms = db_int(q, 7)};
    (void)inbox_verbs_find(db_text(q, 1), &item->verb);
    return item->about && item->title && item->note;
}

enum err inbox_list(struct db *db, const struct inbox_filter *filter, struct arena *arena,
                    const struct inbox_item **list, size_t *count, bool *more)
{
    struct inbox_item *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = prepare_list(db, filter, &q);
    if (e) return e;
    db_bind_int(q, ":person", filter->person);
    db_bind_int(q, ":before", filter->before ? filter->before : INT64_MAX);
    db_bind_int(q, ":read", filter->before_read);
    db_bind_int(q, ":limit", (int64_t)filter->limit + 1);
    for (; n <= filter->limit && !(e = db_step(q, &row)) && row; n++)
        if (!read_row(q, arena, &made[n])) {
            e = ERR_NOMEM;
            break;
        }
    db_done(q);
    if (e) return e;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    *list = made;
    return ERR_OK;
}

enum err inbox_unread(struct db *db, int64_t person, int64_t counts[INBOX_GROUP_COUNT])
{
    struct db_query *q;
    bool row = false;
    int64_t found[INBOX_GROUP_COUNT] = {0};
    enum inbox_verb verb;
    enum err e = db_prepare(db,
                            "SELECT verb, count(*) FROM inbox_messages WHERE person_id = :person "
                            "AND read_ms IS NULL GROUP BY verb",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    while (!(e = db_step(q, &row)) && row)
        if (inbox_verbs_find(db_text(q, 0), &verb)) found[inbox_verbs_group(verb)] += db_int(q, 1);
    db_done(q);
    if (!e) memcpy(counts, found, sizeof found);
    return e;
}

struct marking {
    int64_t person, id, upto, now_ms, marked;
};

static enum err mark(struct db *db, void *user)
{
    struct marking *m = user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE inbox_messages SET read_ms = :now WHERE person_id = :person "
                            "AND id BETWEEN :first AND :last AND read_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", m->now_ms);
    db_bind_int(q, ":person", m->person);
    db_bind_int(q, ":first", m->id);
    db_bind_int(q, ":last", m->upto);
    e = db_run(q, &m->marked);
    return e || !m->marked ? e : changes_add(db, CHANGES_inbox, m->person, "read");
}

static enum err find_mine(struct db *db, const struct marking *m, bool *row)
{
    struct db_query *q;
    enum err e =
        db_prepare(db, "SELECT 1 FROM inbox_messages WHERE id = :id AND person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":id", m->id);
    db_bind_int(q, ":person", m->person);
    e = db_step(q, row);
    db_done(q);
    return e;
}

enum err inbox_read(struct db *db, int64_t person, int64_t id, int64_t now_ms)
{
    struct marking m = {.person = person, .id = id, .upto = id, .now_ms = now_ms};
    bool row = false;
    enum err e = find_mine(db, &m, &row);
    if (!e && !row) return ERR_NOTFOUND;
    return e ? e : db_write(db, mark, &m);
}

enum err inbox_read_all(struct db *db, int64_t person, int64_t upto, int64_t now_ms,
                        int64_t *marked)
{
    struct marking m = {.person = person, .upto = upto, .now_ms = now_ms};
    enum err e = db_write(db, mark, &m);
    if (!e && marked) *marked = m.marked;
    return e;
}

/* ---- keeping --------------------------------------------------------------------------------- */

struct purging {
    int64_t before_ms, count;
};

static enum err take_old(struct db *db, void *user)
{
    struct purging *p = user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "DELETE FROM inbox_messages WHERE id IN (SELECT id FROM "
                            "inbox_messages WHERE created_ms < :before LIMIT :max)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":before", p->before_ms);
    db_bind_int(q, ":max", PURGED_AT_ONCE);
    return db_run(q, &p->count);
}

enum err inbox_purge(struct db *db, int64_t now_ms, int64_t *count)
{
    struct purging p = {.before_ms = now_ms - INBOX_DAYS * day_ms};
    enum err e = db_write(db, take_old, &p);
    if (!e) *count = p.count;
    return e;
}

enum err inbox_forget(struct db *db, int64_t person)
{
    static const char *const statements[] = {
        "DELETE FROM inbox_messages WHERE person_id = :person",
        "DELETE FROM inbox_preferences WHERE person_id = :person",
    };
    enum err e = ERR_OK;
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !e; i++) {
        struct db_query *q;
        e = db_prepare(db, statements[i], &q);
        if (e) return e;
        db_bind_int(q, ":person", person);
        e = db_run(q, NULL);
    }
    return e;
}
