#include "tests/check.h"

#include "geo/base/clock.h"
#include "server/hub_seat.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* Seats without connections: a reader that sleeps until it is woken stands for each. */
static struct kinds *kinds;
static struct areaset *areas;

static struct event happened(int64_t number, int64_t case_id, int64_t area)
{
    struct news_item item = {.number = number,
                             .case_id = case_id,
                             .version = 1,
                             .area_id = area,
                             .report = "aaaaaaaaaaaaaaaaaaaaaa",
                             .kind = "report",
                             .category = "lamp",
                             .state = "submitted",
                             .verb = "created"};
    struct event event;
    assert_ok(event_make(&item, areas, &event));
    return event;
}

static void publish(struct hub *hub, int64_t number, int64_t case_id, int64_t area)
{
    struct event event = happened(number, case_id, area);
    hub_publish(hub, &event, 1, number);
}

static struct hub *fresh_hub(unsigned seats, unsigned each)
{
    struct hub *hub = NULL;
    const struct hub_limits limits = {seats, each};
    assert_ok(hub_new(&limits, &hub));
    hub_begin(hub, 0);
    hub_open(hub);
    return hub;
}

struct sitter {
    struct hub_seat *seat;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    unsigned wakes;
};

static void wake(void *connection)
{
    struct sitter *s = connection;
    pthread_mutex_lock(&s->lock);
    s->wakes++;
    pthread_cond_signal(&s->woken);
    pthread_mutex_unlock(&s->lock);
}

static enum hub_sat sit(struct hub *hub, struct sitter *s, struct audience *audience,
                        const struct hub_wish *like)
{
    enum hub_sat sat = HUB_CLOSED;
    int64_t floor = 0;
    struct hub_wish wish = like ? *like : (struct hub_wish){0};
    wish.audience = audience;
    *s = (struct sitter){0};
    assert_ok(hub_seat_take(hub, &wish, clock_ms(), &sat, &s->seat, &floor));
    if (sat != HUB_SAT) return sat;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->woken, NULL);
    hub_seat_stream(s->seat)->wake = wake;
    hub_seat_stream(s->seat)->connection = s;
    return sat;
}

static void leave(struct sitter *s)
{
    hub_seat_leave(s->seat);
    pthread_cond_destroy(&s->woken);
    pthread_mutex_destroy(&s->lock);
}

/* Reads what there is; what the last reading returned. */
static enum response_next drain(struct sitter *s, char *text, size_t size)
{
    struct response_stream *stream = hub_seat_stream(s->seat);
    enum response_next next;
    size_t n = 0, count = 0;
    while ((next = stream->read(stream, text + n, size - 1 - n < 50 ? size - 1 - n : 50, &count)) ==
           RESPONSE_SEND)
        n += count;
    text[n] = '\0';
    return next;
}

static bool is_woken(struct sitter *s)
{
    pthread_mutex_lock(&s->lock);
    bool woken = s->wakes > 0;
    s->wakes = 0;
    pthread_mutex_unlock(&s->lock);
    return woken;
}

static struct audience about(int64_t case_id)
{
    return (struct audience){.of = AUDIENCE_CASE, .kinds = kinds, .case_id = case_id};
}

TEST(a_seat_is_woken_by_what_is_for_it_and_by_nothing_else)
{
    struct hub *hub = fresh_hub(10, 10);
    struct sitter s;
    struct audience audience = about(7);
    char text[4000];
    assert_int_equal(sit(hub, &s, &audience, NULL), HUB_SAT);
    struct response_stream *stream = hub_seat_stream(s.seat);
    assert_int_equal(drain(&s, text, sizeof text), RESPONSE_REST);
    assert_string_equal(text, "retry: 2000\nid: 0\n\n");
    stream->rest(stream);
    publish(hub, 5, 8, 0);
    assert_false(is_woken(&s));
    publish(hub, 6, 7, 0);
    publish(hub, 7, 7, 0);
    assert_true(is_woken(&s));
    assert_int_equal(drain(&s, text, sizeof text), RESPONSE_REST);
    assert_non_null(strstr(text, "id: 6\nevent: case\ndata: {\"id\":6,"));
    assert_non_null(strstr(text, "id: 7\nevent: case\n"));
    assert_null(strstr(text, "id: 5"));
    publish(hub, 8, 7, 0); /* between reading and resting */
    stream->rest(stream);
    assert_true(is_woken(&s));
    leave(&s);
    hub_free(hub);
}

