#include "tests/unit/audit/sample_log.h"

#include "ledger/audit/privacy.h"
#include "tests/support/file.h"

#include <sys/stat.h>
#include <unistd.h>

#define ID_A "11010519491231002X" /* the sample of the published standard, nobody's */
#define ID_B "511802199001010015"

static struct privacy_keys new_keys(struct sample *s)
{
    struct privacy_keys keys;
    struct error err = {0};
    check_ok(privacy_keys_create(s->folder, &err), &err);
    check_ok(privacy_keys_load(s->folder, &keys, &err), &err);
    return keys;
}

static void create(struct sample *s, const struct privacy_keys *keys, char ret[SUBJECT_SIZE])
{
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(s->store, &transaction, &err), &err);
    struct personal_draw draw;
    personal_draw_make(&draw);
    check_ok(privacy_subject_create(s->store, keys, SAMPLE_ORIGIN, &draw.subject, ret, &err), &err);
    check_ok(transaction_commit(&transaction, &err), &err);
}

static bool put_and_commit_to(struct sample *s, const struct privacy_keys *keys,
                              const char *subject, enum personal_field field, const char *value,
                              struct sha256 *ret_commitment, struct error *err)
{
    AUTO_TRANSACTION transaction = {0};
    struct personal_draw draw;
    personal_draw_make(&draw);
    return transaction_begin(s->store, &transaction, err) &&
           privacy_put(s->store, keys, SAMPLE_ORIGIN, subject, field, value, draw.salt[field],
                       ret_commitment, err) &&
           transaction_commit(&transaction, err);
}

static bool put(struct sample *s, const struct privacy_keys *keys, const char *subject,
                enum personal_field field, const char *value, struct error *err)
{
    struct sha256 commitment;
    return put_and_commit_to(s, keys, subject, field, value, &commitment, err);
}

static const char *get(struct sample *s, const struct privacy_keys *keys, const char *subject,
                       enum personal_field field)
{
    const char *value = NULL;
    struct error err = {0};
    check_ok(privacy_get(s->store, keys, SAMPLE_ORIGIN, subject, field, &s->arena, &value, &err),
             &err);
    return value;
}

static void the_keys_of_a_book_are_made_once_and_kept(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s), again;
    struct error err = {0};
    struct stat status;
    check_ok(privacy_keys_load(s->folder, &again, &err), &err);
    assert_memory_equal(&keys, &again, sizeof keys);
    assert_int_equal(keys.epoch, 1);
    assert_memory_not_equal(keys.index_key, keys.key_encryption_key, 32);
    check_refused(privacy_keys_create(s->folder, &err), &err, "privacy.key-exists");
    assert_int_equal(stat(arena_printf(&s->arena, "%s/privacy.key", s->folder), &status), 0);
    assert_int_equal(status.st_mode & 07777 & ~0640U, 0);
    privacy_keys_wipe(&keys);
    struct privacy_keys zero;
    memset(&zero, 0, sizeof zero);
    assert_memory_equal(&keys, &zero, sizeof zero);
}

static void keys_that_are_missing_open_or_damaged_are_refused(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys;
    struct error err = {0};
    const char *path = arena_printf(&s->arena, "%s/privacy.key", s->folder);
    check_refused(privacy_keys_load(s->folder, &keys, &err), &err, "privacy.key-missing");
    check_ok(privacy_keys_create(s->folder, &err), &err);
    static const mode_t modes[] = {0644, 0641, 0660, 0642};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        assert_int_equal(chmod(path, modes[i]), 0);
        check_refused(privacy_keys_load(s->folder, &keys, &err), &err, "privacy.key-permissions");
    }
    assert_int_equal(chmod(path, 0640), 0);
    check_ok(privacy_keys_load(s->folder, &keys, &err), &err);
    size_t length = 0;
    char *text = file_read(path, &length);
    for (size_t cut = 0; cut < length; cut++) {
        assert_int_equal(truncate(path, (off_t)cut), 0);
        check_refused(privacy_keys_load(s->folder, &keys, &err), &err, "privacy.key-format");
        FILE *file = fopen(path, "we");
        assert_int_equal(fwrite(text, 1, length, file), length);
        fclose(file);
    }
    FILE *file = fopen(path, "ae");
    fputc('\n', file);
    fclose(file);
    check_refused(privacy_keys_load(s->folder, &keys, &err), &err, "privacy.key-format");
    free(text);
}

