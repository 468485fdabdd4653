/* What is asked of deliveries by how they stand. It stands alone so that a test can hold it against
 * the index: done ones are many, and dead ones few. */
#ifndef YZ_DATA_INBOX_SEND_SQL_H
#define YZ_DATA_INBOX_SEND_SQL_H

/* `of`: "" or "d.state = :state AND ". */
#define INBOX_SEND_LIST(of)                                                                        \
    "SELECT d.id, m.verb, d.state, d.tries, d.code, d.error, d.next_ms, d.created_ms, "            \
    "d.changed_ms FROM inbox_deliveries d JOIN inbox_messages m ON m.id = d.message_id WHERE " of  \
    "d.id < :before ORDER BY d.id DESC LIMIT :limit"

/* Dead ones with ids from `:first` to `:last`. */
#define INBOX_SEND_AGAIN                                                                           \
    "UPDATE inbox_deliveries SET state = 'waiting', tries = 0, next_ms = :now, changed_ms = :now " \
    "WHERE state = 'dead' AND id BETWEEN :first AND :last"

#endif