TEST(a_sign_of_life_tells_how_far_it_got)
{
    struct hub *hub = fresh_hub(10, 10);
    struct sitter s;
    struct audience audience = about(7);
    char text[4000];
    assert_int_equal(sit(hub, &s, &audience, NULL), HUB_SAT);
    struct response_stream *stream = hub_seat_stream(s.seat);
    (void)drain(&s, text, sizeof text);
    stream->rest(stream);
    publish(hub, 9, 1, 0);
    hub_tick(hub, clock_ms());
    assert_false(is_woken(&s));
    hub_tick(hub, clock_ms() + HUB_BEAT_MS + 1000);
    assert_true(is_woken(&s)); /* and its own clock says that it is not time yet */
    assert_int_equal(drain(&s, text, sizeof text), RESPONSE_REST);
    assert_string_equal(text, "");
    leave(&s);
    hub_free(hub);
}

TEST(who_stands_within_the_ring_goes_on_and_who_does_not_is_told_so)
{
    struct hub *hub = fresh_hub(10, 10);
    struct sitter s;
    struct audience audience = about(7);
    static char text[1000000];
    for (int64_t i = 1; i <= HUB_RING + 10; i++)
        publish(hub, i * 2, 7, 0);
    struct hub_wish wish = {.place = {true, 20}};
    assert_int_equal(sit(hub, &s, &audience, &wish), HUB_SAT);
    assert_int_equal(drain(&s, text, sizeof text), RESPONSE_REST);
    size_t events = 0;
    for (const char *at = text; (at = strstr(at, "event: case")); at++)
        events++;
    assert_int_equal(events, HUB_RING);
    leave(&s);
    audience = about(7);
    wish.place.after = 19;
    assert_int_equal(sit(hub, &s, &audience, &wish), HUB_OLDER);
    wish.place.after = HUB_RING * 2 + 21;
    assert_int_equal(sit(hub, &s, &audience, &wish), HUB_AHEAD);
    hub_free(hub);
}

TEST(who_reads_too_slowly_is_told_to_begin_anew)
{
    struct hub *hub = fresh_hub(10, 10);
    struct sitter s;
    struct audience audience = about(7);
    static char text[100000];
    assert_int_equal(sit(hub, &s, &audience, NULL), HUB_SAT);
    for (int64_t i = 1; i <= HUB_RING + 1; i++)
        publish(hub, i, 7, 0);
    assert_int_equal(drain(&s, text, sizeof text), RESPONSE_REST);
    assert_non_null(strstr(text, "event: reset\ndata: {\"last\":4097,"));
    assert_null(strstr(text, "event: case"));
    leave(&s);
    hub_free(hub);
}

TEST(seats_are_bounded_in_all_by_address_and_by_person)
{
    struct hub *hub = fresh_hub(40, 3);
    struct sitter s[64];
    size_t n = 0;
    struct hub_wish wish = {.address = {{1}}};
    struct audience audience = about(1);
    for (; n < 3; n++, audience = about(1))
        assert_int_equal(sit(hub, &s[n], &audience, &wish), HUB_SAT);
    assert_int_equal(sit(hub, &s[n], &audience, &wish), HUB_FULL_ADDRESS);
    for (unsigned i = 0; i < HUB_PERSON_SEATS; i++) {
        wish.address.bytes[0] = (unsigned char)(10 + i);
        audience.person = 5;
        assert_int_equal(sit(hub, &s[n++], &audience, &wish), HUB_SAT);
        audience = about(1);
    }
    wish.address.bytes[0] = 99;
    audience.person = 5;
    assert_int_equal(sit(hub, &s[n], &audience, &wish), HUB_FULL_PERSON);
    audience = about(1);
    for (; n < 40; n++, audience = about(1)) {
        wish.address.bytes[0] = (unsigned char)(100 + n);
        assert_int_equal(sit(hub, &s[n], &audience, &wish), HUB_SAT);
    }
    wish.address.bytes[0] = 98;
    assert_int_equal(sit(hub, &s[n], &audience, &wish), HUB_FULL);
    leave(&s[--n]);
    assert_int_equal(sit(hub, &s[n++], &audience, &wish), HUB_SAT);
    while (n > 0)
        leave(&s[--n]);
    hub_free(hub);
}

