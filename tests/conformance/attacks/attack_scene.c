#include "tests/conformance/attacks/attack_scene.h"

#include "cli/service/book_card.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/head.h"
#include "ledger/base/text.h"
#include "tests/support/file.h"
#include "tests/support/log_beginning.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The genuine history -------------------------------------------------------------------------- */

static uint64_t next_command = 1;

/* A second goes by whenever somebody looks, so that no two events have the same time. */
static int64_t seconds;

static struct instant look_at_clock(void)
{
    return (struct instant){seconds++};
}

static void act_ok(struct scene *scene, const char *as, const char *type,
                   const struct canon *request)
{
    struct act_result done;
    struct error err = {0};
    check_ok(live_act(&scene->book, next_command++, as, type, request, &done, &err), &err);
}

static void add_household(struct scene *scene, int serial)
{
    struct personal_data person;
    act_ok(scene, "clerk", "household.add", live_household_request(&scene->book, serial, &person));
}

/* The keys that sign heads today. */
static void take_log_keys(struct scene *scene, struct signing_key *ret_log,
                          struct signing_key *ret_day)
{
    struct error err = {0};
    struct office *office = &scene->book.office;
    struct log_keys keys = {.loaded = false};
    check_ok(log_keys_load(office->service_folder, office->store, &keys, &err), &err);
    *ret_log = *keys.log;
    *ret_day = *keys.day;
    log_keys_wipe(&keys);
}

static void close_day(struct scene *scene, int n)
{
    take_log_keys(scene, &scene->log, &scene->days[n]);
    act_ok(scene, "manager", "day.close", canon_object(&scene->book.office.arena));
    act_ok(scene, "manager", "key.rotate", canon_object(&scene->book.office.arena));
}

static void cosign(struct scene *scene)
{
    struct store *store = scene->book.office.store;
    struct error err = {0};
    struct note note;
    bool found = false;
    AUTO_TRANSACTION transaction = {0};
    AUTO_BUFFER bytes;
    AUTO_BUFFER line;
    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    buffer_init(&line, SIGNATURE_LINE_MAX);
    scene->cosigned = scene->book.office.tip.size;
    check_ok(transaction_begin(store, &transaction, &err), &err);
    check_ok(checkpoint_store_get(store, scene->cosigned, &found, &bytes, &err), &err);
    assert_true(found);
    check_ok(note_parse(bytes.data, bytes.length, &note, &err), &err);
    cosignature_line_add(&scene->witness, note.text, note.length, clock_now().seconds, &line);
    buffer_add(&bytes, line.data, line.length);
    check_ok(checkpoint_store_put(store, scene->cosigned, bytes.data, bytes.length,
                                  CHECKPOINT_COSIGNED, &err),
             &err);
    check_ok(transaction_commit(&transaction, &err), &err);
}

static void live_three_days(struct scene *scene)
{
    live_book_open(&scene->book);
    act_ok(scene, "bureau", "fund.open", live_amount_request(&scene->book, 100000000));
    add_household(scene, 101);
    add_household(scene, 102);
    close_day(scene, 0);
    scene->seal = scene->book.office.tip.size;
    add_household(scene, 103);
    close_day(scene, 1);
    cosign(scene);
    add_household(scene, 104);
    add_household(scene, 105);
    act_ok(scene, "bureau", "fund.deposit", live_amount_request(&scene->book, 500));
    scene->size = scene->book.office.tip.size;
}

static void make_card(struct scene *scene)
{
    char vkey[VKEY_TEXT_MAX];
    struct error err = {0};
    AUTO_BUFFER policy;
    AUTO_BUFFER card;
    buffer_init(&policy, WITNESS_POLICY_MAX);
    buffer_init(&card, TRUST_CARD_MAX);
    buffer_printf(&policy, "witness bureau %s\nquorum bureau\n",
                  verifier_key_format(&scene->witness.verifier, vkey));
    check_ok(book_card(&scene->book.office, policy.data, policy.length, &scene->export_key.key,
                       &card, &err),
             &err);
    scene->card_length = card.length;
    scene->card_text = arena_text_n(&scene->arena, card.data, card.length);
}

static void take_key(struct scene *scene, const char *staff, struct signing_key *ret)
{
    struct error err = {0};
    check_ok(key_file_read(key_path_of(&scene->arena, SCENE_ORIGIN, staff), NULL, ret, &err), &err);
}

