#include "ledger/audit/note.h"
#include "tests/support/check.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *data_file(const char *name, const char *ending, size_t *ret_length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/tests/conformance/data/notes/%s.%s", TEST_SOURCE_DIR, name,
             ending);
    return file_read(path, ret_length);
}

static struct verifier_key data_key(const char *name)
{
    size_t length = 0;
    char *text = data_file(name, "vkey", &length);
    struct verifier_key key;
    struct error err;
    text[strcspn(text, "\n")] = '\0';
    check_ok(verifier_key_parse(text, &key, &err), &err);
    free(text);
    return key;
}

static bool opens(const char *bytes, size_t length, const struct verifier_key *key)
{
    struct note note;
    struct error err;
    uint64_t by = 0;
    return note_parse(bytes, length, &note, &err) && note_open(&note, &key, 1, &by, &err);
}

static void notes_of_others_open_with_their_keys(void **state)
{
    (void)state;
    static const char *const names[] = {"a1.1", "a1.2", "a1.3", "a1.4"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t length = 0;
        struct verifier_key key = data_key(names[i]);
        char *bytes = data_file(names[i], "note", &length);
        assert_true(opens(bytes, length, &key));
        free(bytes);
    }
}

static void signing_again_gives_the_same_line(void **state)
{
    (void)state;
    static const char *const names[] = {"a1.2", "a1.3"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t length = 0;
        struct verifier_key key = data_key(names[i]);
        char *bytes = data_file(names[i], "note", &length);
        char *hex = data_file(names[i], "seed", &(size_t){0});
        uint8_t seed[32];
        hex[64] = '\0';
        assert_true(hex_parse(hex, seed, sizeof seed));
        struct signing_key signer;
        signing_key_from_seed(key.name, KEY_TYPE_ED25519, seed, &signer);
        assert_memory_equal(signer.verifier.public_key, key.public_key, 32);
        struct note note;
        struct error err;
        check_ok(note_parse(bytes, length, &note, &err), &err);
        AUTO_BUFFER line;
        buffer_init(&line, 1000);
        signature_line_add(&signer, note.text, note.length, &line);
        assert_non_null(strstr(bytes, line.data));
        free(hex);
        free(bytes);
    }
}

static void no_changed_text_opens(void **state)
{
    (void)state;
    size_t length = 0;
    struct verifier_key key = data_key("a1.2");
    char *bytes = data_file("a1.2", "note", &length);
    struct note note;
    struct error err;
    check_ok(note_parse(bytes, length, &note, &err), &err);
    for (size_t bit = 0; bit < 8 * note.length; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        assert_false(opens(bytes, length, &key));
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_true(opens(bytes, length, &key));
    free(bytes);
}

/* Base64 of 68 bytes has no unused bits but its padding; so no bit of the line may change. */
static void no_changed_signature_line_opens(void **state)
{
    (void)state;
    size_t length = 0;
    struct verifier_key key = data_key("a1.1");
    char *bytes = data_file("a1.1", "note", &length);
    for (size_t bit = 8 * 28; bit < 8 * length; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        assert_false(opens(bytes, length, &key));
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    free(bytes);
}

static void no_shortened_note_with_one_line_opens(void **state)
{
    (void)state;
    size_t length = 0;
    struct verifier_key key = data_key("a1.1");
    char *bytes = data_file("a1.1", "note", &length);
    for (size_t i = 0; i < length; i++) {
        assert_false(opens(bytes, i, &key));
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_of_others_open_with_their_keys),
        cmocka_unit_test(signing_again_gives_the_same_line),
        cmocka_unit_test(no_changed_text_opens),
        cmocka_unit_test(no_changed_signature_line_opens),
        cmocka_unit_test(no_shortened_note_with_one_line_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
