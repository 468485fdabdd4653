#include "data/inbox_send.h"

#include "data/inbox_send_sql.h"
#include "data/inbox_wants.h"

#include <stdio.h>
#include <string.h>

enum { SQL_MAX = 8192 };

/* ---- what is due ----------------------------------------------------------------------------- */

enum { ID, TRIES, PERSON, VERB, ABOUT, TITLE, NOTE, AT, CREATED, READ, DISABLED, ENGLISH, SEALED };

static enum err read_due(struct db_query *q, const unsigned char *key, struct arena *arena,
                         struct inbox_send *send)
{
    size_t len = 0;
    *send = (struct inbox_send){.id = db_int(q, ID),
                                .tries = (int)db_int(q, TRIES),
                                .person = db_int(q, PERSON),
                                .english = db_int(q, ENGLISH) != 0,
                                .item = {.about = arena_strdup(arena, db_text(q, ABOUT)),
                                         .title = arena_strdup(arena, db_text(q, TITLE)),
                                         .note = arena_strdup(arena, db_text(q, NOTE)),
                                         .at_ms = db_int(q, AT),
                                         .created_ms = db_int(q, CREATED)}};
    (void)inbox_verbs_find(db_text(q, VERB), &send->item.verb);
    const unsigned char *sealed = db_blob(q, SEALED, &len);
    if (!db_is_null(q, READ))
        send->withheld = "it was read already";
    else if (db_int(q, DISABLED))
        send->withheld = "the account is disabled";
    else if (db_is_null(q, SEALED))
        send->withheld = "no longer bound";
    else if (wechat_people_open(key, send->person, sealed, len, send->openid))
        send->withheld = "the receiver cannot be read with this secret.key";
    if (send->withheld) send->openid[0] = '\0';
    return send->item.about && send->item.title && send->item.note ? ERR_OK : ERR_NOMEM;
}

static enum err ask_wishes(struct db *db, struct inbox_send *due, size_t count)
{
    struct inbox_wants wants;
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && !e; i++) {
        if (due[i].withheld || (e = inbox_wants_read(db, due[i].person, &wants))) continue;
        if (wants.wanted[inbox_verbs_group(due[i].item.verb)][INBOX_WANTS_wechat]) continue;
        due[i].withheld = "they turned this group off";
        due[i].openid[0] = '\0';
    }
    return e;
}

static enum err prepare_due(struct db *db, struct db_query **q)
{
    struct buf sql;
    buf_init(&sql, SQL_MAX);
    buf_puts(&sql,
             "SELECT d.id, d.tries, m.person_id, m.verb, m.about, m.title, m.note, m.at_ms, "
             "m.created_ms, m.read_ms, o.disabled_ms IS NOT NULL, COALESCE(p.language = 'en', 0), "
             "w.openid_sealed FROM inbox_deliveries d JOIN inbox_messages m ON m.id = d.message_id "
             "JOIN people o ON o.id = m.person_id LEFT JOIN wechat_people w ON w.person_id = "
             "m.person_id LEFT JOIN people_profiles p ON p.person_id = m.person_id WHERE d.state = "
             "'waiting' AND d.next_ms <= :now AND m.verb IN ");
    inbox_verbs_list(NULL, &sql);
    buf_puts(&sql, " ORDER BY d.next_ms, d.id LIMIT :max");
    buf_put(&sql, "", 1);
    enum err e = sql.err ? sql.err : db_prepare(db, sql.bytes, q);
    buf_fini(&sql);
    return e;
}

enum err inbox_send_due(struct db *db, const unsigned char *key, int64_t now_ms,
                        struct arena *arena, struct inbox_send *due, size_t max, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = prepare_due(db, &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":max", (int64_t)max);
    while (!e && !(e = db_step(q, &row)) && row)
        e = read_due(q, key, arena, &due[n++]);
    db_done(q);
    if (!e) e = ask_wishes(db, due, n);
    if (!e) *count = n;
    return e;
}

/* ---- how it went ----------------------------------------------------------------------------- */