static void take_keys(struct scene *scene)
{
    struct error err = {0};
    const char *system =
        arena_printf(&scene->arena, "%s/system.key", scene->book.office.service_folder);
    take_key(scene, "admin", &scene->admin);
    take_key(scene, "clerk", &scene->clerk);
    take_key(scene, "manager", &scene->manager);
    take_key(scene, "bureau", &scene->bureau);
    check_ok(key_file_read_service(system, &scene->system, &err), &err);
    take_log_keys(scene, &scene->log, &scene->day);
    scene->days[SCENE_DAYS - 1] = scene->day;
}

int scene_set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    arena_init(&scene->arena, (size_t)64 << 20);
    seconds = INT64_C(1772409600); /* 2026-03-02T00:00:00Z, morning in China */
    clock_replace(look_at_clock);
    struct sha256 seed = sha256_of("attack/witness", 14);
    signing_key_from_seed("demo.invalid/witness/1", KEY_TYPE_COSIGNATURE, seed.byte,
                          &scene->witness);
    seed = sha256_of("attack/export", 13);
    struct minisign_key number = minisign_key_of(seed.byte);
    minisign_secret_from_seed(number.number, seed.byte, &scene->export_key);
    live_book_create(&scene->book, "2016-10-20");
    live_three_days(scene);
    make_card(scene);
    take_keys(scene);
    live_book_close(&scene->book);
    scene->copy = arena_printf(&scene->arena, "%s/copy", scene->book.folder);
    assert_int_equal(mkdir(scene->copy, 0700), 0);
    *state = scene;
    return 0;
}

int scene_tear_down(void **state)
{
    struct scene *scene = *state;
    clock_replace(NULL);
    verify_state_release(&scene->since);
    arena_release(&scene->arena);
    live_book_release(&scene->book);
    free(scene);
    return 0;
}

/* A copy to change ----------------------------------------------------------------------------- */

static const char *path_in(struct scene *scene, const char *folder, const char *name)
{
    return arena_printf(&scene->arena, "%s/%s", folder, name);
}

static void copy_file(struct scene *scene, const char *name)
{
    size_t length = 0;
    char *bytes = file_read(path_in(scene, scene->book.path, name), &length);
    FILE *file = fopen(path_in(scene, scene->copy, name), "wbe");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(bytes);
}

void scene_remove(struct scene *scene, const char *name)
{
    (void)unlink(path_in(scene, scene->copy, name));
}

void scene_restore_for(struct scene *scene, const char *attack)
{
    struct error err = {0};
    scene_remove(scene, "book.db-wal");
    scene_remove(scene, "book.db-shm");
    copy_file(scene, "book.db");
    copy_file(scene, "head");
    check_ok(
        trust_card_parse(&scene->arena, scene->card_text, scene->card_length, &scene->card, &err),
        &err);
    scene->attack = attack;
    scene->trust = (struct verify_trust){
        .card = &scene->card, .kept = scene->kept, .today = clock_date_in_china(clock_now())};
    scene->scope = (struct verify_scope){.plan_again = true, .trust = &scene->trust};
}

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
}

static sqlite3 *open_raw(struct scene *scene)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path_in(scene, scene->copy, "book.db"), &db), SQLITE_OK);
    run(db, "PRAGMA synchronous = OFF"); /* what happens to a copy may be lost */
    return db;
}

/* All triggers, as one script that makes them again. */
struct guards {
    struct buffer make;
};

static struct guards guards_drop(sqlite3 *db)
{
    struct guards guards;
    sqlite3_stmt *query = NULL;
    AUTO_BUFFER drop;
    buffer_init(&guards.make, 1 << 20);
    buffer_init(&drop, 1 << 20);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT name, sql FROM sqlite_schema WHERE type='trigger'",
                                        -1, &query, NULL),
                     SQLITE_OK);
    while (sqlite3_step(query) == SQLITE_ROW) {
        buffer_printf(&drop, "DROP TRIGGER %s;", (const char *)sqlite3_column_text(query, 0));
        buffer_printf(&guards.make, "%s;", (const char *)sqlite3_column_text(query, 1));
    }
    sqlite3_finalize(query);
    run(db, drop.data);
    return guards;
}

