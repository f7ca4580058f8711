/* The log that a genesis continues: what is taken as its last head, and what a verification says of
 * a genesis that names one. */
#include "tests/unit/audit/sample_log.h"

#include "ledger/audit/log_source.h"
#include "ledger/audit/predecessor.h"
#include "ledger/base/text.h"

#define OLD "demo.invalid/ledger-00000abc"

static struct signing_key key_of(const char *name, const char *seed)
{
    struct signing_key key;
    struct sha256 bytes = sha256_of(seed, strlen(seed));
    signing_key_from_seed(name, KEY_TYPE_ED25519, bytes.byte, &key);
    return key;
}

static struct trust_card card_of(const char *origin, const char *seed)
{
    struct trust_card card = {.befores = 1};
    (void)snprintf(card.origin, sizeof card.origin, "%s", origin);
    card.log = key_of(origin, seed).verifier;
    card.before[0] = key_of(origin, "before").verifier;
    return card;
}

/* A head of the old log, signed by the key of this seed. */
static void head_of(const char *origin, uint64_t size, const char *seed, struct buffer *ret)
{
    struct signing_key log = key_of(origin, seed);
    struct signing_key day = key_of(OLD "/day", "day");
    struct sha256 root = sha256_of("root", 4);
    buffer_init(ret, CHECKPOINT_NOTE_MAX);
    checkpoint_make(origin, size, &root, &log, &day, NULL, ret);
}

static bool take(const struct trust_card *card, const struct buffer *head, struct predecessor *ret,
                 struct error *err)
{
    return predecessor_take(card, head->data, head->length, ret, err);
}

static void a_head_that_the_log_on_the_card_signed_is_taken(void **state)
{
    static const char *const seeds[] = {"log", "before"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(seeds); i++) {
        struct error err = {0};
        struct trust_card card = card_of(OLD, "log");
        AUTO_BUFFER head;
        AUTO_PREDECESSOR taken = {0};
        head_of(OLD, 7, seeds[i], &head);
        check_ok(take(&card, &head, &taken, &err), &err);
        check_text_equal(taken.origin, OLD);
        check_int_equal((int64_t)taken.size, 7);
        check_text_equal(taken.note.data, head.data);
    }
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    struct error err = {0};
    struct trust_card card = card_of(OLD, "log");
    static const struct {
        const char *origin, *seed;
        uint64_t size;
    } heads[] = {{OLD, "stranger", 7}, {SAMPLE_ORIGIN, "log", 7}, {OLD, "log", 0}};
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        AUTO_BUFFER head;
        AUTO_PREDECESSOR taken = {0};
        head_of(heads[i].origin, heads[i].size, heads[i].seed, &head);
        check_refused(take(&card, &head, &taken, &err), &err, "book.predecessor");
    }
    AUTO_BUFFER whole;
    head_of(OLD, 7, "log", &whole);
    size_t up_to_day_line = whole.length - strlen(strstr(whole.data, OLD "/day"));
    for (size_t length = 0; length < up_to_day_line - 6; length += 5) {
        AUTO_PREDECESSOR taken = {0};
        check_refused(predecessor_take(&card, whole.data, length, &taken, &err), &err,
                      "book.predecessor");
    }
    AUTO_BUFFER large;
    AUTO_PREDECESSOR taken = {0};
    buffer_init(&large, PREDECESSOR_NOTE_MAX + 1);
    for (size_t i = 0; i <= PREDECESSOR_NOTE_MAX; i++) {
        buffer_add_byte(&large, 'x');
    }
    check_refused(take(&card, &large, &taken, &err), &err, "book.predecessor");
}

/* --- verification -------------------------------------------------------------------------------
 */

/* The record as it should be, with one member replaced. */
static struct canon *record_with(struct sample *s, const char *key, struct canon *value)
{
    struct error err = {0};
    struct trust_card card = card_of(OLD, "log");
    AUTO_BUFFER head;
    AUTO_PREDECESSOR taken = {0};
    head_of(OLD, 7, "log", &head);
    check_ok(take(&card, &head, &taken, &err), &err);
    struct canon *record = canon_copy(&s->arena, predecessor_record(&taken, &s->arena), key);
    if (value != NULL) {
        canon_set(record, key, value);
    }
    return record;
}

static void begin_with(struct sample *s, struct canon *predecessor, size_t signers)
{
    struct event_draft draft = genesis_draft(s, 1);
    canon_set(draft.body, "predecessor", predecessor);
    draft.signers = signers;
    sample_append(s, &draft);
}

/* Whether a verification tells this code of the genesis, with these words. */
static bool tells(struct sample *s, const struct verify_trust *trust, const char *code,
                  const char *words)
{
    struct findings findings;
    struct error err = {0};
    struct verify_summary summary;
    struct log_source source = log_source_of_book(s->store);
    struct verify_request request = {.source = &source, .trust = trust};
    bool told = false;
    findings_init(&findings);
    check_ok(log_verify(&request, &findings, &summary, &err), &err);
    for (size_t i = 0; i < findings.count; i++) {
        const struct finding *found = &findings.list[i];
        told = told || (found->seq == 0 && text_equal(found->code, code) &&
                        strstr(found->text, words) != NULL);
    }
    if (trust != NULL) {
        check_text_equal(summary.continues, OLD);
        check_int_equal((int64_t)summary.continues_after, 7);
    }
    findings_release(&findings);
    return told;
}

