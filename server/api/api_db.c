#include "server/api/api_db.h"

enum err api_db(struct request *request, struct tools *tools, struct db **db)
{
    struct why why = {""};
    return problem_from_err(request->problem, tools_db(tools, db, &why), &why);
}