TEST(a_person_whose_rights_changed_hears_nothing_more)
{
    struct hub *hub = fresh_hub(10, 10);
    struct sitter s, other;
    struct audience audience = about(7);
    char text[4000];
    audience.person = 3;
    assert_int_equal(sit(hub, &s, &audience, NULL), HUB_SAT);
    audience = about(7);
    audience.person = 4;
    assert_int_equal(sit(hub, &other, &audience, NULL), HUB_SAT);
    hub_end_person(hub, 3);
    publish(hub, 1, 7, 0);
    assert_int_equal(drain(&s, text, sizeof text), RESPONSE_END);
    assert_null(strstr(text, "event: case"));
    assert_non_null(strstr(text, "event: end\ndata: {\"reason\":\"rights\"}\n\n"));
    assert_int_equal(drain(&other, text, sizeof text), RESPONSE_REST);
    assert_non_null(strstr(text, "event: case"));
    hub_close(hub);
    audience = about(7);
    struct sitter late;
    assert_int_equal(sit(hub, &late, &audience, NULL), HUB_CLOSED);
    assert_int_equal(drain(&other, text, sizeof text), RESPONSE_END);
    assert_non_null(strstr(text, "\"stopping\""));
    leave(&s);
    leave(&other);
    hub_free(hub);
}

/* ---- many threads ---- */

struct crowd {
    struct hub *hub;
    atomic_bool stop;
    atomic_uint heard, lost;
    int64_t events;
};

static void *listen_on(void *argument)
{
    struct crowd *crowd = argument;
    static char texts[8][1000000];
    static atomic_uint next;
    char *text = texts[atomic_fetch_add(&next, 1) % 8];
    while (!atomic_load(&crowd->stop)) {
        struct sitter s;
        struct audience audience = about(1);
        const struct hub_wish from_the_start = {.place = {true, 0}};
        if (sit(crowd->hub, &s, &audience, &from_the_start) != HUB_SAT) continue;
        struct response_stream *stream = hub_seat_stream(s.seat);
        int64_t last = 0;
        while (last < crowd->events && !atomic_load(&crowd->stop)) {
            enum response_next next_step = drain(&s, text, 1000000);
            for (const char *at = text; (at = strstr(at, "data: {\"id\":")); at++) {
                int64_t number = strtoll(at + 12, NULL, 10);
                if (number != last + 1) atomic_fetch_add(&crowd->lost, 1);
                last = number;
            }
            if (next_step == RESPONSE_END || last == crowd->events) break;
            stream->rest(stream);
            pthread_mutex_lock(&s.lock);
            while (s.wakes == 0)
                pthread_cond_wait(&s.woken, &s.lock);
            s.wakes = 0;
            pthread_mutex_unlock(&s.lock);
        }
        if (last == crowd->events) atomic_fetch_add(&crowd->heard, 1);
        bool done = last == crowd->events;
        leave(&s);
        if (done) break;
    }
    return NULL;
}

static struct event about_private(int64_t number, int64_t case_id, int64_t reporter)
{
    struct event event = happened(number, case_id, 0);
    event.item.reporter = reporter;
    (void)snprintf(event.item.kind, sizeof event.item.kind, "difficulty");
    return event;
}

static struct audience admin_of_all(int64_t person)
{
    static struct people_grant grant = {PEOPLE_city_admin, 0, ""};
    const struct people_actor actor = {.id = person, .grants = &grant, .grant_count = 1};
    struct audience audience;
    assert_ok(audience_init(&audience, kinds, &actor));
    return audience;
}

TEST(staff_who_are_told_of_private_cases_are_noted_once_an_hour_for_each)
{
    struct hub *hub = fresh_hub(10, 10);
    static struct hub_look looks[HUB_LOOKS];
    static char text[1 << 20];
    struct sitter s;
    struct audience audience = admin_of_all(3);
    assert_int_equal(sit(hub, &s, &audience, NULL), HUB_SAT);
    for (int64_t i = 1; i <= 9; i++) {
        struct event event = about_private(i, i < 7 ? 40 + i % 2 : 50, i < 7 ? 9 : 3);
        hub_publish(hub, &event, 1, i);
    }
    publish(hub, 10, 60, 0);
    assert_int_equal(drain(&s, text, sizeof text), RESPONSE_REST);
    assert_non_null(strstr(text, "id: 10"));
    assert_int_equal(hub_looks(hub, looks, HUB_LOOKS), 2); /* not the own one, nor what is public */
    assert_int_equal(looks[0].person, 3);
    assert_int_equal(looks[0].case_id + looks[1].case_id, 81);
    assert_false(looks[0].poll);
    assert_int_equal(hub_looks(hub, looks, 1), 1);
    hub_looked(hub, 1);
    assert_int_equal(hub_looks(hub, looks, HUB_LOOKS), 1);
    hub_looked(hub, 1);
    struct event again = about_private(11, 41, 9);
    hub_publish(hub, &again, 1, 11);
    (void)drain(&s, text, sizeof text);
    assert_int_equal(hub_looks(hub, looks, HUB_LOOKS), 0);
    leave(&s);
    hub_free(hub);
}

