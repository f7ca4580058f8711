/* Attacks on a book by whoever owns its files, each with the code that catches it
 * (audit-log.md 5; the numbers are those of its table). */
#include "tests/conformance/attacks/attack_scene.h"
#include "tests/conformance/attacks/attacks.h"

#include "ledger/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *at(struct scene *scene, const char *format, uint64_t number)
{
    char *mark = strstr(format, "%N");
    return mark == NULL ? format
                        : arena_printf(&scene->arena, "%.*s%" PRIu64 "%s", (int)(mark - format),
                                       format, number, mark + 2);
}

static void an_untouched_copy_is_proven(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    check_text_equal(scene_verdict(scene), "proven");
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), "proven");
    struct sha256 root = scene_root(scene, scene->seal);
    scene_keep(scene, scene->seal, &root);
    check_text_equal(scene_verdict(scene), "proven");
}

/* 1 */
static void a_changed_row_of_the_tables(void **state)
{
    struct scene *scene = *state;
    static const char *const change[] = {
        "UPDATE balance SET debit_fen = debit_fen + 1 WHERE account_id = 1",
        "UPDATE household SET village = '他村' WHERE id = 1",
        "DELETE FROM household_status WHERE household_id = 2",
        "INSERT INTO staff_role (code, role, seq) VALUES ('clerk', 'approver', 3)",
        "UPDATE service_key SET vkey = 'x' WHERE kind = 'log'",
        "DELETE FROM closed_day WHERE day = (SELECT max(day) FROM closed_day)",
    };
    for (size_t i = 0; i < COUNT_OF(change); i++) {
        scene_restore(scene);
        scene_sql(scene, change[i]);
        check_text_equal(scene_verdict(scene), "E_PROJECTION@-1 tampering");
    }
}

/* The leaf of an event with one text in it replaced by another of the same length. */
static char *edited_leaf(struct scene *scene, uint64_t seq, const char *from, const char *to,
                         size_t *ret_length)
{
    char *leaf =
        scene_blob(scene, at(scene, "SELECT leaf FROM event WHERE seq = %N", seq), ret_length);
    char *place = strstr(leaf, from);
    assert_non_null(place);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(place, to, strlen(to));
    return leaf;
}

static void put_leaf(struct scene *scene, uint64_t seq, const char *leaf, size_t length)
{
    scene_sql_blob(scene, at(scene, "UPDATE event SET leaf = ?1 WHERE seq = %N", seq), leaf,
                   length);
}

/* Event 7 is the opening of the fund, 8 to 9 the first households. */
#define FUND_OPENED 7
#define FIRST_HOUSEHOLD 8

/* 2 */
static void an_edited_event(void **state)
{
    struct scene *scene = *state;
    size_t length = 0;
    scene_restore(scene);
    char *leaf = edited_leaf(scene, FIRST_HOUSEHOLD, "村101", "村109", &length);
    put_leaf(scene, FIRST_HOUSEHOLD, leaf, length);
    check_text_equal(scene_verdict(scene),
                     "E_LEAF@8 E_SIG@8 E_CHAIN@9 E_ROOT@10 E_PROJECTION@-1 tampering");
}

/* 3 */
static void an_edited_event_with_every_cache_made_true(void **state)
{
    struct scene *scene = *state;
    size_t length = 0;
    scene_restore(scene);
    char *leaf = edited_leaf(scene, FIRST_HOUSEHOLD, "村101", "村109", &length);
    put_leaf(scene, FIRST_HOUSEHOLD, leaf, length);
    scene_mend(scene);
    check_text_equal(scene_verdict(scene), "E_SIG@8 E_CHAIN@9 E_ROOT@10 E_PROJECTION@-1 tampering");
}

/* The signature line of this key over the text of a leaf in place of the one that stands there. */
static void sign_anew(const char *leaf, const struct signing_key *key, struct buffer *ret)
{
    const char *end = strstr(leaf, "\n\n");
    assert_non_null(end);
    size_t text_length = (size_t)(end + 1 - leaf);
    buffer_add(ret, leaf, text_length);
    buffer_add_byte(ret, '\n');
    signature_line_add(key, leaf, text_length, ret);
}

