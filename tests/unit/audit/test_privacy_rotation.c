/* The key that wraps the data keys gives way to the next, wherever that may break off. */
#include "tests/unit/audit/sample_log.h"

#include "ledger/audit/privacy.h"
#include "tests/support/file.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MAX_HERE 600
#define ID_A "11010519491231002X" /* the sample of the published standard, nobody's */

/* A book with two subjects, the first of whom has a name and a number. */
struct people {
    struct privacy_keys keys;
    char first[SUBJECT_SIZE], second[SUBJECT_SIZE];
};

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

static void put(struct sample *s, const struct people *p, enum personal_field field,
                const char *value)
{
    struct sha256 commitment;
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(s->store, &transaction, &err), &err);
    struct personal_draw draw;
    personal_draw_make(&draw);
    check_ok(privacy_put(s->store, &p->keys, SAMPLE_ORIGIN, p->first, field, value,
                         draw.salt[field], &commitment, &err),
             &err);
    check_ok(transaction_commit(&transaction, &err), &err);
}

static struct people people(struct sample *s)
{
    struct people p;
    struct error err = {0};
    check_ok(privacy_keys_create(s->folder, &err), &err);
    check_ok(privacy_keys_in_force(s->store, s->folder, &p.keys, &err), &err);
    check_int_equal(p.keys.epoch, 1);
    create(s, &p.keys, p.first);
    create(s, &p.keys, p.second);
    put(s, &p, FIELD_NAME, "王丽");
    put(s, &p, FIELD_ID_NO, ID_A);
    return p;
}

static void rotated(struct sample *s, uint32_t epoch)
{
    struct rotation rotation = {0};
    struct error err = {0};
    check_ok(privacy_keys_rotate(s->store, s->folder, SAMPLE_ORIGIN, false, &rotation, &err), &err);
    check_int_equal(rotation.epoch, epoch);
    check_int_equal(rotation.data_keys, 2);
}

/* Everything opens with the keys in force, which are those of this epoch. */
static void all_opens(struct sample *s, const struct people *p, uint32_t epoch)
{
    struct privacy_keys keys;
    struct error err = {0};
    const char *value = NULL;
    char found[SUBJECT_SIZE];
    check_ok(privacy_keys_in_force(s->store, s->folder, &keys, &err), &err);
    check_int_equal(keys.epoch, epoch);
    check_ok(
        privacy_get(s->store, &keys, SAMPLE_ORIGIN, p->first, FIELD_NAME, &s->arena, &value, &err),
        &err);
    check_text_equal(value, "王丽");
    check_ok(privacy_find(s->store, &keys, FIELD_ID_NO, ID_A, found, &err), &err);
    check_text_equal(found, p->first);
}

static void path_of(const struct sample *s, const char *name, char ret[PATH_MAX_HERE])
{
    (void)snprintf(ret, PATH_MAX_HERE, "%s/%s", s->folder, name);
}

static bool is_there(const struct sample *s, const char *name)
{
    char path[PATH_MAX_HERE];
    path_of(s, name, path);
    return access(path, F_OK) == 0;
}

static char *content(const struct sample *s, const char *name, size_t *ret_length)
{
    char path[PATH_MAX_HERE];
    path_of(s, name, path);
    return file_read(path, ret_length);
}

static void write_content(const struct sample *s, const char *name, const char *bytes,
                          size_t length)
{
    char path[PATH_MAX_HERE];
    path_of(s, name, path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0640), 0);
}

static void the_old_key_opens_nothing_any_more(void **state)
{
    struct sample *s = *state;
    struct people p = people(s);
    struct error err = {0};
    const char *value = NULL;
    char subject[SUBJECT_SIZE];
    char kek[48];
    size_t length = 0;

    rotated(s, 2);
    all_opens(s, &p, 2);
    check_refused(
        privacy_get(s->store, &p.keys, SAMPLE_ORIGIN, p.first, FIELD_NAME, &s->arena, &value, &err),
        &err, "privacy.damaged");
    assert_false(is_there(s, "privacy.next"));
    sodium_bin2base64(kek, sizeof kek, p.keys.key_encryption_key, 32,
                      sodium_base64_VARIANT_ORIGINAL);
    char *now = content(s, "privacy.key", &length);
    assert_null(strstr(now, kek));
    free(now);

    /* A command that loaded it before wraps nothing under it. */
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(s->store, &transaction, &err), &err);
    struct personal_draw draw;
    personal_draw_make(&draw);
    check_refused(
        privacy_subject_create(s->store, &p.keys, SAMPLE_ORIGIN, &draw.subject, subject, &err),
        &err, "privacy.key-epoch");
    transaction_release(&transaction);
    rotated(s, 3);
    all_opens(s, &p, 3);
}

