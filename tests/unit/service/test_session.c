/* The file that holds a key open: ours alone, and nothing of it left when it is closed. */
#include "cli/service/session_file.h"
#include "ledger/base/digest.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN "xinhe-coop.example/ledger-7f3a9c21"
#define STAFF "wang.li"
#define SEED_HEX_SIZE 64

struct session {
    char *folder;
    struct arena arena;
    struct signing_key key;
    const char *path;
};

static void open_session(struct session *session)
{
    struct error err = {0};
    check_ok(
        session_file_write(&session->arena, ORIGIN, STAFF, &session->key, &session->path, &err),
        &err);
}

static int set_up(void **state)
{
    static struct session session;
    session = (struct session){.folder = scratch_create()};
    arena_init(&session.arena, (size_t)1 << 20);
    assert_int_equal(setenv("XDG_RUNTIME_DIR", session.folder, 1), 0);
    signing_key_generate(ORIGIN "/a/" STAFF, KEY_TYPE_ED25519, &session.key);
    open_session(&session);
    *state = &session;
    return 0;
}

static int tear_down(void **state)
{
    struct session *session = *state;
    arena_release(&session->arena);
    scratch_remove(session->folder);
    return 0;
}

static bool read_back(struct session *session, bool *ret_found, struct error *err)
{
    AUTO_SIGNING_KEY key;
    memset(&key, 0, sizeof key);
    *err = (struct error){0};
    bool ok = session_file_read(&session->arena, ORIGIN, STAFF, &key, ret_found, err);
    if (ok && *ret_found) {
        assert_memory_equal(&key, &session->key, sizeof key);
    }
    return ok;
}

static void close_session(bool was_there)
{
    bool there = false;
    struct error err = {0};
    check_ok(session_file_remove(ORIGIN, STAFF, &there, &err), &err);
    assert_true(there == was_there);
}

/* What stands in a file that may have no name any more. */
static void check_holds_no_seed(const struct session *session, int file)
{
    char hex[SEED_HEX_SIZE + 1];
    char bytes[SEED_HEX_SIZE + 2] = "";
    hex_format(session->key.secret, 32, hex);
    assert_true(pread(file, bytes, SEED_HEX_SIZE + 1, 0) >= 0);
    assert_null(strstr(bytes, hex));
    assert_memory_not_equal(bytes, hex, 16);
}

static void it_is_a_file_of_ours_alone(void **state)
{
    struct session *session = *state;
    struct stat file, folder;
    struct error err;
    bool found = false;
    char *last = strrchr(session->path, '/');

    assert_int_equal(stat(session->path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0600);
    assert_int_equal(
        stat(arena_text_n(&session->arena, session->path, (size_t)(last - session->path)), &folder),
        0);
    assert_int_equal(folder.st_mode & 07777, 0700);
    assert_true(read_back(session, &found, &err) && found);
}

static void closed_it_is_wiped_and_gone(void **state)
{
    struct session *session = *state;
    struct error err;
    bool found = true;
    int file = open(session->path, O_RDONLY | O_CLOEXEC);

    assert_true(file >= 0);
    close_session(true);
    check_holds_no_seed(session, file);
    assert_int_equal(access(session->path, F_OK), -1);
    assert_true(read_back(session, &found, &err) && !found);
    close_session(false);
    close(file);
}

static void opened_again_the_one_before_is_wiped(void **state)
{
    struct session *session = *state;
    struct error err;
    bool found = false;
    int file = open(session->path, O_RDONLY | O_CLOEXEC);

    assert_true(file >= 0);
    open_session(session);
    check_holds_no_seed(session, file);
    assert_true(read_back(session, &found, &err) && found);
    close(file);
}

static void what_others_may_read_or_what_is_cut_is_not_used(void **state)
{
    struct session *session = *state;
    struct error err;
    bool found = false;

    assert_int_equal(chmod(session->path, 0640), 0);
    check_refused(read_back(session, &found, &err), &err, "session.damaged");
    assert_int_equal(chmod(session->path, 0600), 0);
    assert_int_equal(truncate(session->path, SEED_HEX_SIZE), 0);
    check_refused(read_back(session, &found, &err), &err, "session.damaged");
    assert_false(found);
}

static void no_link_is_followed(void **state)
{
    struct session *session = *state;
    struct error err;
    bool found = true;
    char *elsewhere = arena_printf(&session->arena, "%s/elsewhere", session->folder);

    assert_int_equal(rename(session->path, elsewhere), 0);
    assert_int_equal(symlink(elsewhere, session->path), 0);
    assert_true(read_back(session, &found, &err) && !found);
}

static void a_folder_open_to_others_is_refused(void **state)
{
    struct session *session = *state;
    struct error err = {0};
    const char *path = NULL;
    char *last = strrchr(session->path, '/');
    char *folder = arena_text_n(&session->arena, session->path, (size_t)(last - session->path));

    assert_int_equal(chmod(folder, 0750), 0);
    check_refused(session_file_write(&session->arena, ORIGIN, STAFF, &session->key, &path, &err),
                  &err, "session.folder");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_a_file_of_ours_alone),
        TEST(closed_it_is_wiped_and_gone),
        TEST(opened_again_the_one_before_is_wiped),
        TEST(what_others_may_read_or_what_is_cut_is_not_used),
        TEST(no_link_is_followed),
        TEST(a_folder_open_to_others_is_refused),
    };
    return cmocka_run_group_tests_name("sessions", tests, NULL, NULL);
}