static void guards_make(sqlite3 *db, struct guards *guards)
{
    run(db, guards->make.data);
    buffer_release(&guards->make);
}

static void run_with_blob(sqlite3 *db, const char *sql, const void *blob, size_t length)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_blob64(statement, 1, blob, length, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

void scene_sql_blob(struct scene *scene, const char *sql, const void *blob, size_t length)
{
    sqlite3 *db = open_raw(scene);
    struct guards guards = guards_drop(db);
    if (blob == NULL) {
        run(db, sql);
    } else {
        run_with_blob(db, sql, blob, length);
    }
    guards_make(db, &guards);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

void scene_sql(struct scene *scene, const char *sql)
{
    scene_sql_blob(scene, sql, NULL, 0);
}

void scene_sql_plain(struct scene *scene, const char *sql)
{
    sqlite3 *db = open_raw(scene);
    run(db, sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

char *scene_blob(struct scene *scene, const char *sql, size_t *ret_length)
{
    sqlite3 *db = open_raw(scene);
    sqlite3_stmt *query = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    *ret_length = (size_t)sqlite3_column_bytes(query, 0);
    char *bytes = arena_text_n(&scene->arena, sqlite3_column_blob(query, 0), *ret_length);
    sqlite3_finalize(query);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return bytes;
}

int64_t scene_number(struct scene *scene, const char *sql)
{
    sqlite3 *db = open_raw(scene);
    sqlite3_stmt *query = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

/* The tree over the first `size` leaves of a copy, and the hash of the last of them. */
static struct merkle_range tree_of(sqlite3 *db, uint64_t size, struct sha256 *ret_last)
{
    struct merkle_range range;
    sqlite3_stmt *query = NULL;
    merkle_range_init(&range);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT leaf FROM event ORDER BY seq", -1, &query, NULL), SQLITE_OK);
    while (range.size < size) {
        assert_int_equal(sqlite3_step(query), SQLITE_ROW);
        *ret_last =
            merkle_leaf_hash(sqlite3_column_blob(query, 0), (size_t)sqlite3_column_bytes(query, 0));
        merkle_range_append(&range, ret_last);
    }
    sqlite3_finalize(query);
    return range;
}

struct sha256 scene_root(struct scene *scene, uint64_t size)
{
    struct sha256 last;
    sqlite3 *db = open_raw(scene);
    struct merkle_range range = tree_of(db, size, &last);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return merkle_range_root(&range);
}

static void hash_of_value(sqlite3_context *context, int count, sqlite3_value **value)
{
    assert_int_equal(count, 1);
    struct sha256 hash =
        merkle_leaf_hash(sqlite3_value_blob(value[0]), (size_t)sqlite3_value_bytes(value[0]));
    sqlite3_result_blob(context, hash.byte, sizeof hash.byte, SQLITE_TRANSIENT);
}

void scene_mend(struct scene *scene)
{
    struct sha256 last = {{0}};
    struct error err = {0};
    uint64_t size = (uint64_t)scene_number(scene, "SELECT count(*) FROM event");
    sqlite3 *db = open_raw(scene);
    struct guards guards = guards_drop(db);
    assert_int_equal(sqlite3_create_function(db, "leaf_hash_of", 1, SQLITE_UTF8, NULL,
                                             hash_of_value, NULL, NULL),
                     SQLITE_OK);
    run(db, "UPDATE event SET leaf_hash = leaf_hash_of(leaf)");
    struct merkle_range range = tree_of(db, size, &last);
    run_with_blob(
        db,
        arena_printf(&scene->arena, "UPDATE frontier SET size = %" PRIu64 ", hashes = ?1", size),
        range.hash, merkle_range_count(&range) * SHA256_SIZE);
    guards_make(db, &guards);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    scene_remove(scene, "head");
    struct log_tip tip = {size, last, merkle_range_root(&range)};
    check_ok(head_create(path_in(scene, scene->copy, "head"), &tip, &err), &err);
}

void scene_head(struct scene *scene, uint64_t size, const struct signing_key *log,
                const struct signing_key *day, struct buffer *ret)
{
    struct sha256 root = scene_root(scene, size);
    checkpoint_make(SCENE_ORIGIN, size, &root, log, day, NULL, ret);
}

void scene_keep(struct scene *scene, uint64_t size, const struct sha256 *root)
{
    assert_true(scene->trust.kept_count < SCENE_KEPT_MAX);
    scene->kept[scene->trust.kept_count++] =
        (struct kept_head){.name = "kept", .size = size, .root = *root};
    kept_heads_sort(scene->kept, scene->trust.kept_count);
}

/* An earlier verification ---------------------------------------------------------------------- */

void scene_cut(struct scene *scene, uint64_t size)
{
    scene_sql(scene, arena_printf(&scene->arena,
                                  "DELETE FROM checkpoint WHERE size > %" PRIu64
                                  "; DELETE FROM event WHERE seq >= %" PRIu64,
                                  size, size));
    scene_mend(scene);
}

void scene_state(struct scene *scene, uint64_t size, struct verify_state *ret)
{
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary;
    AUTO_OFFICE office = {0};
    struct trust_card card;
    struct verify_trust trust = {.card = &card, .today = clock_date_in_china(clock_now())};
    check_ok(trust_card_parse(&scene->arena, scene->card_text, scene->card_length, &card, &err),
             &err);
    verify_state_init(ret);
    findings_init(&findings);
    check_ok(office_open_to_verify(scene->book.path, &office, &err), &err);
    struct log_source whole = log_source_of_book(office.store);
    struct log_beginning beginning = {.whole = &whole, .size = (int64_t)size};
    struct log_source source = log_source_of_beginning(&beginning);
    struct verify_request request = {.source = &source, .trust = &trust, .save = ret};
    check_ok(log_verify(&request, &findings, &summary, &err), &err);
    findings_release(&findings);
    assert_true(ret->complete);
    check_int_equal((int64_t)ret->range.size, (int64_t)size);
}

void scene_since_for(struct scene *scene, uint64_t size, const char *attack)
{
    scene_restore_for(scene, attack);
    verify_state_release(&scene->since);
    scene_state(scene, size, &scene->since);
    scene->scope.since = &scene->since;
}

/* The verdict ---------------------------------------------------------------------------------- */

static bool is_first_of_its_code(const struct findings *findings, size_t place)
{
    for (size_t i = 0; i < place; i++) {
        if (text_equal(findings->list[i].code, findings->list[place].code)) {
            return false;
        }
    }
    return true;
}

const char *scene_verdict_of(struct scene *scene, struct findings *findings)
{
    AUTO_BUFFER text;
    buffer_init(&text, 1 << 16);
    for (size_t i = 0; i < findings->count; i++) {
        assert_true(findings->list[i].text[0] != '\0');
        if (is_first_of_its_code(findings, i)) {
            buffer_printf(&text, "%s@%lld ", findings->list[i].code,
                          (long long)findings->list[i].seq);
        }
    }
    buffer_add_text(&text, findings->tampering    ? "tampering"
                           : findings->incomplete ? "not proven"
                                                  : "proven");
    findings_release(findings);
    return arena_text(&scene->arena, text.data);
}

void (*scene_watcher)(struct scene *scene, const char *folder, const char *verdict);

static const char *book_verdict(struct scene *scene)
{
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    AUTO_OFFICE office = {0};
    findings_init(&findings);
    check_ok(office_open_to_verify(scene->copy, &office, &err), &err);
    check_ok(book_verify(&office, &scene->scope, &findings, &summary, &err), &err);
    return scene_verdict_of(scene, &findings);
}

static const char *export_verdict(struct scene *scene, const char *folder)
{
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    findings_init(&findings);
    check_ok(export_verify(folder, &scene->scope, &findings, &summary, &err), &err);
    return scene_verdict_of(scene, &findings);
}

const char *scene_verdict_again(struct scene *scene, const char *folder)
{
    return folder == NULL ? book_verdict(scene) : export_verdict(scene, folder);
}

static const char *watched(struct scene *scene, const char *folder)
{
    const char *verdict = scene_verdict_again(scene, folder);
    if (scene_watcher != NULL) {
        scene_watcher(scene, folder, verdict);
    }
    return verdict;
}

const char *scene_verdict(struct scene *scene)
{
    return watched(scene, NULL);
}

const char *scene_export_verdict(struct scene *scene, const char *folder)
{
    return watched(scene, folder);
}