/* 4 */
static void an_edited_event_signed_with_the_stolen_key_of_its_clerk(void **state)
{
    struct scene *scene = *state;
    size_t length = 0;
    AUTO_BUFFER leaf;
    buffer_init(&leaf, LEAF_MAX);
    scene_restore(scene);
    sign_anew(edited_leaf(scene, FIRST_HOUSEHOLD, "村101", "村109", &length), &scene->clerk, &leaf);
    put_leaf(scene, FIRST_HOUSEHOLD, leaf.data, leaf.length);
    scene_mend(scene);
    check_text_equal(scene_verdict(scene), "E_CHAIN@9 E_ROOT@10 E_PROJECTION@-1 tampering");
}

/* 5 */
static void events_removed_doubled_swapped_renumbered(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *sql, *verdict;
    } attack[] = {
        {"DELETE FROM event WHERE seq = 8", "E_FORK@-1 E_SEQ@9 E_CHAIN@9 E_RULE@9 E_ROOT@10 "
                                            "E_EPOCH@10 E_TAIL@-1 E_QUORUM@-1 tampering"},
        {"DELETE FROM event WHERE seq = 8; UPDATE event SET seq = seq - 1 WHERE seq > 8",
         "E_SEQ@8 E_CHAIN@8 E_RULE@9 E_ROOT@10 E_EPOCH@10 E_TAIL@-1 E_QUORUM@-1 tampering"},
        {"UPDATE event SET seq = 999 WHERE seq = 8; UPDATE event SET seq = 8 WHERE seq = 9;"
         "UPDATE event SET seq = 9 WHERE seq = 999",
         "E_SEQ@8 E_CHAIN@8 E_RULE@9 E_TIME@9 E_ROOT@10 tampering"},
        {"INSERT INTO event (seq, leaf, leaf_hash, cmd) SELECT 1 + (SELECT max(seq) FROM event),"
         " leaf, leaf_hash, x'00112233445566778899aabbccddeeff' FROM event WHERE seq = 8",
         "E_LEAF@18 E_SEQ@18 E_CHAIN@18 E_DUP@18 E_TIME@18 E_RULE@8 E_TAIL@-1 tampering"},
        {"UPDATE event SET seq = seq + 1 WHERE seq = (SELECT max(seq) FROM event)",
         "E_SEQ@18 E_ROOT@-1 tampering"},
    };
    for (size_t i = 0; i < COUNT_OF(attack); i++) {
        scene_restore(scene);
        scene_sql(scene, attack[i].sql);
        scene_mend(scene);
        check_text_equal(scene_verdict(scene), attack[i].verdict);
    }
}

/* 6, 7, 8. The tables of the shorter history are rebuilt by nobody here, so only the structure is
 * asked for: it is the end that counts. */
static void a_log_cut_short_is_seen_by_whoever_kept_a_head(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    struct sha256 root = scene_root(scene, scene->size);
    scene_cut(scene, scene->seal);
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), "E_QUORUM@-1 not proven");
    scene_keep(scene, scene->size, &root);
    check_text_equal(scene_verdict(scene), "E_QUORUM@-1 E_ROLLBACK@-1 tampering");
    /* Behind the cosigned head nothing inside the file tells: the limit sentence says so. */
    scene_restore(scene);
    scene_cut(scene, scene->cosigned);
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), "proven");
    scene_keep(scene, scene->size, &root);
    check_text_equal(scene_verdict(scene), "E_ROLLBACK@-1 tampering");
}

static void a_cut_that_forgets_the_heads_or_the_head_file(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    scene_sql(scene, at(scene, "DELETE FROM event WHERE seq >= %N", scene->cosigned));
    scene_mend(scene);
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), "E_TAIL@-1 tampering");
    /* The head beside the book has seen more. */
    scene_restore(scene);
    char *head = arena_printf(&scene->arena, "%s/head", scene->copy);
    char *kept = arena_printf(&scene->arena, "%s/head.kept", scene->copy);
    assert_int_equal(rename(head, kept), 0);
    scene_sql(scene, at(scene, "DELETE FROM checkpoint WHERE size > %N", scene->cosigned));
    scene_sql(scene, at(scene, "DELETE FROM event WHERE seq >= %N", scene->cosigned));
    scene_mend(scene);
    assert_int_equal(rename(kept, head), 0);
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), "E_ROLLBACK@-1 tampering");
    scene_remove(scene, "head");
    check_text_equal(scene_verdict(scene), "E_CONTAINER@-1 tampering");
}