TEST(nothing_private_is_told_that_cannot_be_noted)
{
    struct hub *hub = fresh_hub(10, 10);
    static char text[1 << 20];
    struct sitter s, poll;
    enum response_next next = RESPONSE_REST;
    int64_t number = 1;
    struct audience audience = admin_of_all(3);
    assert_int_equal(sit(hub, &s, &audience, NULL), HUB_SAT);
    for (; number <= HUB_LOOKS + 1 && next == RESPONSE_REST; number++) {
        struct event event = about_private(number, 1000 + number, 9);
        hub_publish(hub, &event, 1, number);
        next = drain(&s, text, sizeof text);
    }
    assert_int_equal(next, RESPONSE_END);
    assert_int_equal(number, HUB_LOOKS + 2);
    assert_null(strstr(text, "event: case"));
    assert_non_null(strstr(text, "\"audit\""));
    audience = admin_of_all(4);
    const struct hub_wish wish = {.poll = true, .place = {true, HUB_LOOKS}};
    assert_int_equal(sit(hub, &poll, &audience, &wish), HUB_SAT);
    assert_int_equal(drain(&poll, text, sizeof text), RESPONSE_END);
    assert_non_null(strstr(text, "{\"events\":[],\"last\":4096,")); /* and not further */
    hub_looked(hub, HUB_LOOKS);
    leave(&poll);
    audience = admin_of_all(4);
    assert_int_equal(sit(hub, &poll, &audience, &wish), HUB_SAT);
    assert_int_equal(drain(&poll, text, sizeof text), RESPONSE_END);
    assert_non_null(strstr(text, "\"last\":4097,"));
    leave(&s);
    leave(&poll);
    hub_free(hub);
}

TEST(who_sits_by_a_secret_is_ended_when_it_is_forgotten)
{
    struct hub *hub = fresh_hub(10, 10);
    struct sitter holder, other;
    char text[4000];
    struct audience audience = about(7);
    audience.as = KINDS_REPORTER;
    assert_int_equal(sit(hub, &holder, &audience, NULL), HUB_SAT);
    audience = about(7);
    assert_int_equal(sit(hub, &other, &audience, NULL), HUB_SAT);
    struct event event = happened(1, 7, 0);
    (void)snprintf(event.item.verb, sizeof event.item.verb, "sender_forgotten");
    hub_publish(hub, &event, 1, 1);
    assert_int_equal(drain(&holder, text, sizeof text), RESPONSE_END);
    assert_non_null(strstr(text, "\"rights\""));
    assert_int_equal(drain(&other, text, sizeof text), RESPONSE_REST);
    leave(&holder);
    leave(&other);
    hub_free(hub);
}

TEST(nobody_misses_an_event_however_threads_meet)
{
    struct crowd crowd = {.hub = fresh_hub(100, 100), .events = 2000};
    pthread_t threads[8];
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, listen_on, &crowd), 0);
    for (int64_t i = 1; i <= crowd.events; i++) {
        publish(crowd.hub, i, 1, 0);
        if (i % 100 == 0) {
            hub_tick(crowd.hub, clock_ms() + (i % 200 ? HUB_BEAT_MS : 0));
            (void)usleep(1000);
        }
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crowd.heard), 8);
    assert_int_equal(atomic_load(&crowd.lost), 0);
    hub_free(crowd.hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seat_is_woken_by_what_is_for_it_and_by_nothing_else),
        cmocka_unit_test(a_sign_of_life_tells_how_far_it_got),
        cmocka_unit_test(who_stands_within_the_ring_goes_on_and_who_does_not_is_told_so),
        cmocka_unit_test(who_reads_too_slowly_is_told_to_begin_anew),
        cmocka_unit_test(seats_are_bounded_in_all_by_address_and_by_person),
        cmocka_unit_test(a_person_whose_rights_changed_hears_nothing_more),
        cmocka_unit_test(staff_who_are_told_of_private_cases_are_noted_once_an_hour_for_each),
        cmocka_unit_test(nothing_private_is_told_that_cannot_be_noted),
        cmocka_unit_test(who_sits_by_a_secret_is_ended_when_it_is_forgotten),
        cmocka_unit_test(nobody_misses_an_event_however_threads_meet)};
    struct why why = {""};
    if (kinds_load(HOUSE_ROOT "/data/kinds", NULL, &kinds, &why) ||
        areaset_new(NULL, NULL, 0, &areas))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kinds_free(kinds);
    areaset_free(areas);
    return failed;
}
