#include "ledger/audit/key.h"

#include "ledger/base/digest.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEMO_NAME "demo.invalid/ledger-00000001/a/wang.li"
#define REAL_NAME "xinhe-coop.example/ledger-7f3a9c21/a/wang.li"

struct place {
    char *folder;
    char path[512];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    assert_non_null(place);
    place->folder = scratch_create();
    (void)snprintf(place->path, sizeof place->path, "%s/wang.key", place->folder);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    scratch_remove(place->folder);
    free(place);
    return 0;
}

static void put(const char *path, const char *text, mode_t mode)
{
    (void)unlink(path);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, mode);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
}

static void a_demo_key_is_kept_without_passphrase(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    struct verifier_key verifier;
    struct error err = {0};
    struct stat status;
    signing_key_generate(DEMO_NAME, KEY_TYPE_ED25519, &key);
    check_ok(key_file_write(place->path, &key, NULL, &err), &err);
    assert_int_equal(stat(place->path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_false(key_file_is_encrypted(place->path));
    check_ok(key_file_read(place->path, NULL, &back, &err), &err);
    assert_memory_equal(&back, &key, sizeof key);
    check_ok(key_file_read_public(place->path, &verifier, &err), &err);
    assert_memory_equal(&verifier, &key.verifier, sizeof verifier);
}

static void nothing_is_left_beside_the_file(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY key;
    struct error err = {0};
    size_t count = 0;
    signing_key_generate(DEMO_NAME, KEY_TYPE_ED25519, &key);
    check_ok(key_file_write(place->path, &key, NULL, &err), &err);
    check_refused(key_file_write(place->path, &key, NULL, &err), &err, "key-file.exists");
    char **names = folder_list(place->folder, &count);
    assert_int_equal(count, 1);
    folder_list_free(names);
}

static void a_key_of_a_real_book_needs_a_passphrase(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    struct error err = {0};
    char vkey[VKEY_TEXT_MAX], seed[45], text[1024];
    signing_key_generate(REAL_NAME, KEY_TYPE_ED25519, &key);
    check_refused(key_file_write(place->path, &key, NULL, &err), &err, "key-file.demo-only");
    (void)snprintf(text, sizeof text, "ledger-key/v1\npub %s\nkdf none\nseed %s\n",
                   verifier_key_format(&key.verifier, vkey), base64_format(key.secret, 32, seed));
    put(place->path, text, 0600);
    check_refused(key_file_read(place->path, NULL, &back, &err), &err, "key-file.demo-only");
}

/* One file and several questions, since each opening costs a second. */
static void a_sealed_key_opens_with_its_passphrase_only(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    struct verifier_key verifier;
    struct error err = {0};
    char seed[45], vkey[VKEY_TEXT_MAX], line[1024];
    signing_key_generate(REAL_NAME, KEY_TYPE_ED25519, &key);
    check_ok(key_file_write(place->path, &key, "correct horse 电池", &err), &err);
    assert_true(key_file_is_encrypted(place->path));
    check_ok(key_file_read_public(place->path, &verifier, &err), &err);
    assert_memory_equal(&verifier, &key.verifier, sizeof verifier);
    check_refused(key_file_read(place->path, NULL, &back, &err), &err, "key-file.needs-passphrase");
    check_refused(key_file_read(place->path, "correct horse 电泄", &back, &err), &err,
                  "key-file.wrong-passphrase");
    check_ok(key_file_read(place->path, "correct horse 电池", &back, &err), &err);
    assert_memory_equal(&back, &key, sizeof key);

    size_t length = 0;
    char *text = file_read(place->path, &length);
    assert_null(strstr(text, base64_format(key.secret, 32, seed)));
    (void)snprintf(line, sizeof line,
                   "ledger-key/v1\npub %s\nkdf argon2id13 ops=3 mem=268435456 salt=",
                   verifier_key_format(&key.verifier, vkey));
    assert_memory_equal(text, line, strlen(line));

    /* Weaker parameters slipped in: the first four lines are associated data. */
    memcpy(strstr(text, "ops=3 mem=268435456"), "ops=2 mem=268435456", 19);
    put(place->path, text, 0600);
    check_refused(key_file_read(place->path, "correct horse 电池", &back, &err), &err,
                  "key-file.wrong-passphrase");
    free(text);
}

static void a_file_sealed_by_another_program_opens(void **state)
{
    const struct place *place = *state;
    /* Written with the parts named in audit-log.md 4.12: Argon2id of "password" with salt
     * "somesaltsomesalt", t=2, 64 MiB, as the reference argon2 tool gives it (vectors.md H). */
    uint8_t file_key[32], sealed[48], nonce[24] = {7};
    char vkey[VKEY_TEXT_MAX], salt[32], nonce64[40], sealed64[72], head[700], text[1024];
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    struct error err = {0};
    signing_key_generate(REAL_NAME, KEY_TYPE_ED25519, &key);
    assert_true(hex_parse("fc33b78139231d34b71626bd6245c1d72efa190ad605c3d8166a72adcedfa2c2",
                          file_key, sizeof file_key));
    int length =
        snprintf(head, sizeof head,
                 "ledger-key/v1\npub %s\nkdf argon2id13 ops=2 mem=67108864 salt=%s\n"
                 "aead xchacha20poly1305-ietf nonce=%s\n",
                 verifier_key_format(&key.verifier, vkey),
                 base64_format("somesaltsomesalt", 16, salt), base64_format(nonce, 24, nonce64));
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, key.secret, 32,
                                               (const unsigned char *)head,
                                               (unsigned long long)length, NULL, nonce, file_key);
    (void)snprintf(text, sizeof text, "%sct %s\n", head, base64_format(sealed, 48, sealed64));
    put(place->path, text, 0600);
    check_ok(key_file_read(place->path, "password", &back, &err), &err);
    assert_memory_equal(&back, &key, sizeof key);
}

static void parameters_out_of_bounds_are_refused_before_any_work(void **state)
{
    const struct place *place = *state;
    static const char *const rows[] = {"ops=1 mem=268435456", "ops=11 mem=268435456",
                                       "ops=3 mem=67108863",  "ops=3 mem=1073741825",
                                       "ops=0 mem=0",         "ops=3 mem=9223372036854775807"};
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    char vkey[VKEY_TEXT_MAX], text[1024], sealed[65];
    signing_key_generate(REAL_NAME, KEY_TYPE_ED25519, &key);
    memset(sealed, 'A', 64);
    sealed[64] = '\0';
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = {0};
        (void)snprintf(text, sizeof text,
                       "ledger-key/v1\npub %s\nkdf argon2id13 %s salt=AAAAAAAAAAAAAAAAAAAAAA==\n"
                       "aead xchacha20poly1305-ietf nonce=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                       "ct %s\n",
                       verifier_key_format(&key.verifier, vkey), rows[i], sealed);
        put(place->path, text, 0600);
        check_refused(key_file_read(place->path, "password", &back, &err), &err,
                      "key-file.parameters");
    }
}

