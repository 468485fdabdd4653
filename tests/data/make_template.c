/* Makes the database that tests/data/template.h copies; its path is the argument. */
#include "data/db.h"
#include "data/migrate.h"

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct why why = {""};
    struct db *db = NULL;
    char fresh[4096];
    if (argc != 2) return 2;
    (void)snprintf(fresh, sizeof fresh, "%s.fresh", argv[1]);
    (void)unlink(fresh);
    enum err e = db_open(fresh, DB_CREATE, &db, &why);
    if (!e) e = migrate_up(db, NULL, &why);
    db_close(db);
    if (!e && rename(fresh, argv[1])) e = ERR_IO;
    if (e) (void)fprintf(stderr, "make_template: %s\n", why.text);
    return e ? 1 : 0;
}
