/* The one writer of a server: a thread with a connection of its own, to which all others hand what
 * they write. What waits is run in one transaction and synced to the disk once (group commit, as in
 * DeWitt et al., "Implementation techniques for main memory database systems", SIGMOD 1984), so
 * that many who wait cost the disk as much as one. Other processes still take turns with it
 * (turn.h). */
#ifndef YZ_DATA_WRITER_H
#define YZ_DATA_WRITER_H

#include "data/db.h"

enum {
    WRITER_GROUP = 64,     /* pieces of work in one transaction, at most */
    WRITER_GROUP_MS = 5,   /* and for as long more of them may begin */
    WRITER_WAIT_MS = 15000 /* that one waits to begin */
};

struct writer;

/* Takes the connection, also on failure. */
enum err writer_start(struct db *db, struct writer **writer);

/* Lets what waits run, then ends the thread and closes its connection; what comes meanwhile is
 * ERR_CANCELLED, and nothing may come later. NULL does nothing. */
void writer_stop(struct writer *writer);

/* Makes db_write of a connection, which may be one for reading, go through the writer: `work` runs
 * on the writer's thread and connection, alone or with others', while the caller waits. It is on
 * disk when db_write returns ERR_OK; what fails leaves nothing, whatever becomes of the others. If
 * the disk does not take them, all of a transaction fail. ERR_BUSY: it could not begin in time.
 * ERR_SYSTEM: it was called by a piece of work. */
void writer_serve(struct writer *writer, struct db *db);

/* Since the start. */
struct writer_counts {
    uint64_t commits; /* transactions that reached the disk */
    uint64_t works;   /* pieces of work that they took along */
    uint64_t failed;  /* that failed, or gave up waiting */
    unsigned inside;  /* callers now: whose work waits or runs */
};
void writer_count(struct writer *writer, struct writer_counts *counts);

#endif
