/* The parts of the façade's API document that describe values: parameters, schemas and queryables,
 * all from the table of ogc_table.h. */
#ifndef YZ_SERVER_API_OGC_SCHEMA_H
#define YZ_SERVER_API_OGC_SCHEMA_H

#include "server/api/ogc_page.h"

struct ogc_param;

/* The parameter of this key, NULL: none. `len` is that of the key. */
const struct ogc_param *ogc_schema_param(const char *key, size_t len);

/* Refuses parameters of the query that the collections of `bit` do not know, among those that some
 * collection does. */
enum err ogc_schema_admit(struct request *request, unsigned bit);

/* Writes the member `properties` of a JSON schema: what features of these collections are selected
 * by, each with its title. */
void ogc_schema_queryables(struct ogc_page *page, unsigned bit);

/* Writes the member `components` of the API document (OpenAPI 3.0.3). */
void ogc_schema_components(struct ogc_page *page);

#endif
