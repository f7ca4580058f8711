/* A key and signatures that minisign 0.11 made, against ours:
 *
 *     minisign -G -W -p theirs.pub -s theirs.key
 *     minisign -S -s theirs.key -m file -x file.minisig -c '...' -t '...'    and -S -l: file.legacy
 *
 * (That minisign takes ours is tried in outside/.) */
#include "ledger/audit/minisign.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct signed_file {
    struct minisign_key key;
    uint8_t digest[MINISIGN_DIGEST_SIZE];
};

static char *read_data(const char *name, size_t *ret_length)
{
    char path[512];
    (void)snprintf(path, sizeof path, TEST_SOURCE_DIR "/tests/conformance/data/minisign/%s", name);
    return file_read(path, ret_length);
}

static struct signed_file their_file(void)
{
    struct signed_file file;
    struct error err = {0};
    size_t length = 0;
    char *key = read_data("theirs.pub", &length);
    check_ok(minisign_key_file_parse(key, length, &file.key, &err), &err);
    free(key);
    char *bytes = read_data("file", &length);
    minisign_digest(bytes, length, file.digest);
    free(bytes);
    return file;
}

static bool verifies(const struct signed_file *file, const char *signature, size_t length,
                     struct error *err)
{
    char comment[MINISIGN_COMMENT_MAX + 1];
    return minisign_verify(&file->key, file->digest, signature, length, comment, err);
}

static void their_signature_holds_with_its_comment(void **state)
{
    (void)state;
    struct signed_file file = their_file();
    struct error err = {0};
    char comment[MINISIGN_COMMENT_MAX + 1];
    size_t length = 0;
    char *signature = read_data("file.minisig", &length);
    check_ok(minisign_verify(&file.key, file.digest, signature, length, comment, &err), &err);
    check_text_equal(comment, "origin=demo.invalid/ledger-00000001 size=9");
    file.digest[0] ^= 1;
    check_refused(verifies(&file, signature, length, &err), &err, "minisign.signature");
    free(signature);
}

static void their_older_form_is_refused(void **state)
{
    (void)state;
    struct signed_file file = their_file();
    struct error err = {0};
    size_t length = 0;
    char *signature = read_data("file.legacy", &length);
    check_refused(verifies(&file, signature, length, &err), &err, "minisign.malformed");
    free(signature);
}

static void no_changed_bit_of_theirs_holds(void **state)
{
    (void)state;
    struct signed_file file = their_file();
    struct error err = {0};
    size_t length = 0;
    char *signature = read_data("file.minisig", &length);
    for (size_t bit = 8 * (strcspn(signature, "\n") + 1); bit < 8 * length; bit++) {
        signature[bit / 8] ^= (char)(1 << bit % 8);
        if (verifies(&file, signature, length, &err)) {
            fail_msg("bit %zu turned, and accepted", bit);
        }
        signature[bit / 8] ^= (char)(1 << bit % 8);
    }
    check_ok(verifies(&file, signature, length, &err), &err);
    free(signature);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(their_signature_holds_with_its_comment),
        cmocka_unit_test(their_older_form_is_refused),
        cmocka_unit_test(no_changed_bit_of_theirs_holds),
    };
    return cmocka_run_group_tests_name("minisign of others", tests, NULL, NULL);
}
