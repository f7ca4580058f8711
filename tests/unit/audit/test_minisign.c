#include "ledger/audit/minisign.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

static struct minisign_secret secret_of(uint8_t byte)
{
    uint8_t seed[32] = {byte};
    uint8_t number[MINISIGN_NUMBER_SIZE] = {1, 2, 3, 4, 5, 6, 7, byte};
    struct minisign_secret secret;
    minisign_secret_from_seed(number, seed, &secret);
    return secret;
}

struct signed_file {
    struct minisign_secret secret;
    uint8_t digest[MINISIGN_DIGEST_SIZE];
    struct buffer text;
};

static void sign(struct signed_file *ret)
{
    ret->secret = secret_of(1);
    minisign_digest("the file", 8, ret->digest);
    buffer_init(&ret->text, MINISIGN_SIGNATURE_MAX + 10);
    minisign_sign(&ret->secret, ret->digest, "not covered", "origin=x size=1", &ret->text);
}

static bool verifies(const struct signed_file *file, const char *text, size_t length,
                     struct error *err)
{
    char comment[MINISIGN_COMMENT_MAX + 1];
    return minisign_verify(&file->secret.key, file->digest, text, length, comment, err);
}

static void signature_gives_back_its_trusted_comment(void **state)
{
    (void)state;
    struct signed_file file;
    struct error err;
    char comment[MINISIGN_COMMENT_MAX + 1];
    sign(&file);
    check_ok(minisign_verify(&file.secret.key, file.digest, file.text.data, file.text.length,
                             comment, &err),
             &err);
    check_text_equal(comment, "origin=x size=1");
    buffer_release(&file.text);
}

/* Only the comment that nothing covers may change, and it may not become another line. */
static void every_changed_bit_but_of_the_untrusted_comment_is_refused(void **state)
{
    (void)state;
    struct signed_file file;
    struct error err;
    sign(&file);
    size_t prefix = strlen("untrusted comment: ");
    size_t comment_end = strcspn(file.text.data, "\n");
    for (size_t bit = 0; bit < 8 * file.text.length; bit++) {
        size_t at = bit / 8;
        file.text.data[at] ^= (char)(1 << bit % 8);
        bool ok = verifies(&file, file.text.data, file.text.length, &err);
        assert_true(!ok || (at >= prefix && at < comment_end));
        file.text.data[at] ^= (char)(1 << bit % 8);
    }
    for (size_t length = 0; length < file.text.length; length++) {
        assert_false(verifies(&file, file.text.data, length, &err));
    }
    buffer_add_byte(&file.text, '\n');
    check_refused(verifies(&file, file.text.data, file.text.length, &err), &err,
                  "minisign.malformed");
    buffer_release(&file.text);
}

static void other_file_key_and_form_are_refused(void **state)
{
    (void)state;
    struct signed_file file;
    struct error err;
    sign(&file);
    file.digest[0] ^= 1;
    check_refused(verifies(&file, file.text.data, file.text.length, &err), &err,
                  "minisign.signature");
    file.digest[0] ^= 1;
    file.secret.key = secret_of(2).key;
    check_refused(verifies(&file, file.text.data, file.text.length, &err), &err,
                  "minisign.other-key");
    file.secret.key = secret_of(1).key;
    memset(file.secret.key.public_key, 0, sizeof file.secret.key.public_key);
    check_refused(verifies(&file, file.text.data, file.text.length, &err), &err,
                  "minisign.signature");
    file.secret.key = secret_of(1).key;
    /* "RUQ" is the base64 of "ED", "RWQ" of "Ed": the form over the file itself. */
    char *algorithm = strchr(file.text.data, '\n') + 1;
    assert_true(algorithm[0] == 'R' && algorithm[1] == 'U');
    algorithm[1] = 'W';
    check_refused(verifies(&file, file.text.data, file.text.length, &err), &err,
                  "minisign.malformed");
    buffer_release(&file.text);
}

static void windows_line_ends_are_refused(void **state)
{
    (void)state;
    struct signed_file file;
    struct error err;
    sign(&file);
    AUTO_BUFFER text;
    buffer_init(&text, MINISIGN_SIGNATURE_MAX);
    for (const char *at = file.text.data; *at != '\0'; at++) {
        if (*at == '\n') {
            buffer_add_byte(&text, '\r');
        }
        buffer_add_byte(&text, *at);
    }
    check_refused(verifies(&file, text.data, text.length, &err), &err, "minisign.malformed");
    buffer_release(&file.text);
}

static void public_key_reads_back(void **state)
{
    (void)state;
    struct minisign_key key = secret_of(1).key;
    struct minisign_key parsed;
    struct error err;
    AUTO_BUFFER file;
    char text[MINISIGN_KEY_TEXT_SIZE];
    buffer_init(&file, 1000);
    minisign_key_format(&key, text);
    check_int_equal((int64_t)strlen(text), MINISIGN_KEY_TEXT_SIZE - 1);
    assert_true(strncmp(text, "RWQ", 3) == 0);
    check_ok(minisign_key_parse(text, strlen(text), &parsed, &err), &err);
    assert_memory_equal(&parsed, &key, sizeof key);
    minisign_key_file_add(&key, &file);
    assert_non_null(strstr(file.data, "minisign public key 0107060504030201\n"));
    check_ok(minisign_key_file_parse(file.data, file.length, &parsed, &err), &err);
    assert_memory_equal(&parsed, &key, sizeof key);
    check_refused(minisign_key_file_parse(file.data, file.length - 1, &parsed, &err), &err,
                  "minisign.key");
    check_refused(minisign_key_parse(text, strlen(text) - 1, &parsed, &err), &err, "minisign.key");
    text[1] = 'U'; /* "ED": the kind of a signature, not of a key */
    check_refused(minisign_key_parse(text, strlen(text), &parsed, &err), &err, "minisign.key");
    buffer_add_byte(&file, '\n');
    check_refused(minisign_key_file_parse(file.data, file.length, &parsed, &err), &err,
                  "minisign.key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_gives_back_its_trusted_comment),
        cmocka_unit_test(every_changed_bit_but_of_the_untrusted_comment_is_refused),
        cmocka_unit_test(other_file_key_and_form_are_refused),
        cmocka_unit_test(windows_line_ends_are_refused),
        cmocka_unit_test(public_key_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
