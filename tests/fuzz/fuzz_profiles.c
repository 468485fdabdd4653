#include "data/profiles.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct profile_tag tags[] = {{"highway", "residential"}, {"oneway", "yes"},
                                              {"surface", "gravel;mud"},  {"maxspeed", "30 mph"},
                                              {"barrier", "gate"},        {"access", "private"}};
    struct profile profile;
    struct profile_way way;
    struct profile_node node;
    struct why why = {""};
    if (profiles_parse("fuzz", (const char *)bytes, len, &profile, &why)) return 0;
    (void)profile_way_read(&profile, tags, 6, &way);
    (void)profile_node_read(&profile, tags, 6, &node);
    profile_fini(&profile);
    return 0;
}