struct settling {
    const struct inbox_send_outcome *outcome;
    int64_t now_ms;
};

static enum err settle(struct db *db, void *user)
{
    const struct settling *s = user;
    const struct inbox_send_outcome *o = s->outcome;
    struct db_query *q;
    int64_t changed = 0;
    enum err e = db_prepare(db,
                            "UPDATE inbox_deliveries SET state = :state, tries = tries + :tried, "
                            "next_ms = :next, code = :code, error = :error, changed_ms = :now "
                            "WHERE id = :id AND state = 'waiting'",
                            &q);
    if (e) return e;
    db_bind_text(q, ":state", deliveries_state_name(o->state));
    db_bind_int(q, ":tried", o->tried);
    db_bind_int(q, ":next", o->next_ms);
    db_bind_int(q, ":code", o->code);
    db_bind_text(q, ":error", o->error ? o->error : "");
    db_bind_int(q, ":now", s->now_ms);
    db_bind_int(q, ":id", o->id);
    e = db_run(q, &changed);
    if (e || !changed || !o->refused) return e;
    return inbox_wants_refuse(db, o->person, o->group, o->sent_ms, s->now_ms);
}

enum err inbox_send_settle(struct db *db, const struct inbox_send_outcome *outcome, int64_t now_ms)
{
    struct settling s = {outcome, now_ms};
    return db_write(db, settle, &s);
}

/* ---- for who runs the server ----------------------------------------------------------------- */

static enum deliveries_state state_of(const char *name)
{
    for (int i = 0; i < DELIVERIES_STATES; i++)
        if (strcmp(deliveries_state_name((enum deliveries_state)i), name) == 0)
            return (enum deliveries_state)i;
    return DELIVERIES_DEAD;
}

enum err inbox_send_list(struct db *db, enum deliveries_state state, int64_t before, size_t limit,
                         struct arena *arena, const struct inbox_send_listed **list, size_t *count,
                         bool *more)
{
    struct inbox_send_listed *made = arena_calloc(arena, limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    const bool any = state == DELIVERIES_STATES;
    enum err e =
        db_prepare(db, any ? INBOX_SEND_LIST("") : INBOX_SEND_LIST("d.state = :state AND "), &q);
    if (e) return e;
    db_bind_int(q, ":before", before ? before : INT64_MAX);
    if (!any) db_bind_text(q, ":state", deliveries_state_name(state));
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    for (; n <= limit && !e && !(e = db_step(q, &row)) && row; n++) {
        made[n] = (struct inbox_send_listed){.id = db_int(q, 0),
                                             .verb = arena_strdup(arena, db_text(q, 1)),
                                             .state = state_of(db_text(q, 2)),
                                             .tries = db_int(q, 3),
                                             .code = db_int(q, 4),
                                             .error = arena_strdup(arena, db_text(q, 5)),
                                             .next_ms = db_int(q, 6),
                                             .created_ms = db_int(q, 7),
                                             .changed_ms = db_int(q, 8)};
        if (!made[n].verb || !made[n].error) e = ERR_NOMEM;
    }
    db_done(q);
    if (e) return e;
    *more = n > limit;
    *count = *more ? limit : n;
    *list = made;
    return ERR_OK;
}

struct again {
    int64_t id, now_ms, count;
};

static enum err try_again(struct db *db, void *user)
{
    struct again *a = user;
    struct db_query *q;
    enum err e = db_prepare(db, INBOX_SEND_AGAIN, &q);
    if (e) return e;
    db_bind_int(q, ":now", a->now_ms);
    db_bind_int(q, ":first", a->id);
    db_bind_int(q, ":last", a->id ? a->id : INT64_MAX);
    return db_run(q, &a->count);
}

enum err inbox_send_again(struct db *db, int64_t id, int64_t now_ms, int64_t *count)
{
    struct again a = {.id = id, .now_ms = now_ms};
    enum err e = db_write(db, try_again, &a);
    if (!e) *count = a.count;
    return e;
}
