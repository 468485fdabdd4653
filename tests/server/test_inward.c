#include "tests/check.h"

#include "server/inward.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

static bool is_inward(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) return inward_is((struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return inward_is((struct sockaddr *)&v6);
}

TEST(what_leads_inside_is_known_whatever_it_is_written_as)
{
    static const char *const inward[] = {"0.0.0.0",
                                         "10.1.2.3",
                                         "100.64.0.1",
                                         "100.127.255.255",
                                         "127.0.0.1",
                                         "127.255.255.254",
                                         "169.254.169.254",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.0.0.8",
                                         "192.0.2.1",
                                         "192.168.1.1",
                                         "198.18.0.1",
                                         "198.19.255.255",
                                         "198.51.100.7",
                                         "203.0.113.9",
                                         "224.0.0.1",
                                         "239.1.1.1",
                                         "240.0.0.1",
                                         "255.255.255.255",
                                         "::",
                                         "::1",
                                         "::ffff:127.0.0.1",
                                         "::ffff:10.0.0.1",
                                         "::127.0.0.1",
                                         "64:ff9b::7f00:1",
                                         "64:ff9b:1::1",
                                         "100::1",
                                         "2001::1",
                                         "2001:db8::1",
                                         "2002:7f00:1::",
                                         "2002:a00:1::1",
                                         "3fff::1",
                                         "fc00::1",
                                         "fd12:3456::1",
                                         "fe80::1",
                                         "fec0::1",
                                         "ff02::1"};
    for (size_t i = 0; i < sizeof inward / sizeof *inward; i++)
        if (!is_inward(inward[i])) fail_msg("%s leads inside", inward[i]);
}

TEST(what_leads_to_the_internet_may_be_called)
{
    static const char *const outward[] = {
        "1.1.1.1",      "8.8.8.8",         "100.63.255.255", "100.128.0.1",     "172.15.0.1",
        "172.32.0.1",   "192.167.1.1",     "198.17.0.1",     "198.20.0.1",      "223.255.255.255",
        "2400:3200::1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"};
    for (size_t i = 0; i < sizeof outward / sizeof *outward; i++)
        if (is_inward(outward[i])) fail_msg("%s leads outside", outward[i]);
}

TEST(what_is_no_address_of_the_internet_is_inward)
{
    const struct sockaddr_un local = {.sun_family = AF_UNIX};
    assert_true(inward_is((const struct sockaddr *)&local));
}

RUN(cmocka_unit_test(what_leads_inside_is_known_whatever_it_is_written_as),
    cmocka_unit_test(what_leads_to_the_internet_may_be_called),
    cmocka_unit_test(what_is_no_address_of_the_internet_is_inward))