static void files_that_others_can_read_are_refused(void **state)
{
    const struct place *place = *state;
    static const mode_t modes[] = {0644, 0640, 0604, 0660, 0601};
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    struct error err = {0};
    signing_key_generate(DEMO_NAME, KEY_TYPE_ED25519, &key);
    check_ok(key_file_write(place->path, &key, NULL, &err), &err);
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        assert_int_equal(chmod(place->path, modes[i]), 0);
        check_refused(key_file_read(place->path, NULL, &back, &err), &err, "key-file.permissions");
    }
}

static void a_missing_file_says_so(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY back;
    struct error err = {0};
    check_refused(key_file_read(place->path, NULL, &back, &err), &err, "key-file.not-found");
    assert_false(key_file_is_encrypted(place->path));
}

static void a_symbolic_link_is_not_followed(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    struct error err = {0};
    char other[600];
    (void)snprintf(other, sizeof other, "%s/other.key", place->folder);
    signing_key_generate(DEMO_NAME, KEY_TYPE_ED25519, &key);
    check_ok(key_file_write(other, &key, NULL, &err), &err);
    assert_int_equal(symlink(other, place->path), 0);
    check_refused(key_file_read(place->path, NULL, &back, &err), &err, "key-file.permissions");
}

static void every_cut_and_every_changed_line_is_refused(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    struct error err = {0};
    size_t length = 0;
    signing_key_generate(DEMO_NAME, KEY_TYPE_ED25519, &key);
    check_ok(key_file_write(place->path, &key, NULL, &err), &err);
    char *text = file_read(place->path, &length);
    for (size_t cut = 0; cut < length; cut++) {
        char *part = strndup(text, cut);
        put(place->path, part, 0600);
        check_refused(key_file_read(place->path, NULL, &back, &err), &err, "key-file.format");
        free(part);
    }
    /* Each byte raised by one: never another key. */
    for (size_t at = 0; at < length; at++) {
        text[at]++;
        put(place->path, text, 0600);
        assert_false(key_file_read(place->path, NULL, &back, &err));
        text[at]--;
    }
    char longer[1024];
    (void)snprintf(longer, sizeof longer, "%s\n", text);
    put(place->path, longer, 0600);
    check_refused(key_file_read(place->path, NULL, &back, &err), &err, "key-file.format");
    free(text);
}

