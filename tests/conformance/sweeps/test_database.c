/* Bits of the database file turned, anywhere: told, or the book says the same as before (a bit in
 * the free room of a page says nothing). Never another content that passes (audit-log.md 6, group
 * 10).
 *
 *     conformance_sweeps_database [full]     bits: 150; full: 20,000 */
#include "tests/conformance/attacks/attack_scene.h"

#include "tests/support/file.h"
#include "tests/support/random.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_full;

/* Rows of every table but those that nothing in the log tells of (docs/auditor-guide.md). */
static const char tables_sql[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    " AND name NOT IN ('command_request', 'pii_request', 'schema_history') ORDER BY name";

static bool add_rows(sqlite3 *db, const char *table, struct sha256_stream *content)
{
    sqlite3_stmt *query = NULL;
    char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
    bool ok = sqlite3_prepare_v2(db, sql, -1, &query, NULL) == SQLITE_OK;
    int step = ok ? sqlite3_step(query) : SQLITE_ERROR;

    sqlite3_free(sql);
    for (; step == SQLITE_ROW; step = sqlite3_step(query)) {
        for (int i = 0; i < sqlite3_column_count(query); i++) {
            const void *bytes = sqlite3_column_blob(query, i);
            int length = sqlite3_column_bytes(query, i);
            sha256_add(content, &length, sizeof length);
            sha256_add(content, bytes == NULL ? "" : bytes, (size_t)length);
        }
    }
    sqlite3_finalize(query);
    return step == SQLITE_DONE;
}

/* False if it cannot be read to the end. */
static bool content_of(const char *path, struct sha256 *ret)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *names = NULL;
    struct sha256_stream content;
    int step = SQLITE_ERROR;

    sha256_begin(&content);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, tables_sql, -1, &names, NULL) == SQLITE_OK) {
        for (step = sqlite3_step(names); step == SQLITE_ROW; step = sqlite3_step(names)) {
            const char *name = (const char *)sqlite3_column_text(names, 0);
            sha256_add(&content, name, strlen(name));
            if (!add_rows(db, name, &content)) {
                break;
            }
        }
    }
    sqlite3_finalize(names);
    sqlite3_close(db);
    *ret = sha256_end(&content);
    return step == SQLITE_DONE;
}

/* "proven", or anything else: also that it could not be opened or read. */
static const char *verdict(struct scene *scene)
{
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    AUTO_OFFICE office = {0};

    findings_init(&findings);
    if (office_open_to_verify(scene->copy, &office, &err) &&
        book_verify(&office, &scene->scope, &findings, &summary, &err)) {
        return scene_verdict_of(scene, &findings);
    }
    findings_release(&findings);
    assert_true(err.fault != FAULT_NONE && err.fault != FAULT_INTERNAL);
    return "not read";
}

static void no_turned_bit_passes_with_another_content(void **state)
{
    struct scene *scene = *state;
    struct random_source random = random_start("database bits");
    struct privacy_keys keys;
    struct error err = {0};
    struct sha256 genuine;
    size_t length = 0;
    int told = 0;
    int bits = is_full ? 20000 : 150;

    scene_restore(scene);
    char *path = arena_printf(&scene->arena, "%s/book.db", scene->copy);
    check_ok(
        privacy_keys_load(arena_printf(&scene->arena, "%s.keys", scene->book.path), &keys, &err),
        &err);
    scene->scope.personal = &keys;
    assert_true(content_of(path, &genuine));
    check_text_equal(verdict(scene), "proven");
    char *bytes = file_read(path, &length);
    for (int i = 0; i < bits; i++) {
        struct sha256 now;
        size_t bit = (size_t)random_between(&random, 0, (int64_t)(8 * length) - 1);
        scene_remove(scene, "book.db-wal");
        scene_remove(scene, "book.db-shm");
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        FILE *file = fopen(path, "wbe");
        assert_non_null(file);
        assert_int_equal(fwrite(bytes, 1, length, file), length);
        assert_int_equal(fclose(file), 0);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        bool passes = strcmp(verdict(scene), "proven") == 0;
        told += passes ? 0 : 1;
        if (passes && (!content_of(path, &now) || !sha256_equal(&now, &genuine))) {
            fail_msg("bit %zu turned: another content, and proven", bit);
        }
    }
    print_message("%d bits turned, %d told; the others say nothing\n", bits, told);
    assert_true(told > bits / 10);
    free(bytes);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_turned_bit_passes_with_another_content),
    };

    is_full = argc > 1 && strcmp(argv[1], "full") == 0;
    return cmocka_run_group_tests_name("bits of the database", tests, scene_set_up,
                                       scene_tear_down);
}
