#include "ledger/audit/file_write.h"

#include "tests/support/check.h"
#include "tests/support/file.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char *folder;
    char path[512];
};

static int set_up(void **state)
{
    static struct place place;
    place.folder = scratch_create();
    (void)snprintf(place.path, sizeof place.path, "%s/state", place.folder);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    scratch_remove(place->folder);
    return 0;
}

static void check_content(const struct place *place, const char *want)
{
    size_t length = 0;
    size_t count = 0;
    char *text = file_read(place->path, &length);
    char **names = folder_list(place->folder, &count);
    check_text_equal(text, want);
    check_int_equal((int64_t)count, 1); /* nothing beside it */
    folder_list_free(names);
    free(text);
}

static void the_new_content_takes_the_place_of_the_old(void **state)
{
    struct place *place = *state;
    assert_true(file_replace(place->path, "one", 3));
    check_content(place, "one");
    assert_true(file_replace(place->path, "another", 7));
    check_content(place, "another");
}

static void what_is_no_file_is_left_alone(void **state)
{
    struct place *place = *state;
    struct stat status;
    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_false(file_replace(place->path, "one", 3));
    assert_int_equal(errno, ENOTSUP);
    assert_int_equal(lstat(place->path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(mkdir(place->path, 0700), 0);
    assert_false(file_replace(place->path, "one", 3));
    assert_int_equal(rmdir(place->path), 0);
    assert_int_equal(symlink("/dev/null", place->path), 0);
    assert_false(file_replace(place->path, "one", 3));
    assert_int_equal(lstat(place->path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

/* A limit on the size of files stands for a full disk. */
static void what_has_no_room_leaves_the_old_and_nothing_else(void **state)
{
    struct place *place = *state;
    static char much[100000];
    struct rlimit before;
    assert_true(file_replace(place->path, "one", 3));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit little = {4096, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    bool done = file_replace(place->path, much, sizeof much);
    int number = errno;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(done);
    assert_int_equal(number, EFBIG);
    check_content(place, "one");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_new_content_takes_the_place_of_the_old),
        TEST(what_is_no_file_is_left_alone),
        TEST(what_has_no_room_leaves_the_old_and_nothing_else),
    };
    (void)signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