/* The file names the key, and holds nothing that is secret. */
static void a_key_of_an_agent_is_only_named(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY key;
    AUTO_SIGNING_KEY back;
    struct verifier_key verifier;
    struct error err = {0};
    char wanted[300];
    char vkey[VKEY_TEXT_MAX];
    size_t length = 0;

    signing_key_generate(REAL_NAME, KEY_TYPE_ED25519, &key);
    check_ok(key_file_write_agent(place->path, &key.verifier, &err), &err);
    char *text = file_read(place->path, &length);
    (void)snprintf(wanted, sizeof wanted, "ledger-agent-key/v1\npub %s\n",
                   verifier_key_format(&key.verifier, vkey));
    check_text_equal(text, wanted);
    check_ok(key_file_read_public(place->path, &verifier, &err), &err);
    assert_memory_equal(&verifier, &key.verifier, sizeof verifier);
    assert_true(key_file_names_agent(place->path) && !key_file_is_encrypted(place->path));
    check_refused(key_file_read(place->path, NULL, &back, &err), &err, "key-file.in-agent");
    check_refused(key_file_read_service(place->path, &back, &err), &err, "key-file.format");
    check_refused(key_file_write_agent(place->path, &key.verifier, &err), &err, "key-file.exists");
    for (size_t cut = 0; cut < length; cut++) {
        char *part = strndup(text, cut);
        put(place->path, part, 0600);
        check_refused(key_file_read_public(place->path, &verifier, &err), &err, "key-file.format");
        free(part);
    }
    (void)snprintf(wanted, sizeof wanted, "%sseed x\n", text);
    put(place->path, wanted, 0600);
    check_refused(key_file_read_public(place->path, &verifier, &err), &err, "key-file.format");
    put(place->path, text, 0640);
    check_refused(key_file_read_public(place->path, &verifier, &err), &err, "key-file.permissions");
    free(text);
}

static void a_file_that_cannot_be_written_says_why(void **state)
{
    const struct place *place = *state;
    AUTO_SIGNING_KEY key;
    struct error err = {0};
    char path[600];
    (void)snprintf(path, sizeof path, "%s/none/wang.key", place->folder);
    signing_key_generate(DEMO_NAME, KEY_TYPE_ED25519, &key);
    check_refused(key_file_write(path, &key, NULL, &err), &err, "key-file.write");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_demo_key_is_kept_without_passphrase),
        TEST(nothing_is_left_beside_the_file),
        TEST(a_key_of_a_real_book_needs_a_passphrase),
        TEST(a_sealed_key_opens_with_its_passphrase_only),
        TEST(a_file_sealed_by_another_program_opens),
        TEST(parameters_out_of_bounds_are_refused_before_any_work),
        TEST(files_that_others_can_read_are_refused),
        TEST(a_missing_file_says_so),
        TEST(a_symbolic_link_is_not_followed),
        TEST(every_cut_and_every_changed_line_is_refused),
        TEST(a_key_of_an_agent_is_only_named),
        TEST(a_file_that_cannot_be_written_says_why),
    };
    return cmocka_run_group_tests_name("key file", tests, NULL, NULL);
}