static void a_genesis_that_names_a_log_well_is_told_nothing(void **state)
{
    struct sample *s = *state;
    begin_with(s, record_with(s, NULL, NULL), 2);
    assert_false(tells(s, NULL, "E_KEY", "continues"));
}

static void all_admins_sign_it(void **state)
{
    struct sample *s = *state;
    begin_with(s, record_with(s, NULL, NULL), 1);
    assert_true(tells(s, NULL, "E_KEY", "not all of two admins or more have signed"));
}

static void one_admin_alone_gives_up_no_log(void **state)
{
    struct sample *s = *state;
    char vkey[VKEY_TEXT_MAX];
    struct canon *keys = canon_array(&s->arena);
    struct event_draft draft = genesis_draft(s, 1);
    canon_add_text(keys, verifier_key_format(&s->admin1.verifier, vkey));
    draft.body = canon_copy(&s->arena, draft.body, "admin_keys");
    canon_set(draft.body, "admin_keys", keys);
    canon_set(draft.body, "predecessor", record_with(s, NULL, NULL));
    draft.signers = 1;
    sample_append(s, &draft);
    assert_true(tells(s, NULL, "E_KEY", "not all of two admins or more have signed"));
}

static struct canon *other_lines(struct sample *s)
{
    struct canon *lines = canon_array(&s->arena);
    canon_add_text(lines, OLD);
    return lines;
}

static void what_it_names_is_held_against_its_note(void **state)
{
    (void)state;
    static const char *const member[] = {"size", "size", "root", "root", "origin", "note", "note"};
    for (size_t i = 0; i < COUNT_OF(member); i++) {
        struct sample s;
        char zeros[SHA256_HEX_SIZE];
        sample_open(&s);
        memset(zeros, '0', sizeof zeros - 1);
        zeros[sizeof zeros - 1] = '\0';
        struct canon *const value[COUNT_OF(member)] = {
            canon_text(&s.arena, "8"),
            NULL,
            canon_text(&s.arena, zeros),
            NULL,
            canon_text(&s.arena, "demo.invalid/ledger-00000abd"),
            other_lines(&s),
            NULL};
        begin_with(&s, record_with(&s, member[i], value[i]), 2);
        assert_true(tells(&s, NULL, "E_KEY", "the log that it continues is malformed"));
        sample_close(&s);
    }
}

static void a_log_does_not_continue_itself(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    struct trust_card card = card_of(SAMPLE_ORIGIN, "log");
    AUTO_BUFFER head;
    AUTO_PREDECESSOR taken = {0};
    head_of(SAMPLE_ORIGIN, 7, "log", &head);
    check_ok(take(&card, &head, &taken, &err), &err);
    begin_with(s, predecessor_record(&taken, &s->arena), 2);
    assert_true(tells(s, NULL, "E_KEY", "the log that it continues is malformed"));
}

static void it_is_held_against_what_an_auditor_has_of_the_old_log(void **state)
{
    struct sample *s = *state;
    struct sha256 root = sha256_of("root", 4);
    struct sha256 other = sha256_of("other", 5);
    struct trust_card card = card_of(OLD, "log");
    struct trust_card stranger = card_of(OLD, "stranger");
    struct trust_card elsewhere = card_of(SAMPLE_ORIGIN, "log");
    struct kept_head kept = {"mine", 7, root};
    struct verify_trust trust = {
        .today = day("2026-03-02"), .kept_before = &kept, .kept_before_count = 1};
    begin_with(s, record_with(s, NULL, NULL), 2);
    assert_false(tells(s, &trust, "E_CPSIG", ""));
    trust.predecessor = &stranger;
    stranger.befores = 0;
    assert_true(tells(s, &trust, "E_CPSIG", OLD));
    trust.predecessor = &elsewhere;
    assert_true(tells(s, &trust, "E_TRUST", "continues " OLD));
    trust.predecessor = &card;
    assert_false(tells(s, &trust, "E_CPSIG", ""));
    assert_false(tells(s, &trust, "E_ROLLBACK", ""));
    kept.size = 8;
    assert_true(tells(s, &trust, "E_ROLLBACK", "mine shows 8 events of " OLD));
    kept.size = 7;
    kept.root = other;
    assert_true(tells(s, &trust, "E_FORK", "mine shows another history"));
    kept.size = 6;
    assert_false(tells(s, &trust, "E_FORK", ""));
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_that_the_log_on_the_card_signed_is_taken),
        cmocka_unit_test(what_is_none_is_refused),
        TEST(a_genesis_that_names_a_log_well_is_told_nothing),
        TEST(all_admins_sign_it),
        TEST(one_admin_alone_gives_up_no_log),
        cmocka_unit_test(what_it_names_is_held_against_its_note),
        TEST(a_log_does_not_continue_itself),
        TEST(it_is_held_against_what_an_auditor_has_of_the_old_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