/* 9 and 13: two histories under one log key. */
static void another_history_shows_against_a_kept_head(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    struct sha256 root = scene_root(scene, scene->seal);
    root.byte[0] ^= 1;
    scene_keep(scene, scene->seal, &root);
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), at(scene, "E_FORK@%N tampering", scene->seal - 1));
}

/* 12: the genesis names the log that it continues, or there is none. */
static void a_log_given_out_for_the_continuation_of_another(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    scene->trust.predecessor = &scene->card;
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), "E_TRUST@0 not proven");
    scene->trust.predecessor = NULL;
}

static void put_head(struct scene *scene, uint64_t size, const struct buffer *note)
{
    scene_sql_blob(scene, at(scene, "UPDATE checkpoint SET note = ?1 WHERE size = %N", size),
                   note->data, note->length);
}

/* 10: the key of today over a day that is sealed; 11: lines taken away; 18: lines added. */
static void heads_signed_with_the_wrong_key_or_too_little(void **state)
{
    struct scene *scene = *state;
    const struct signing_key *const keys[] = {&scene->day, &scene->log, &scene->clerk};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        AUTO_BUFFER note;
        buffer_init(&note, CHECKPOINT_NOTE_MAX);
        scene_restore(scene);
        scene_head(scene, scene->seal, &scene->log, keys[i], &note);
        put_head(scene, scene->seal, &note);
        scene->scope.structure = true;
        check_text_equal(scene_verdict(scene), at(scene, "E_EPOCH@%N tampering", scene->seal - 1));
    }
    AUTO_BUFFER forged;
    buffer_init(&forged, CHECKPOINT_NOTE_MAX);
    scene_restore(scene);
    scene_head(scene, scene->size, &scene->clerk, &scene->day, &forged);
    put_head(scene, scene->size, &forged);
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), at(scene, "E_CPSIG@%N tampering", scene->size - 1));
}

/* Line n (from the end, 1 the last) of the note of this size taken away. */
static void drop_line(struct scene *scene, uint64_t size, int n)
{
    size_t length = 0;
    AUTO_BUFFER note;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    char *bytes =
        scene_blob(scene, at(scene, "SELECT note FROM checkpoint WHERE size = %N", size), &length);
    const char *end = bytes + length;
    const char *start = end;
    for (int i = 0; i < n; i++) {
        end = start;
        start--;
        while (start[-1] != '\n') {
            start--;
        }
    }
    buffer_add(&note, bytes, (size_t)(start - bytes));
    buffer_add(&note, end, (size_t)(bytes + length - end));
    put_head(scene, size, &note);
}

static void lines_of_heads_taken_away(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    drop_line(scene, scene->cosigned, 1); /* of the witness */
    check_text_equal(scene_verdict(scene), "E_QUORUM@-1 not proven");
    scene_restore(scene);
    drop_line(scene, scene->cosigned, 2); /* of the next day key on that seal */
    check_text_equal(scene_verdict(scene),
                     at(scene, "E_EPOCH@%N E_QUORUM@-1 tampering", scene->cosigned - 1));
    scene_restore(scene);
    drop_line(scene, scene->size, 1);
    check_text_equal(scene_verdict(scene), at(scene, "E_EPOCH@%N tampering", scene->size - 1));
    scene_restore(scene);
    scene_sql(scene, at(scene, "DELETE FROM checkpoint WHERE size = %N", scene->seal));
    check_text_equal(scene_verdict(scene), at(scene, "E_EPOCH@%N tampering", scene->seal - 1));
    scene_restore(scene);
    scene_sql(scene, "DELETE FROM checkpoint WHERE why = 'tip'");
    check_text_equal(scene_verdict(scene), "E_TAIL@-1 tampering");
}

/* 26: a table that no list of tables shows to who looks with other tools. */
static void a_table_hidden_from_the_list_of_tables(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    scene_sql(scene, "UPDATE balance SET debit_fen = debit_fen + 1 WHERE account_id = 1;"
                     " PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type ="
                     " CAST(type AS BLOB) WHERE name = 'balance'");
    check_text_equal(scene_verdict(scene), "E_CONTAINER@-1 tampering");
}

