/* A document of the OGC façade on its way out: in which form and language, its links, and what is
 * the same for all of them. It is written as JSON; a page of HTML is made from that. */
#ifndef YZ_SERVER_API_OGC_PAGE_H
#define YZ_SERVER_API_OGC_PAGE_H

#include "server/request.h"
#include "server/response.h"
#include "server/tools.h"

#define OGC_PAGE_HTML    "text/html; charset=utf-8"
#define OGC_PAGE_JSON    "application/json"
#define OGC_PAGE_GEOJSON "application/geo+json"
#define OGC_PAGE_SCHEMA  "application/schema+json"
#define OGC_PAGE_OPENAPI "application/vnd.oai.openapi+json;version=3.0"

enum ogc_lang { OGC_ZH, OGC_EN };

struct ogc_page {
    struct request *request;
    struct response *response;
    struct tools *tools;
    struct jsonw *json;
    const char *base;  /* "https://host/ogc" */
    const char *form;  /* the media type this document has beside HTML */
    const char *type;  /* the media type of the answer */
    const char *title; /* of the page; plain text */
    enum ogc_lang lang;
    bool is_html;
    bool as_named; /* members are shown by their own names */
    bool is_live;  /* has a time stamp, so that no two are the same */
};

/* Settles form and language: `f` and `lang`, else Accept and Accept-Language. `form` is what the
 * document is beside HTML; who accepts plain JSON gets it as that. What cannot be is noted. */
enum err ogc_page_open(struct request *request, struct response *response, struct tools *tools,
                       const char *form, struct ogc_page *page);

/* One of two texts, by the language of the page. */
const char *ogc_page_say(const struct ogc_page *page, const char *zh, const char *en);

/* Writes the members of a link (RFC 8288) to `path` below the base, which holds no more than what
 * may stand in an address; `type` may be NULL for a relation to nothing in particular. */
void ogc_page_link(struct ogc_page *page, const char *rel, const char *type, const char *title,
                   const char *path);
/* The same to an address elsewhere. */
void ogc_page_link_out(struct ogc_page *page, const char *rel, const char *type, const char *title,
                       const char *href);
/* Links to this document as it is, and to its other form. */
void ogc_page_links_self(struct ogc_page *page);
/* A link to the same list with other `words` ("offset=20") in place of `cursor` and `offset`. NULL
 * when memory is out, else its address. */
const char *ogc_page_link_turned(struct ogc_page *page, const char *rel, const char *words);
/* The licence of the data. */
void ogc_page_link_license(struct ogc_page *page);

/* Ends the answer: headers, and HTML where it is asked for. */
enum err ogc_page_close(struct ogc_page *page);

#endif
