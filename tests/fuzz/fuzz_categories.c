#include "data/categories.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The first line is a list of amenities as a person writes it; the rest is a file of categories. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct osm_tag tags[] = {{"amenity", "toilets;fuel"}, {"name", "工会驿站"}};
    const struct osm_tags all = {tags, 2};
    struct categories *list;
    struct why why = {""};
    char line[128] = "", written[CATEGORIES_AMENITIES_SIZE];
    size_t n = 0;
    while (n < len && n < sizeof line - 1 && bytes[n] && bytes[n] != '\n') {
        line[n] = (char)bytes[n];
        n++;
    }
    if (categories_parse("fuzz", (const char *)bytes + n, len - n, &list, &why)) return 0;
    uint64_t bits = categories_amenities_of_tags(list, &all), again = 0;
    (void)categories_read_amenities(list, line, &bits, &why);
    categories_write_amenities(list, bits, written);
    if (categories_read_amenities(list, written, &again, &why) || again != bits) __builtin_trap();
    (void)categories_of_tags(list, &all);
    categories_free(list);
    return 0;
}
