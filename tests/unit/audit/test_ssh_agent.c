/* An agent is asked: what it gives is proven before it counts, and it cannot make us wait for ever.
 */
#include "ledger/audit/signer.h"
#include "ledger/audit/ssh_agent.h"
#include "ledger/base/clock.h"
#include "ledger/base/interruption.h"
#include "tests/support/check.h"
#include "tests/support/fake_agent.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT "ledger-event/v1 demo.invalid/ledger-00000001\n{}\n"
#define NOBODY 65534

static char *folder;

static int set_up(void **state)
{
    (void)state;
    folder = scratch_create();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(folder);
    return unsetenv("SSH_AUTH_SOCK");
}

static bool sign(const struct fake_agent *agent, int seconds, struct error *err)
{
    uint8_t signature[64];
    bool ok = ssh_agent_sign(agent->public_key, TEXT, strlen(TEXT), seconds, signature, err);
    assert_true(!ok || crypto_sign_verify_detached(signature, (const uint8_t *)TEXT, strlen(TEXT),
                                                   agent->public_key) == 0);
    return ok;
}

static void check_conduct(enum fake_conduct conduct, const char *reason)
{
    struct fake_agent agent;
    struct error err = {0};
    fake_agent_start(&agent, folder, conduct, NULL, 0);
    check_refused(sign(&agent, 1, &err), &err, reason);
    fake_agent_stop(&agent);
}

static void an_honest_agent_signs(void **state)
{
    static const enum fake_conduct honest[] = {FAKE_HONEST, FAKE_ONE_BY_ONE};
    struct fake_agent agent;
    struct ssh_identity chosen;
    struct error err = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(honest); i++) {
        fake_agent_start(&agent, folder, honest[i], NULL, 0);
        check_ok(sign(&agent, 5, &err), &err);
        check_ok(ssh_agent_choose(NULL, &chosen, &err), &err);
        assert_memory_equal(chosen.public_key, agent.public_key, 32);
        check_ok(ssh_agent_choose(chosen.fingerprint, &chosen, &err), &err);
        check_refused(ssh_agent_choose("SHA256:x", &chosen, &err), &err, "agent.key-missing");
        fake_agent_stop(&agent);
    }
}

static void the_longest_text_is_signed_and_a_longer_one_not_sent(void **state)
{
    size_t longest = SSH_REQUEST_MAX - 4 - 1 - 4 - 51 - 4 - 4;
    char *text = calloc(longest + 1, 1);
    uint8_t signature[64];
    struct fake_agent agent;
    struct error err = {0};

    (void)state;
    assert_non_null(text);
    fake_agent_start(&agent, folder, FAKE_HONEST, NULL, 0);
    check_ok(ssh_agent_sign(agent.public_key, text, longest, 5, signature, &err), &err);
    check_refused(ssh_agent_sign(agent.public_key, text, longest + 1, 5, signature, &err), &err,
                  "agent.too-long");
    fake_agent_stop(&agent);
    free(text);
}

static void what_is_no_signature_of_this_text_by_this_key_is_refused(void **state)
{
    (void)state;
    check_conduct(FAKE_SIGNS_OTHER, "agent.signature");
    check_conduct(FAKE_OTHER_KEY, "agent.signature");
}

static void a_refusal_is_told_from_a_key_that_is_not_there(void **state)
{
    (void)state;
    check_conduct(FAKE_REFUSES, "agent.refused");
    check_conduct(FAKE_EMPTY, "agent.key-missing");
}

static void a_silent_agent_is_not_waited_for_longer_than_was_said(void **state)
{
    int64_t before = clock_milliseconds();
    (void)state;
    check_conduct(FAKE_SILENT, "agent.timeout");
    int64_t waited = clock_milliseconds() - before;
    assert_true(waited >= 1000 && waited < 20000);
}

static void what_is_no_answer_is_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } says[] = {
        {"", 0},                 /* hangs up */
        {"\0\0", 2},             /* within the length */
        {"\0\0\0\0", 4},         /* of nothing */
        {"\377\377\377\377", 4}, /* of 4 GiB */
        {"\0\0\0\144\14", 5},    /* of more than comes */
        {"\0\0\0\1\6", 5},       /* success, of what? */
        {"\0\0\0\1\16", 5},      /* a signature without one */
        {"\0\0\0\2\5\0", 6},     /* no, and something more */
        {"GET / HTTP/1.1\r\n\r\n", 18},
    };
    struct fake_agent agent;
    struct ssh_identities *held = calloc(1, sizeof *held);
    struct error err = {0};

    (void)state;
    assert_non_null(held);
    for (size_t i = 0; i < COUNT_OF(says); i++) {
        fake_agent_start(&agent, folder, FAKE_SAYS, says[i].bytes, says[i].length);
        check_refused(sign(&agent, 5, &err), &err, "agent.reply");
        check_refused(ssh_agent_list(held, &err), &err, "agent.reply");
        fake_agent_stop(&agent);
    }
    free(held);
}