static void a_rehearsal_leaves_everything_as_it_was(void **state)
{
    struct sample *s = *state;
    struct people p = people(s);
    struct rotation rotation = {0};
    struct error err = {0};
    size_t length = 0;
    size_t after_length = 0;
    char *before = content(s, "privacy.key", &length);

    check_ok(privacy_keys_rotate(s->store, s->folder, SAMPLE_ORIGIN, true, &rotation, &err), &err);
    check_int_equal(rotation.epoch, 2);
    check_int_equal(rotation.data_keys, 2);
    char *after = content(s, "privacy.key", &after_length);
    check_int_equal((int64_t)after_length, (int64_t)length);
    assert_memory_equal(after, before, length);
    assert_false(is_there(s, "privacy.next"));
    all_opens(s, &p, 1);
    free(before);
    free(after);
}

static void broken_off_before_the_commit_it_was_not(void **state)
{
    struct sample *s = *state;
    struct people p = people(s);
    static const char next[] = "yicang-privacy/v1\nepoch 2\n"
                               "kek AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                               "index AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

    write_content(s, "privacy.next", next, strlen(next));
    all_opens(s, &p, 1);
    write_content(s, "privacy.next", next, 10); /* broken off while it was written */
    all_opens(s, &p, 1);
    rotated(s, 2);
    all_opens(s, &p, 2);
    assert_false(is_there(s, "privacy.next"));
}

static void broken_off_after_the_commit_it_was(void **state)
{
    struct sample *s = *state;
    struct people p = people(s);
    size_t old_length = 0;
    size_t new_length = 0;
    char *old = content(s, "privacy.key", &old_length);

    rotated(s, 2);
    char *new = content(s, "privacy.key", &new_length);
    write_content(s, "privacy.next", new, new_length);
    write_content(s, "privacy.key", old, old_length);
    all_opens(s, &p, 2);
    memset(old, 0, old_length); /* wiped, and then broken off */
    write_content(s, "privacy.key", old, old_length);
    all_opens(s, &p, 2);
    rotated(s, 3);
    all_opens(s, &p, 3);
    assert_false(is_there(s, "privacy.next"));
    free(old);
    free(new);
}

static void keys_put_back_from_a_backup_are_told(void **state)
{
    struct sample *s = *state;
    struct people p = people(s);
    struct privacy_keys keys;
    struct error err = {0};
    size_t length = 0;
    char *old = content(s, "privacy.key", &length);

    rotated(s, 2);
    write_content(s, "privacy.key", old, length);
    check_refused(privacy_keys_in_force(s->store, s->folder, &keys, &err), &err,
                  "privacy.key-epoch");
    assert_non_null(p.first);
    free(old);
}

static void a_data_key_that_does_not_open_stops_it(void **state)
{
    struct sample *s = *state;
    struct people p = people(s);
    struct rotation rotation = {0};
    struct error err = {0};

    sample_tamper(s,
                  "UPDATE pii_key SET wrapped = zeroblob(48)"
                  " WHERE subject = (SELECT max(subject) FROM pii_key)",
                  NULL, 0);
    check_refused(privacy_keys_rotate(s->store, s->folder, SAMPLE_ORIGIN, false, &rotation, &err),
                  &err, "privacy.damaged");
    check_ok(privacy_keys_in_force(s->store, s->folder, &p.keys, &err), &err);
    check_int_equal(p.keys.epoch, 1);
    assert_false(is_there(s, "privacy.next"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_old_key_opens_nothing_any_more),
        TEST(a_rehearsal_leaves_everything_as_it_was),
        TEST(broken_off_before_the_commit_it_was_not),
        TEST(broken_off_after_the_commit_it_was),
        TEST(keys_put_back_from_a_backup_are_told),
        TEST(a_data_key_that_does_not_open_stops_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