/* No table holds a word where a figure stands, unless somebody wrote past the database. */
static void a_value_of_another_type(void **state)
{
    struct scene *scene = *state;
    static const char loosen[] = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
                                 " replace(sql, ') STRICT', ')') WHERE name = 'frontier'";
    static const char tighten[] = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
                                  " sql || ' STRICT' WHERE name = 'frontier'";
    scene_restore(scene);
    scene_sql_plain(scene, loosen);
    scene_sql(scene, "UPDATE frontier SET size = 'many'");
    scene_sql_plain(scene, tighten);
    check_text_equal(scene_verdict(scene), "E_CONTAINER@-1 tampering");
    scene->scope.structure = true;
    check_text_equal(scene_verdict(scene), "E_CONTAINER@-1 tampering");
}

/* 12 and test 9 of section 6: another card, or none. */
static void without_the_right_card_nothing_is_proven(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    scene->trust.card = NULL;
    check_text_equal(scene_verdict(scene), "E_TRUST@-1 not proven");
    scene_sql(scene, "UPDATE balance SET debit_fen = debit_fen + 1 WHERE account_id = 1");
    check_text_equal(scene_verdict(scene), "E_TRUST@-1 E_PROJECTION@-1 tampering");
    scene_restore(scene);
    scene->card.genesis.byte[31] ^= 1;
    check_text_equal(scene_verdict(scene), "E_TRUST@0 not proven");
    scene_restore(scene);
    scene->card.log.public_key[0] ^= 1;
    check_text_equal(scene_verdict(scene), "E_TRUST@0 not proven");
    scene_restore(scene);
    memcpy(scene->card.origin, "demo.invalid/ledger-00000002", sizeof SCENE_ORIGIN);
    check_text_equal(scene_verdict(scene), "E_TRUST@0 not proven");
}

/* A cosigned head may be seven days old. */
static void an_old_cosignature_is_stale_on_the_eighth_day(void **state)
{
    struct scene *scene = *state;
    scene_restore(scene);
    scene->scope.structure = true;
    struct date today = scene->trust.today;
    scene->trust.today = date_add_days(today, 7);
    check_text_equal(scene_verdict(scene), "proven");
    scene->trust.today = date_add_days(today, 8);
    check_text_equal(scene_verdict(scene), at(scene, "E_STALE@%N not proven", scene->cosigned - 1));
    scene->trust.today = date_add_days(today, -1);
    check_text_equal(scene_verdict(scene), at(scene, "E_TIME@%N not proven", scene->cosigned - 1));
}

/* 24: a ciphertext moved to another row, and one that is gone. A subject whose key is gone without
 * an event that erased it is a finding (with one: unit.service.personal). */
static void personal_data_moved_or_gone(void **state)
{
    struct scene *scene = *state;
    struct privacy_keys keys;
    struct error err = {0};
    char *folder = arena_printf(&scene->arena, "%s.keys", scene->book.path);
    check_ok(privacy_keys_load(folder, &keys, &err), &err);
    static const struct {
        const char *sql, *verdict;
    } attack[] = {
        {"SELECT 1", "proven"},
        {"UPDATE pii_field SET ciphertext = (SELECT ciphertext FROM pii_field WHERE field = 'name'"
         " AND subject = (SELECT subject FROM person WHERE id = 2)), nonce = (SELECT nonce FROM"
         " pii_field WHERE field = 'name' AND subject = (SELECT subject FROM person WHERE id = 2))"
         " WHERE field = 'name' AND subject = (SELECT subject FROM person WHERE id = 1)",
         "E_PII@8 tampering"},
        {"DELETE FROM pii_field WHERE field = 'id_no' AND subject ="
         " (SELECT subject FROM person WHERE id = 2)",
         "E_PII@9 tampering"},
        {"UPDATE pii_key SET (wrapped, nonce) = (SELECT wrapped, nonce FROM pii_key WHERE"
         " subject = (SELECT subject FROM person WHERE id = 2))"
         " WHERE subject = (SELECT subject FROM person WHERE id = 1)",
         "E_PII@8 tampering"},
        {"DELETE FROM pii_index; DELETE FROM pii_field; DELETE FROM pii_key", "E_PII@8 tampering"},
    };
    for (size_t i = 0; i < COUNT_OF(attack); i++) {
        scene_restore(scene);
        scene->scope.personal = &keys;
        scene_sql(scene, attack[i].sql);
        check_text_equal(scene_verdict(scene), attack[i].verdict);
    }
}

