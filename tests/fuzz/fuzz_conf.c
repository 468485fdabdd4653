#include "data/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void visit(const struct conf_node *node)
{
    double number = 0;
    struct why why = {""};
    (void)conf_number(node, -1, 1, &number, &why);
    for (size_t i = 0; i < conf_count(node); i++) {
        if (conf_is_map(node)) (void)conf_get(node, conf_key(node, i));
        visit(conf_at(node, i));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct conf *conf;
    struct why why = {""};
    if (conf_parse("fuzz", (const char *)bytes, len, &conf, &why)) return 0;
    visit(conf_root(conf));
    conf_free(conf);
    return 0;
}