static void a_value_comes_back_and_the_newest_counts(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    char subject[SUBJECT_SIZE];
    create(s, &keys, subject);
    assert_int_equal(strlen(subject), 34);
    assert_null(get(s, &keys, subject, FIELD_NAME));
    check_ok(put(s, &keys, subject, FIELD_NAME, "王丽", &err), &err);
    check_ok(put(s, &keys, subject, FIELD_PHONE, "+8613812345678", &err), &err);
    check_text_equal(get(s, &keys, subject, FIELD_NAME), "王丽");
    check_ok(put(s, &keys, subject, FIELD_NAME, "王立", &err), &err);
    check_text_equal(get(s, &keys, subject, FIELD_NAME), "王立");
    check_text_equal(get(s, &keys, subject, FIELD_PHONE), "+8613812345678");
    assert_null(get(s, &keys, "m-00000000000000000000000000000000", FIELD_NAME));
    assert_null(get(s, &keys, "nobody", FIELD_NAME));
}

static void values_may_be_as_long_as_the_limit(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    char subject[SUBJECT_SIZE];
    char value[PERSONAL_VALUE_MAX + 2] = {0};
    create(s, &keys, subject);
    for (size_t length = 0; length <= PERSONAL_VALUE_MAX; length += 31) {
        memset(value, 'x', length);
        check_ok(put(s, &keys, subject, FIELD_NAME, value, &err), &err);
        check_text_equal(get(s, &keys, subject, FIELD_NAME), value);
    }
    memset(value, 'x', PERSONAL_VALUE_MAX);
    check_ok(put(s, &keys, subject, FIELD_NAME, value, &err), &err);
    check_text_equal(get(s, &keys, subject, FIELD_NAME), value);
    value[PERSONAL_VALUE_MAX] = 'x';
    check_refused(put(s, &keys, subject, FIELD_NAME, value, &err), &err, "person.value-too-long");
}

static void the_commitment_is_salted(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    struct sha256 a, b;
    char subject[SUBJECT_SIZE];
    create(s, &keys, subject);
    check_ok(put_and_commit_to(s, &keys, subject, FIELD_NAME, "王", &a, &err), &err);
    check_ok(put_and_commit_to(s, &keys, subject, FIELD_NAME, "王", &b, &err), &err);
    assert_false(sha256_equal(&a, &b));
}

static void an_identity_number_finds_its_subject_and_nobody_else(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s), other = keys;
    struct error err = {0};
    char subject[SUBJECT_SIZE], found[SUBJECT_SIZE];
    create(s, &keys, subject);
    check_ok(put(s, &keys, subject, FIELD_ID_NO, ID_A, &err), &err);
    check_ok(put(s, &keys, subject, FIELD_NAME, "王丽", &err), &err);
    check_ok(privacy_find(s->store, &keys, FIELD_ID_NO, ID_A, found, &err), &err);
    check_text_equal(found, subject);
    check_ok(privacy_find(s->store, &keys, FIELD_ID_NO, ID_B, found, &err), &err);
    check_text_equal(found, "");
    check_ok(privacy_find(s->store, &keys, FIELD_NAME, "王丽", found, &err), &err);
    check_text_equal(found, ""); /* names are not indexed */
    other.index_key[0] ^= 1;
    check_ok(privacy_find(s->store, &other, FIELD_ID_NO, ID_A, found, &err), &err);
    check_text_equal(found, "");
}

static void nobody_else_may_have_the_same_identity_number(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    char first[SUBJECT_SIZE], second[SUBJECT_SIZE];
    create(s, &keys, first);
    create(s, &keys, second);
    check_ok(put(s, &keys, first, FIELD_ID_NO, ID_A, &err), &err);
    check_refused(put(s, &keys, second, FIELD_ID_NO, ID_A, &err), &err, "person.id-number-known");
    assert_null(strstr(err.text, ID_A));
    assert_null(get(s, &keys, second, FIELD_ID_NO));
    check_ok(put(s, &keys, first, FIELD_ID_NO, ID_A, &err), &err); /* the same person again */
}

