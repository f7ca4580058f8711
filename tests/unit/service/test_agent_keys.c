/* People's keys behind an ssh-agent, through the door: what they sign is as good as what a file
 * signs, and what the agent does not sign is not written. */
#include "cli/service/key_renewal.h"
#include "tests/support/fake_agent.h"
#include "tests/support/live_book.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ORIGIN "demo.invalid/ledger-00000001"

struct scene {
    struct live_book book;
    struct fake_agent agent;
};

static void renew(struct scene *scene, uint64_t command, const uint8_t *in_agent)
{
    struct office *office = &scene->book.office;
    struct act_options options = {.as = "clerk", .command = live_command(command)};
    struct renewal renewal;
    struct error err = {0};

    check_ok(key_renew(office, &options, in_agent, &renewal, &err), &err);
    assert_true(renewal.key.in_agent == (in_agent != NULL));
    office->keys = key_ring_free(office->keys);
}

static int set_up(void **state)
{
    static struct scene scene;
    struct act_result done;
    struct error err = {0};

    live_book_create(&scene.book, "2016-10-20");
    live_book_open(&scene.book);
    check_ok(live_act(&scene.book, 1, "bureau", "fund.open",
                      live_amount_request(&scene.book, 100000), &done, &err),
             &err);
    fake_agent_start(&scene.agent, scene.book.folder, FAKE_HONEST, NULL, 0);
    renew(&scene, 2, scene.agent.public_key);
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    fake_agent_stop(&scene->agent);
    live_book_release(&scene->book);
    return unsetenv("SSH_AUTH_SOCK");
}

static bool add_household(struct scene *scene, uint64_t command, int serial, struct error *err)
{
    struct act_options options = {.as = "clerk", .command = live_command(command)};
    struct act_result done;
    struct personal_data person;
    struct canon *request = live_household_request(&scene->book, serial, &person);

    return act_with_persons(&scene->book.office, &options, "household.add", request, &person, 1,
                            &done, err);
}

static bool turn_day(struct scene *scene, uint64_t command, const char *type, struct error *err)
{
    struct act_result done;
    struct canon *nothing = canon_object(&scene->book.office.arena);

    return live_act(&scene->book, command, "clerk", type, nothing, &done, err);
}

/* Files of day keys that stand in the service key folder. */
static int64_t day_keys(const struct scene *scene)
{
    DIR *folder = opendir(scene->book.office.service_folder);
    int64_t count = 0;

    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += strncmp(entry->d_name, "day-", 4) == 0;
    }
    assert_int_equal(closedir(folder), 0);
    return count;
}

static void replace_agent(struct scene *scene, enum fake_conduct conduct)
{
    fake_agent_stop(&scene->agent);
    fake_agent_start(&scene->agent, scene->book.folder, conduct, NULL, 0);
}

static void what_the_agent_signs_is_a_sound_book(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};
    uint64_t before = scene->book.office.tip.size;

    check_ok(add_household(scene, 10, 1, &err), &err);
    check_ok(add_household(scene, 11, 2, &err), &err);
    check_ok(turn_day(scene, 12, "day.close", &err), &err);
    check_ok(turn_day(scene, 13, "key.rotate", &err), &err);
    check_ok(add_household(scene, 14, 3, &err), &err);
    check_int_equal((int64_t)(scene->book.office.tip.size - before), 5);
    check_int_equal(day_keys(scene), 1);
    check_ok(live_book_is_sound(&scene->book, &err), &err);
}

/* Sent again it is the first answer, and nobody is asked to sign. */
static void a_command_that_is_repeated_asks_no_agent(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};

    check_ok(add_household(scene, 20, 1, &err), &err);
    uint64_t size = scene->book.office.tip.size;
    replace_agent(scene, FAKE_REFUSES);
    check_ok(add_household(scene, 20, 1, &err), &err);
    check_int_equal((int64_t)scene->book.office.tip.size, (int64_t)size);
}

static void what_the_agent_does_not_sign_is_not_written(void **state)
{
    static const struct {
        enum fake_conduct conduct;
        const char *reason;
    } refusals[] = {{FAKE_EMPTY, "agent.key-missing"}, {FAKE_SAYS, "agent.reply"}};
    struct scene *scene = *state;
    struct error err = {0};
    uint64_t size = scene->book.office.tip.size;

    check_ok(turn_day(scene, 30, "day.close", &err), &err);
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        replace_agent(scene, refusals[i].conduct);
        check_refused(add_household(scene, 31, 1, &err), &err, refusals[i].reason);
        check_refused(turn_day(scene, 32, "key.rotate", &err), &err, refusals[i].reason);
        check_int_equal((int64_t)scene->book.office.tip.size, (int64_t)size + 1);
        check_int_equal(day_keys(scene), 1);
    }
    fake_agent_stop(&scene->agent);
    check_refused(add_household(scene, 33, 1, &err), &err, "agent.not-running");
    fake_agent_start(&scene->agent, scene->book.folder, FAKE_HONEST, NULL, 0);
    check_ok(live_book_is_sound(&scene->book, &err), &err);
}

/* The same person with another key in its agent is not the person the book knows. */
static void another_key_in_the_agent_is_not_the_own(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};

    replace_agent(scene, FAKE_HONEST); /* it has made itself another key */
    check_refused(add_household(scene, 40, 1, &err), &err, "agent.key-missing");
}

static void a_key_moves_into_the_agent_and_out_of_it(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};

    assert_true(staff_key_is_in_agent(ORIGIN, "clerk"));
    renew(scene, 50, NULL);
    assert_false(staff_key_is_in_agent(ORIGIN, "clerk"));
    fake_agent_stop(&scene->agent);
    check_ok(add_household(scene, 51, 1, &err), &err);
    fake_agent_start(&scene->agent, scene->book.folder, FAKE_HONEST, NULL, 0);
    renew(scene, 52, scene->agent.public_key);
    check_ok(add_household(scene, 53, 2, &err), &err);
    check_ok(live_book_is_sound(&scene->book, &err), &err);
}

static int64_t seconds_now;

static struct instant late_clock(void)
{
    return (struct instant){seconds_now};
}

/* Between two looks at the other clock a minute goes by. */
static int64_t no_time(void)
{
    seconds_now += 61;
    return 0;
}

/* Events bear the time at which they were drafted: it may not be long past. */
static void whoever_takes_too_long_gives_the_command_again(void **state)
{
    struct scene *scene = *state;
    struct error err = {0};
    uint64_t size = scene->book.office.tip.size;

    seconds_now = clock_now().seconds;
    clock_replace(late_clock);
    clock_replace_milliseconds(no_time);
    bool done = add_household(scene, 60, 1, &err);
    clock_replace(NULL);
    clock_replace_milliseconds(NULL);
    check_refused(done, &err, "agent.too-late");
    check_int_equal((int64_t)scene->book.office.tip.size, (int64_t)size);
    check_ok(add_household(scene, 60, 1, &err), &err);
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(what_the_agent_signs_is_a_sound_book),
        SCENE_TEST(a_command_that_is_repeated_asks_no_agent),
        SCENE_TEST(what_the_agent_does_not_sign_is_not_written),
        SCENE_TEST(another_key_in_the_agent_is_not_the_own),
        SCENE_TEST(a_key_moves_into_the_agent_and_out_of_it),
        SCENE_TEST(whoever_takes_too_long_gives_the_command_again),
    };
    return cmocka_run_group_tests_name("agent_keys", tests, NULL, NULL);
}