static void where_nobody_listens_it_is_said(void **state)
{
    struct fake_agent agent = {.process = -1};
    struct error err = {0};
    char path[300];

    (void)state;
    assert_int_equal(unsetenv("SSH_AUTH_SOCK"), 0);
    check_refused(sign(&agent, 1, &err), &err, "agent.not-running");
    assert_int_equal(setenv("SSH_AUTH_SOCK", "", 1), 0);
    check_refused(sign(&agent, 1, &err), &err, "agent.not-running");
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(setenv("SSH_AUTH_SOCK", path, 1), 0);
    check_refused(sign(&agent, 1, &err), &err, "agent.not-running");
    fake_agent_start(&agent, folder, FAKE_HONEST, NULL, 0);
    fake_agent_stop(&agent);
    check_refused(sign(&agent, 1, &err), &err, "agent.not-running");
}

/* What a signal does while a command holds something half made, such as a book. */
static void a_signal_ends_the_waiting(void **state)
{
    struct fake_agent agent;
    struct error err = {0};
    AUTO_INTERRUPTION interruption = {0};
    sigset_t pending;

    (void)state;
    fake_agent_start(&agent, folder, FAKE_SILENT, NULL, 0);
    interruption_hold(&interruption);
    pid_t child = fork();
    if (child == 0) {
        (void)usleep(200000);
        (void)kill(getppid(), SIGINT);
        _exit(0);
    }
    int64_t before = clock_milliseconds();
    check_refused(sign(&agent, 60, &err), &err, "agent.interrupted");
    check_text_equal(err.next, "give the command again");
    assert_true(clock_milliseconds() - before < 20000);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGINT), 1);
    /* Taken away, or the end of the hold would end this program. */
    assert_true(signal(SIGINT, SIG_IGN) != SIG_ERR && signal(SIGINT, SIG_DFL) != SIG_ERR);
    fake_agent_stop(&agent);
}

/* Who this program is, as ssh_agent.c asks; NOT_WRAPPED: as it is. */
#define NOT_WRAPPED ((uid_t)-1)
static uid_t supposed_user = NOT_WRAPPED;
uid_t __real_geteuid(void);
uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
    return supposed_user == NOT_WRAPPED ? __real_geteuid() : supposed_user;
}

/* Whoever runs this: the agent is this user's, and the program then another's. */
static void an_agent_of_another_user_is_refused(void **state)
{
    struct fake_agent agent;
    struct error err = {0};

    (void)state;
    fake_agent_start(&agent, folder, FAKE_HONEST, NULL, 0);
    supposed_user = geteuid() + 1;
    bool signed_it = sign(&agent, 5, &err);
    supposed_user = NOT_WRAPPED;
    assert_false(signed_it);
    check_text_equal(err.reason, "agent.not-ours");
    fake_agent_stop(&agent);
}

/* The same where the other user is real, which only root can arrange. */
static void an_agent_of_root_is_refused_to_nobody(void **state)
{
    struct fake_agent agent;
    struct error err = {0};
    int status = 0;

    (void)state;
    if (geteuid() != 0) {
        skip(); /* the case above is anybody's */
    }
    fake_agent_start(&agent, folder, FAKE_HONEST, NULL, 0);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(chmod(agent.path, 0777), 0);
    pid_t child = fork();
    if (child == 0) {
        bool other = setresuid(NOBODY, NOBODY, NOBODY) == 0 && !sign(&agent, 5, &err) &&
                     strcmp(err.reason, "agent.not-ours") == 0;
        _exit(other ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    fake_agent_stop(&agent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_honest_agent_signs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_longest_text_is_signed_and_a_longer_one_not_sent,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_signature_of_this_text_by_this_key_is_refused,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_is_told_from_a_key_that_is_not_there, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_silent_agent_is_not_waited_for_longer_than_was_said,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_answer_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_nobody_listens_it_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_signal_ends_the_waiting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_agent_of_another_user_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_agent_of_root_is_refused_to_nobody, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("ssh_agent", tests, NULL, NULL);
}