static void a_corrected_identity_number_frees_the_wrong_one(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    char first[SUBJECT_SIZE], second[SUBJECT_SIZE], found[SUBJECT_SIZE];
    create(s, &keys, first);
    create(s, &keys, second);
    check_ok(put(s, &keys, first, FIELD_ID_NO, ID_A, &err), &err);
    check_ok(put(s, &keys, first, FIELD_ID_NO, ID_B, &err), &err);
    check_ok(privacy_find(s->store, &keys, FIELD_ID_NO, ID_A, found, &err), &err);
    check_text_equal(found, "");
    check_ok(privacy_find(s->store, &keys, FIELD_ID_NO, ID_B, found, &err), &err);
    check_text_equal(found, first);
    check_ok(put(s, &keys, second, FIELD_ID_NO, ID_A, &err), &err);
}

static void check_damaged(struct sample *s, const struct privacy_keys *keys, const char *subject,
                          enum personal_field field, const char *origin)
{
    const char *value = NULL;
    struct error err = {0};
    check_refused(privacy_get(s->store, keys, origin, subject, field, &s->arena, &value, &err),
                  &err, "privacy.damaged");
    assert_null(value);
}

static void other_keys_and_other_books_open_nothing(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s), other = keys;
    struct error err = {0};
    char subject[SUBJECT_SIZE];
    create(s, &keys, subject);
    check_ok(put(s, &keys, subject, FIELD_NAME, "王丽", &err), &err);
    other.key_encryption_key[31] ^= 1;
    check_damaged(s, &other, subject, FIELD_NAME, SAMPLE_ORIGIN);
    check_damaged(s, &keys, subject, FIELD_NAME, "demo.invalid/ledger-0000abce");
}

static void a_ciphertext_moved_elsewhere_does_not_open(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    char first[SUBJECT_SIZE], second[SUBJECT_SIZE];
    create(s, &keys, first);
    create(s, &keys, second);
    check_ok(put(s, &keys, first, FIELD_NAME, "王丽", &err), &err);
    check_ok(put(s, &keys, first, FIELD_PHONE, "+8613812345678", &err), &err);
    check_ok(put(s, &keys, second, FIELD_NAME, "李娜", &err), &err);
    static const char *const moves[] = {
        /* from another person, from another field, an older version as a newer one */
        "UPDATE pii_field SET (nonce, ciphertext) = (SELECT nonce, ciphertext FROM kept AS f"
        " WHERE f.subject <> pii_field.subject AND f.field = 'name') WHERE field = 'name'",
        "UPDATE pii_field SET (nonce, ciphertext) = (SELECT nonce, ciphertext FROM kept AS f"
        " WHERE f.subject = pii_field.subject AND f.field = 'phone') WHERE field = 'name'"
        " AND EXISTS (SELECT 1 FROM pii_field AS p WHERE p.subject = pii_field.subject"
        " AND p.field = 'phone')",
        "UPDATE pii_field SET version = 2 WHERE field = 'name'",
        "UPDATE pii_field SET ciphertext = substr(ciphertext, 1, 20)",
        "UPDATE pii_field SET ciphertext = zeroblob(2000)",
    };
    for (size_t i = 0; i < COUNT_OF(moves); i++) {
        static const char keep[] = "CREATE TABLE kept AS SELECT * FROM pii_field";
        sample_tamper(s, keep, NULL, 0);
        sample_tamper(s, moves[i], NULL, 0);
        check_damaged(s, &keys, first, FIELD_NAME, SAMPLE_ORIGIN);
        sample_tamper(s, "DELETE FROM pii_field", NULL, 0);
        sample_tamper(s, "INSERT INTO pii_field SELECT * FROM kept", NULL, 0);
        sample_tamper(s, "DROP TABLE kept", NULL, 0);
        check_text_equal(get(s, &keys, first, FIELD_NAME), "王丽");
    }
    sample_tamper(s, "CREATE TABLE kept AS SELECT * FROM pii_key", NULL, 0);
    sample_tamper(s,
                  "UPDATE pii_key SET (nonce, wrapped) = (SELECT nonce, wrapped FROM kept AS k"
                  " WHERE k.subject <> pii_key.subject)",
                  NULL, 0);
    check_damaged(s, &keys, first, FIELD_NAME, SAMPLE_ORIGIN);
}

