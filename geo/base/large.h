/* Memory for large arrays that are read here and there. */
#ifndef YZ_GEO_BASE_LARGE_H
#define YZ_GEO_BASE_LARGE_H

#include <stddef.h>

/* So many bytes, in pages of two megabytes where the system has them and it is worth while: a table
 * of few pages is searched sooner than one of many. What is in them is not said. NULL: there is no
 * memory. free() gives them back. */
void *large_alloc(size_t bytes);

#endif