/* Whoever is not in the index is taken in a second time, with limits of his own; and somebody with
 * the data keys may write a newer version of a field than the log knows of. */
static void personal_data_that_no_event_brought(void **state)
{
    struct scene *scene = *state;
    struct privacy_keys keys;
    struct error err = {0};
    char *folder = arena_printf(&scene->arena, "%s.keys", scene->book.path);
    check_ok(privacy_keys_load(folder, &keys, &err), &err);
    static const char *const attack[] = {
        "DELETE FROM pii_index WHERE subject = (SELECT subject FROM person WHERE id = 2)",
        "UPDATE pii_index SET field = 'phone'"
        " WHERE subject = (SELECT subject FROM person WHERE id = 2)",
        "UPDATE pii_index SET mac = zeroblob(32)"
        " WHERE subject = (SELECT subject FROM person WHERE id = 2)",
        "UPDATE pii_index SET subject = (SELECT subject FROM person WHERE id = 1)"
        " WHERE subject = (SELECT subject FROM person WHERE id = 2)",
        "UPDATE pii_index SET subject = subject || 'x'"
        " WHERE subject = (SELECT subject FROM person WHERE id = 2)",
        "INSERT INTO pii_index (field, mac, subject)"
        " SELECT 'id_no', zeroblob(32), subject FROM person WHERE id = 2",
        "INSERT INTO pii_field (subject, field, version, nonce, ciphertext)"
        " SELECT subject, field, version + 1, nonce, ciphertext FROM pii_field WHERE field = 'name'"
        " AND subject = (SELECT subject FROM person WHERE id = 2)",
    };
    for (size_t i = 0; i < COUNT_OF(attack); i++) {
        scene_restore(scene);
        scene->scope.personal = &keys;
        scene_sql(scene, attack[i]);
        check_text_equal(scene_verdict(scene), "E_PII@-1 tampering");
    }
}

/* 26 */
static void a_changed_container(void **state)
{
    struct scene *scene = *state;
    static const char *const change[] = {
        "DROP TRIGGER line_never_changed",
        "CREATE TRIGGER mine AFTER INSERT ON event BEGIN SELECT 1; END",
        "DROP INDEX line_by_loan",
        "ALTER TABLE event RENAME TO hidden; CREATE VIEW event AS SELECT * FROM hidden",
        "CREATE TABLE mine (a)",
        "CREATE VIEW mine AS SELECT 1",
        "ALTER TABLE loan ADD COLUMN mine INTEGER",
    };
    for (size_t i = 0; i < COUNT_OF(change); i++) {
        scene_restore(scene);
        scene->scope.structure = true;
        scene_sql_plain(scene, change[i]);
        check_text_equal(scene_verdict(scene), "E_CONTAINER@-1 tampering");
    }
}

int attacks_on_book(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_copy_is_proven),
        cmocka_unit_test(a_changed_row_of_the_tables),
        cmocka_unit_test(an_edited_event),
        cmocka_unit_test(an_edited_event_with_every_cache_made_true),
        cmocka_unit_test(an_edited_event_signed_with_the_stolen_key_of_its_clerk),
        cmocka_unit_test(events_removed_doubled_swapped_renumbered),
        cmocka_unit_test(a_log_cut_short_is_seen_by_whoever_kept_a_head),
        cmocka_unit_test(a_cut_that_forgets_the_heads_or_the_head_file),
        cmocka_unit_test(another_history_shows_against_a_kept_head),
        cmocka_unit_test(a_log_given_out_for_the_continuation_of_another),
        cmocka_unit_test(heads_signed_with_the_wrong_key_or_too_little),
        cmocka_unit_test(lines_of_heads_taken_away),
        cmocka_unit_test(a_table_hidden_from_the_list_of_tables),
        cmocka_unit_test(a_value_of_another_type),
        cmocka_unit_test(without_the_right_card_nothing_is_proven),
        cmocka_unit_test(an_old_cosignature_is_stale_on_the_eighth_day),
        cmocka_unit_test(personal_data_moved_or_gone),
        cmocka_unit_test(personal_data_that_no_event_brought),
        cmocka_unit_test(a_changed_container),
    };
    return cmocka_run_group_tests(tests, scene_set_up, scene_tear_down);
}