static void an_erased_person_is_gone_and_stays_so(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    char subject[SUBJECT_SIZE];
    create(s, &keys, subject);
    check_ok(put(s, &keys, subject, FIELD_NAME, "王丽", &err), &err);
    sample_tamper(s, "DELETE FROM pii_field", NULL, 0);
    sample_tamper(s, "DELETE FROM pii_key", NULL, 0);
    assert_null(get(s, &keys, subject, FIELD_NAME));
    check_refused(put(s, &keys, subject, FIELD_NAME, "王丽", &err), &err, "person.erased");
}

static void nothing_personal_stands_in_the_files_of_the_book(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    char subject[SUBJECT_SIZE];
    create(s, &keys, subject);
    check_ok(put(s, &keys, subject, FIELD_ID_NO, ID_A, &err), &err);
    check_ok(put(s, &keys, subject, FIELD_PHONE, "+8613812345678", &err), &err);
    check_ok(put(s, &keys, subject, FIELD_NAME, "王丽", &err), &err);
    struct sha256 bare = sha256_of(ID_A, strlen(ID_A));
    s->store = store_close(s->store);
    size_t length = 0;
    char *bytes = file_read(s->path, &length);
    assert_non_null(memmem(bytes, length, subject, strlen(subject))); /* the search does find */
    assert_null(memmem(bytes, length, ID_A, strlen(ID_A)));
    assert_null(memmem(bytes, length, "13812345678", 11));
    assert_null(memmem(bytes, length, "王丽", strlen("王丽")));
    assert_null(memmem(bytes, length, bare.byte, sizeof bare.byte));
    free(bytes);
    check_ok(store_open(s->path, STORE_WRITE, &s->store, &err), &err);
}

static void the_mac_of_a_request_is_never_an_index_entry(void **state)
{
    struct sample *s = *state;
    struct privacy_keys keys = new_keys(s);
    struct error err = {0};
    char subject[SUBJECT_SIZE];
    create(s, &keys, subject);
    check_ok(put(s, &keys, subject, FIELD_ID_NO, ID_A, &err), &err);
    static const char text[] = "id_no\n" ID_A;
    struct sha256 mac = privacy_mac(&keys, text, strlen(text));
    struct sha256 again = privacy_mac(&keys, text, strlen(text));
    struct sha256 index = hmac_sha256(keys.index_key, "", text, strlen(text));
    assert_true(sha256_equal(&mac, &again));
    assert_false(sha256_equal(&mac, &index));
    AUTO_STATEMENT struct statement *query =
        store_query(s->store, "SELECT count(*) FROM pii_index WHERE mac = $1");
    bind_sha256(query, 1, &index); /* audit-log.md 4.11: HMAC(field LF value) */
    assert_true(statement_one(query));
    check_int_equal(column_int(query, 0), 1);
    check_ok(statement_end(query, &err), &err);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_keys_of_a_book_are_made_once_and_kept),
        TEST(keys_that_are_missing_open_or_damaged_are_refused),
        TEST(a_value_comes_back_and_the_newest_counts),
        TEST(values_may_be_as_long_as_the_limit),
        TEST(the_commitment_is_salted),
        TEST(an_identity_number_finds_its_subject_and_nobody_else),
        TEST(nobody_else_may_have_the_same_identity_number),
        TEST(a_corrected_identity_number_frees_the_wrong_one),
        TEST(other_keys_and_other_books_open_nothing),
        TEST(a_ciphertext_moved_elsewhere_does_not_open),
        TEST(an_erased_person_is_gone_and_stays_so),
        TEST(nothing_personal_stands_in_the_files_of_the_book),
        TEST(the_mac_of_a_request_is_never_an_index_entry),
    };
    return cmocka_run_group_tests_name("privacy", tests, NULL, NULL);
}
