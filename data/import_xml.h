/* What an XML parser must be kept from, seen before it starts. */
#ifndef YZ_DATA_IMPORT_XML_H
#define YZ_DATA_IMPORT_XML_H

#include "geo/base/err.h"

#include <stddef.h>

enum { IMPORT_XML_DEPTH = 100 };

/* ERR_FORMAT for bytes that are not in an encoding in which ASCII is ASCII, or declare a document
 * type (entities that grow); ERR_LIMIT for elements nested deeper than IMPORT_XML_DEPTH, which
 * parsers follow by calling themselves. It says nothing of whether the rest is well-formed. */
enum err import_xml_check(const void *bytes, size_t len, struct why *why);

#endif
