/* Pages of HTML made from the JSON documents of the OGC façade, so that they hold all that these
 * say: plain tables, lists and links, without a script. */
#ifndef YZ_SERVER_API_OGC_HTML_H
#define YZ_SERVER_API_OGC_HTML_H

#include "server/api/ogc_page.h"

/* Writes a whole page that shows one JSON object, which one of our own writers made. Text in it is
 * escaped. What is no such object makes `out` fail with ERR_FORMAT. */
void ogc_html_write(const struct ogc_page *page, const char *json, size_t len, struct buf *out);

/* GET /ogc/style.css, what the pages look like: the pages' policy allows no style inside of them.
 */
enum err ogc_html_style(struct request *request, struct response *response, struct tools *tools);

#endif
