#include "tests/unit/audit/sample_log.h"
#include "tests/unit/audit/since_splits.h"

#include "ledger/audit/log_source.h"

#include <sched.h>

/* What a verification says, for comparing in one line: "E_CHAIN@3 E_SIG@3". */
static const char *verdict(struct sample *s, struct verify_summary *ret_summary)
{
    struct findings findings;
    struct error err = {0};
    struct verify_summary summary;
    AUTO_BUFFER text;
    buffer_init(&text, 1 << 20);
    findings_init(&findings);
    struct log_source source = log_source_of_book(s->store);
    struct verify_request request = {.source = &source};
    check_ok(log_verify(&request, &findings, &summary, &err), &err);
    for (size_t i = 0; i < findings.count; i++) {
        assert_true(findings.list[i].text[0] != '\0');
        buffer_printf(&text, "%s%s@%lld", i > 0 ? " " : "", findings.list[i].code,
                      (long long)findings.list[i].seq);
    }
    buffer_printf(&text, "%s%s", findings.tampering ? " tampering" : "",
                  findings.incomplete ? " incomplete" : "");
    assert_int_equal(findings.total, findings.count);
    check_every_split(&source, &findings, &summary);
    findings_release(&findings);
    if (ret_summary != NULL) {
        *ret_summary = summary;
    }
    return arena_text(&s->arena, text.data);
}

static void an_untouched_log_has_no_findings(void **state)
{
    struct sample *s = *state;
    struct verify_summary summary;
    sample_fill(s, 5);
    check_text_equal(verdict(s, &summary), "");
    check_int_equal((int64_t)summary.events, 7);
    check_int_equal((int64_t)summary.signatures, 2 + 2 + 5);
    check_text_equal(summary.origin, SAMPLE_ORIGIN);
    assert_true(summary.demo_keys);
    assert_memory_equal(&summary.tip, &s->tip, sizeof s->tip);
}

static void a_warning_changes_no_verdict(void **state)
{
    (void)state;
    struct findings findings;
    findings_init(&findings);
    findings_add(&findings, "W_NFC", 3, "look at it");
    check_int_equal((int64_t)findings.count, 1);
    assert_false(findings.tampering || findings.incomplete);
    findings_add(&findings, "E_STALE", -1, "too old");
    assert_true(findings.incomplete && !findings.tampering);
    findings_release(&findings);
}

static void an_empty_log_proves_nothing(void **state)
{
    struct sample *s = *state;
    check_text_equal(verdict(s, NULL), "E_KEY@-1 tampering");
}

static void a_log_that_does_not_begin_with_a_genesis_is_refused(void **state)
{
    struct sample *s = *state;
    struct event_draft draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "x"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_KEY@0 E_SIGNER@0 E_KEY@0 tampering");
}

/* Changes one text inside a leaf; both have the same length. */
static void edit(struct sample *s, int64_t seq, const char *from, const char *to)
{
    size_t length = 0;
    char sql[80];
    char *leaf = sample_leaf(s, seq, &length);
    char *at = strstr(leaf, from);
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    (void)snprintf(sql, sizeof sql, "UPDATE event SET leaf = $1 WHERE seq = %lld", (long long)seq);
    sample_tamper(s, sql, leaf, length);
}

/* Makes the column say what the leaf says. */
static void rehash(struct sample *s, int64_t seq)
{
    size_t length = 0;
    char sql[80];
    char *leaf = sample_leaf(s, seq, &length);
    struct sha256 hash = merkle_leaf_hash(leaf, length);
    (void)snprintf(sql, sizeof sql, "UPDATE event SET leaf_hash = $1 WHERE seq = %lld",
                   (long long)seq);
    sample_tamper(s, sql, hash.byte, sizeof hash.byte);
}

static void an_edited_event_is_found(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 5);
    edit(s, 4, "note 2", "note 9");
    check_text_equal(verdict(s, NULL), "E_LEAF@4 E_SIG@4 E_CHAIN@5 E_ROOT@-1 tampering");
    rehash(s, 4);
    check_text_equal(verdict(s, NULL), "E_SIG@4 E_CHAIN@5 E_ROOT@-1 tampering");
}

static void an_edited_last_event_is_found(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 5);
    edit(s, 6, "note 4", "note 9");
    rehash(s, 6);
    check_text_equal(verdict(s, NULL), "E_SIG@6 E_ROOT@-1 tampering");
}

/* The leaf of an event written anew with all hashes right, signed by these keys. */
static void rewrite(struct sample *s, int64_t seq, const char *from, const char *to,
                    const struct signing_key *const *key, size_t keys)
{
    size_t length = 0;
    char sql[80];
    AUTO_BUFFER leaf;
    buffer_init(&leaf, LEAF_MAX);
    const char *old = sample_leaf(s, seq, &length);
    const char *end = strstr(old, "\n\n");
    const char *at = strstr(old, from);
    assert_non_null(end);
    assert_non_null(at);
    buffer_add(&leaf, old, (size_t)(at - old));
    buffer_add_text(&leaf, to);
    at += strlen(from);
    buffer_add(&leaf, at, (size_t)(end + 1 - at));
    size_t text_length = leaf.length;
    buffer_add_byte(&leaf, '\n');
    for (size_t i = 0; i < keys; i++) {
        signature_line_add(key[i], leaf.data, text_length, &leaf);
    }
    (void)snprintf(sql, sizeof sql, "UPDATE event SET leaf = $1 WHERE seq = %lld", (long long)seq);
    sample_tamper(s, sql, leaf.data, leaf.length);
    rehash(s, seq);
}

static void an_event_signed_anew_with_a_stolen_key_breaks_the_chain(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 5);
    rewrite(s, 4, "note 2", "note 9", (const struct signing_key *[]){&s->clerk}, 1);
    check_text_equal(verdict(s, NULL), "E_CHAIN@5 E_ROOT@-1 tampering");
}

static void only_the_actor_may_sign(void **state)
{
    struct sample *s = *state;
    const struct signing_key *other[] = {&s->other};
    const struct signing_key *both[] = {&s->other, &s->clerk};
    const struct signing_key *admin[] = {&s->admin1};
    const struct signing_key *unknown[] = {&s->admin3};
    sample_genesis(s, 2);
    sample_key_add(s, &s->clerk, "clerk");
    sample_key_add(s, &s->other, "clerk");
    struct event_draft draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "x"));
    sample_append(s, &draft);
    rewrite(s, 3, "x", "x", other, 1);
    check_text_equal(verdict(s, NULL), "E_SIGNER@3 E_ROOT@-1 tampering");
    rewrite(s, 3, "x", "x", both, 2);
    check_text_equal(verdict(s, NULL), "E_SIGNER@3 E_ROOT@-1 tampering");
    rewrite(s, 3, "x", "x", admin, 1);
    check_text_equal(verdict(s, NULL), "E_SIGNER@3 E_ROOT@-1 tampering");
    rewrite(s, 3, "x", "x", unknown, 1);
    check_text_equal(verdict(s, NULL), "E_SIGNER@3 E_ROOT@-1 tampering");
}

static void control_events_need_the_quorum_of_admins_and_nobody_else(void **state)
{
    struct sample *s = *state;
    const struct signing_key *one[] = {&s->admin1};
    const struct signing_key *with_clerk[] = {&s->admin1, &s->admin2, &s->clerk};
    const struct signing_key *both[] = {&s->admin1, &s->admin2};
    sample_genesis(s, 2);
    sample_key_add(s, &s->clerk, "clerk");
    struct event_draft draft = control_draft(s, "policy.set", text_body(s, "x"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "");
    rewrite(s, 2, "x", "x", one, 1);
    check_text_equal(verdict(s, NULL), "E_SIGNER@2 E_ROOT@-1 tampering");
    rewrite(s, 2, "x", "x", with_clerk, 3);
    check_text_equal(verdict(s, NULL), "E_SIGNER@2 E_ROOT@-1 tampering");
    rewrite(s, 2, "x", "x", both, 2); /* Ed25519 is deterministic: the first bytes again */
    check_text_equal(verdict(s, NULL), "");
}

static void two_keys_of_one_admin_are_one_admin(void **state)
{
    struct sample *s = *state;
    AUTO_SIGNING_KEY second;
    sample_genesis(s, 2);
    signing_key_generate(s->admin1.verifier.name, KEY_TYPE_ED25519, &second);
    sample_key_add(s, &second, "admin");
    struct event_draft draft = control_draft(s, "policy.set", text_body(s, "x"));
    sample_append(s, &draft);
    bool first_lower = s->admin1.verifier.id < second.verifier.id;
    const struct signing_key *keys[] = {first_lower ? &s->admin1 : &second,
                                        first_lower ? &second : &s->admin1};
    rewrite(s, 2, "x", "x", keys, 2);
    check_text_equal(verdict(s, NULL), "E_SIGNER@2 E_ROOT@-1 tampering");
}

static void a_quorum_of_one_needs_one_admin(void **state)
{
    struct sample *s = *state;
    sample_genesis(s, 1);
    struct event_draft draft = control_draft(s, "policy.set", text_body(s, "x"));
    draft.signers = 1;
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "");
}

static void the_daily_key_is_changed_by_the_system(void **state)
{
    struct sample *s = *state;
    sample_genesis(s, 2);
    struct event_draft draft =
        sample_draft(s, "key.rotate", &s->system, "system", text_body(s, "x"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "");
}

static void a_key_signs_only_after_it_was_added(void **state)
{
    struct sample *s = *state;
    sample_genesis(s, 2);
    struct event_draft draft =
        sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "too early"));
    sample_append(s, &draft);
    sample_key_add(s, &s->clerk, "clerk");
    draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "in time"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_SIGNER@1 E_KEY@1 tampering");
}

static struct canon *revoke_body(struct sample *s, const struct signing_key *key, int64_t from)
{
    char vkey[VKEY_TEXT_MAX];
    struct canon *body = canon_object(&s->arena);
    canon_set_text(body, "actor", code_of(key));
    canon_set_text(body, "reason", "lost");
    canon_set_text(body, "vkey", verifier_key_format(&key->verifier, vkey));
    if (from >= 0) {
        canon_set_int(body, "from_seq", from);
    }
    return body;
}

static void a_revoked_key_signs_no_more(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 1);
    struct event_draft draft = control_draft(s, "key.revoke", revoke_body(s, &s->clerk, -1));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "");
    draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "too late"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_SIGNER@4 tampering");
}

static void what_a_lost_key_signed_is_in_dispute(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 3);
    struct event_draft draft = control_draft(s, "key.revoke", revoke_body(s, &s->clerk, 3));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_DISPUTE@3 E_DISPUTE@4 incomplete");
}

/* From the first event that it did not sign. */
static void a_lost_key_that_signed_nothing_leaves_nothing_in_dispute(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 1);
    struct event_draft draft =
        sample_draft(s, "note.make", &s->admin1, "admin", text_body(s, "by another"));
    sample_append(s, &draft);
    draft = control_draft(s, "key.revoke", revoke_body(s, &s->clerk, 3));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "");
}

static struct canon *resolve_body(struct sample *s, const struct signing_key *key,
                                  const char *first, const char *second)
{
    char vkey[VKEY_TEXT_MAX];
    struct canon *body = canon_object(&s->arena);
    struct canon *events = canon_array(&s->arena);
    canon_add_text(events, first);
    if (second != NULL) {
        canon_add_text(events, second);
    }
    canon_set(body, "events", events);
    canon_set_text(body, "outcome", "genuine");
    canon_set_text(body, "reason", "asked");
    canon_set_text(body, "vkey", verifier_key_format(&key->verifier, vkey));
    return body;
}

static void a_dispute_ends_event_by_event(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 3);
    struct event_draft draft = control_draft(s, "key.revoke", revoke_body(s, &s->clerk, 2));
    sample_append(s, &draft);
    draft = control_draft(s, "dispute.resolve", resolve_body(s, &s->clerk, "2", "4"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_DISPUTE@3 incomplete");
    draft = control_draft(s, "dispute.resolve", resolve_body(s, &s->clerk, "3", NULL));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "");
}

static void what_is_not_in_dispute_is_not_resolved(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 3);
    struct event_draft draft =
        control_draft(s, "dispute.resolve", resolve_body(s, &s->clerk, "2", NULL));
    sample_append(s, &draft);
    draft = control_draft(s, "key.revoke", revoke_body(s, &s->clerk, 3));
    sample_append(s, &draft);
    draft = control_draft(s, "dispute.resolve", resolve_body(s, &s->clerk, "2", NULL));
    sample_append(s, &draft);
    draft = control_draft(s, "dispute.resolve", resolve_body(s, &s->clerk, "3", "6"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL),
                     "E_KEY@5 E_KEY@7 E_KEY@8 E_DISPUTE@3 E_DISPUTE@4 tampering incomplete");
}

/* One admin alone ends no dispute. */
static void a_dispute_is_not_resolved_by_one(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 1);
    struct event_draft draft = control_draft(s, "key.revoke", revoke_body(s, &s->clerk, 2));
    sample_append(s, &draft);
    draft = sample_draft(s, "dispute.resolve", &s->admin1, "admin",
                         resolve_body(s, &s->clerk, "2", NULL));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_SIGNER@4 E_DISPUTE@2 tampering incomplete");
}

/* key.renew as `signer` signs it: `next` comes in place of `replaced`. */
static void renew(struct sample *s, const struct signing_key *next,
                  const struct signing_key *replaced, const struct signing_key *signer)
{
    char vkey[VKEY_TEXT_MAX];
    struct canon *body = key_add_body(s, next, "clerk");
    canon_set_text(body, "replaces", verifier_key_format(&replaced->verifier, vkey));
    struct event_draft draft = sample_draft(s, "key.renew", signer, "clerk", body);
    sample_append(s, &draft);
}

static void note(struct sample *s, const struct signing_key *key)
{
    struct event_draft draft = sample_draft(s, "note.make", key, "clerk", text_body(s, "more"));
    sample_append(s, &draft);
}

static struct signing_key next_key_of_clerk(uint8_t number)
{
    struct signing_key next;
    struct sha256 seed = sha256_of(&number, 1);
    signing_key_from_seed(SAMPLE_ORIGIN "/a/wang.li", KEY_TYPE_ED25519, seed.byte, &next);
    return next;
}

static void a_key_renews_itself(void **state)
{
    struct sample *s = *state;
    struct signing_key next = next_key_of_clerk(1);
    sample_fill(s, 1);
    renew(s, &next, &s->clerk, &s->clerk);
    note(s, &next);
    check_text_equal(verdict(s, NULL), "");
    note(s, &s->clerk);
    check_text_equal(verdict(s, NULL), "E_SIGNER@5 tampering");
}

static void a_renewal_is_signed_by_the_key_that_ends(void **state)
{
    struct sample *s = *state;
    struct signing_key next = next_key_of_clerk(1);
    sample_fill(s, 1);
    sample_key_add(s, &s->other, "clerk");
    renew(s, &next, &s->other, &s->clerk);     /* of another */
    renew(s, &s->other, &s->clerk, &s->clerk); /* for another */
    renew(s, &next, &next, &next);             /* by itself */
    check_text_equal(verdict(s, NULL), "E_KEY@4 E_KEY@5 E_SIGNER@6 tampering");
}

static void a_dispute_reaches_back_behind_a_renewal(void **state)
{
    struct sample *s = *state;
    struct signing_key next = next_key_of_clerk(1);
    struct signing_key last = next_key_of_clerk(2);
    sample_fill(s, 2);
    renew(s, &next, &s->clerk, &s->clerk); /* event 4 */
    note(s, &next);
    renew(s, &last, &next, &next); /* event 6 */
    struct event_draft draft = control_draft(s, "key.revoke", revoke_body(s, &last, 3));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL),
                     "E_DISPUTE@3 E_DISPUTE@4 E_DISPUTE@5 E_DISPUTE@6 incomplete");
    draft = control_draft(s, "dispute.resolve", resolve_body(s, &last, "3", "5"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_DISPUTE@4 E_DISPUTE@6 incomplete");
}

static void a_key_without_proof_of_possession_is_not_learnt(void **state)
{
    struct sample *s = *state;
    struct canon *body = key_add_body(s, &s->clerk, "clerk");
    struct canon *other = key_add_body(s, &s->other, "clerk");
    struct canon *mixed = canon_object(&s->arena);
    sample_genesis(s, 2);
    for (size_t i = 0; i < canon_count(body); i++) {
        const char *key = canon_key_at(body, i);
        canon_set_text(mixed, key, canon_get_text(strcmp(key, "pop") == 0 ? other : body, key));
    }
    struct event_draft draft = control_draft(s, "key.add", mixed);
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_KEY@1 tampering");
}

static void a_key_of_another_name_or_a_known_key_is_not_learnt(void **state)
{
    struct sample *s = *state;
    AUTO_SIGNING_KEY renamed;
    char name[KEY_NAME_MAX + 1];
    sample_fill(s, 0);
    sample_key_add(s, &s->clerk, "clerk"); /* again */
    assert_true(key_name_of_staff(SAMPLE_ORIGIN, "second.self", name));
    signing_key_from_seed(name, KEY_TYPE_ED25519, s->clerk.secret, &renamed);
    sample_key_add(s, &renamed, "approver"); /* one key, two people */
    signing_key_generate("demo.invalid/ledger-0000abce/a/li.na", KEY_TYPE_ED25519, &renamed);
    sample_key_add(s, &renamed, "clerk"); /* of another book */
    check_text_equal(verdict(s, NULL), "E_KEY@2 E_KEY@3 E_KEY@4 tampering");
}

static void a_role_must_be_held(void **state)
{
    struct sample *s = *state;
    struct canon *body = canon_object(&s->arena);
    sample_fill(s, 0);
    struct event_draft draft =
        sample_draft(s, "loan.approve", &s->clerk, "approver", text_body(s, "x"));
    sample_append(s, &draft);
    canon_set_text(body, "actor", "wang.li");
    canon_set_text(body, "role", "approver");
    draft = control_draft(s, "role.grant", body);
    sample_append(s, &draft);
    draft = sample_draft(s, "loan.approve", &s->clerk, "approver", text_body(s, "x"));
    sample_append(s, &draft);
    body = canon_object(&s->arena);
    canon_set_text(body, "actor", "wang.li");
    canon_set_text(body, "role", "approver");
    draft = control_draft(s, "role.revoke", body);
    sample_append(s, &draft);
    draft = sample_draft(s, "loan.approve", &s->clerk, "approver", text_body(s, "x"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "E_KEY@2 E_KEY@6 tampering");
}

static void an_event_taken_out_is_found(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 5);
    sample_tamper(s, "DELETE FROM event WHERE seq = 4", NULL, 0);
    check_text_equal(verdict(s, NULL), "E_SEQ@5 E_CHAIN@5 E_ROOT@-1 tampering");
    sample_tamper(s, "UPDATE event SET seq = seq - 1 WHERE seq > 4", NULL, 0);
    check_text_equal(verdict(s, NULL), "E_SEQ@4 E_CHAIN@4 E_SEQ@5 E_ROOT@-1 tampering");
}

static void a_cut_off_end_differs_from_the_kept_tree(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 5);
    sample_tamper(s, "DELETE FROM event WHERE seq = 6", NULL, 0);
    check_text_equal(verdict(s, NULL), "E_ROOT@-1 tampering");
}

static void an_event_twice_is_found(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 5);
    sample_tamper(s,
                  "INSERT INTO event (seq, leaf, leaf_hash, cmd) SELECT 7, leaf, leaf_hash, "
                  "randomblob(16) FROM event WHERE seq = 6",
                  NULL, 0);
    check_text_equal(verdict(s, NULL), "E_LEAF@7 E_SEQ@7 E_CHAIN@7 E_DUP@7 E_ROOT@-1 tampering");
}

static void a_command_id_used_twice_is_found(void **state)
{
    struct sample *s = *state;
    char from[UUID_HEX_SIZE], to[UUID_HEX_SIZE];
    sample_genesis(s, 2);
    sample_key_add(s, &s->clerk, "clerk");
    struct event_draft first = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "x"));
    sample_append(s, &first);
    struct event_draft second = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "y"));
    sample_append(s, &second);
    rewrite(s, 3, uuid_to_hex(&second.cmd, from), uuid_to_hex(&first.cmd, to),
            (const struct signing_key *[]){&s->clerk}, 1);
    check_text_equal(verdict(s, NULL), "E_LEAF@3 E_DUP@3 E_ROOT@-1 tampering");
}

static void a_leaf_that_is_no_event_is_found(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 3);
    sample_tamper(s, "UPDATE event SET leaf = $1 WHERE seq = 3", "junk", 4);
    check_text_equal(verdict(s, NULL), "E_LEAF@3 E_LEAF@3 E_CHAIN@4 E_ROOT@-1 tampering");
}

static void an_event_of_another_book_is_found(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 1);
    rewrite(s, 2, SAMPLE_ORIGIN, "demo.invalid/ledger-0000abce",
            (const struct signing_key *[]){&s->clerk}, 1);
    check_text_equal(verdict(s, NULL), "E_ORIGIN@2 E_ROOT@-1 tampering");
}

static void time_that_goes_back_proves_no_tampering(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 1);
    rewrite(s, 2, "2026-03-02T00:00:03Z", "2026-03-01T00:00:03Z",
            (const struct signing_key *[]){&s->clerk}, 1);
    check_text_equal(verdict(s, NULL), "E_TIME@2 E_ROOT@-1 tampering incomplete");
}

/* It goes back to the event by which the admins say so, and not once more behind it. */
static void the_admins_let_time_go_back_once(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 1);
    struct event_draft draft = control_draft(s, "clock.adjust", text_body(s, "it was fast"));
    draft.at.seconds = SAMPLE_TIME + 1; /* the last event is two seconds later */
    sample_append(s, &draft);
    s->now = SAMPLE_TIME + 1;
    draft = sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "goes on"));
    sample_append(s, &draft);
    check_text_equal(verdict(s, NULL), "");
    rewrite(s, 4, "2026-03-02T00:00:02Z", "2026-03-02T00:00:00Z",
            (const struct signing_key *[]){&s->clerk}, 1);
    check_text_equal(verdict(s, NULL), "E_TIME@4 E_ROOT@-1 tampering incomplete");
}

static void the_kept_tree_is_compared_and_not_believed(void **state)
{
    struct sample *s = *state;
    uint8_t hashes[64] = {1};
    sample_fill(s, 1); /* size 3: two hashes */
    sample_tamper(s, "UPDATE frontier SET hashes = $1", hashes, sizeof hashes);
    check_text_equal(verdict(s, NULL), "E_ROOT@-1 tampering");
    sample_tamper(s, "DELETE FROM frontier", NULL, 0);
    check_text_equal(verdict(s, NULL), "E_ROOT@-1 tampering");
}

static void append_rows(struct sample *s, const char *text, uint64_t count)
{
    AUTO_BUFFER rows;
    buffer_init(&rows, 1 << 20);
    buffer_add_text(&rows, text);
    struct event_draft draft =
        sample_draft(s, "note.make", &s->clerk, "clerk", text_body(s, "rows"));
    draft.rows = &rows;
    draft.rows_count = count;
    sample_append(s, &draft);
}

static void rows_beside_an_event_are_bound(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 1);
    append_rows(s, "{}\n{}\n", 2);
    check_text_equal(verdict(s, NULL), "");
    append_rows(s, "{}\n{}\n", 3); /* counted wrongly */
    append_rows(s, "{}\n{}", 2);   /* no end */
    check_text_equal(verdict(s, NULL), "E_ROWS@4 E_ROWS@5 tampering");
}

static void changed_lost_and_added_rows_are_found(void **state)
{
    struct sample *s = *state;
    sample_fill(s, 1);
    append_rows(s, "{}\n{}\n", 2);
    append_rows(s, "{}\n", 1);
    sample_tamper(s, "UPDATE event_rows SET bytes = $1 WHERE seq = 3", "[]\n{}\n", 6);
    sample_tamper(s, "DELETE FROM event_rows WHERE seq = 4", NULL, 0);
    check_text_equal(verdict(s, NULL), "E_ROWS@3 E_ROWS@4 tampering");
    sample_tamper(s, "INSERT INTO event_rows (seq, part, bytes) VALUES (2, 0, $1)", "{}\n", 3);
    sample_tamper(s, "INSERT INTO event_rows (seq, part, bytes) VALUES (1, 5, $1)", "{}\n", 3);
    check_text_equal(verdict(s, NULL), "E_ROWS@3 E_ROWS@4 E_ROWS@-1 tampering");
}

struct seen {
    int64_t next;
    int ends;
    size_t rows;
};

static void see_event(void *context, const struct event *event, const struct buffer *rows,
                      struct findings *findings)
{
    struct seen *seen = context;
    check_int_equal((int64_t)event->seq, seen->next);
    seen->next++;
    seen->rows += rows == NULL ? 0 : rows->length;
    if (event->seq % 100 == 50) {
        findings_add(findings, "E_RULE", (int64_t)event->seq, "not liked");
    }
}

static void see_end(void *context, struct findings *findings)
{
    struct seen *seen = context;
    seen->ends++;
    findings_add(findings, "E_PROJECTION", -1, "at the end");
}

/* More events than the ring holds, looked at by a visitor; as text. */
static const char *visited(struct sample *s)
{
    struct seen seen = {0};
    const struct verify_visitor visitor = {&seen, see_event, see_end};
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    AUTO_BUFFER text;
    buffer_init(&text, 1 << 20);
    findings_init(&findings);
    struct log_source source = log_source_of_book(s->store);
    struct verify_request request = {.source = &source, .visitor = &visitor};
    check_ok(log_verify(&request, &findings, &summary, &err), &err);
    check_int_equal(seen.next, 602);
    check_int_equal(seen.ends, 1);
    for (size_t i = 0; i < findings.count; i++) {
        buffer_printf(&text, "%s@%lld ", findings.list[i].code, (long long)findings.list[i].seq);
    }
    findings_release(&findings);
    return arena_text(&s->arena, text.data);
}

static void findings_come_in_order_on_any_number_of_processors(void **state)
{
    struct sample *s = *state;
    cpu_set_t before, one;
    sample_fill(s, 600);
    edit(s, 149, "note", "nota");
    edit(s, 151, "note", "nota");
    static const char want[] = "E_RULE@50 E_LEAF@149 E_SIG@149 E_CHAIN@150 E_RULE@150 E_LEAF@151 "
                               "E_SIG@151 E_CHAIN@152 E_RULE@250 E_RULE@350 E_RULE@450 "
                               "E_RULE@550 E_ROOT@-1 E_PROJECTION@-1 ";
    check_text_equal(visited(s), want);
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
        if (CPU_ISSET(i, &before)) {
            CPU_SET(i, &one);
        }
    }
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    const char *alone = visited(s);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    check_text_equal(alone, want);
}

static void more_findings_than_are_kept_are_counted(void **state)
{
    (void)state;
    struct findings a, b;
    findings_init(&a);
    findings_init(&b);
    for (int i = 0; i < 700; i++) {
        findings_add(&a, "E_TIME", i, "%d", i);
        findings_add(&b, "E_CHAIN", i, "%d", i);
    }
    assert_true(a.incomplete && !a.tampering);
    findings_take(&a, &b);
    assert_int_equal(a.count, FINDINGS_MAX);
    assert_int_equal(a.total, 1400);
    assert_true(a.incomplete && a.tampering);
    check_text_equal(a.list[999].text, "299");
    assert_int_equal(b.count, 0);
    findings_add(&a, "E_SIG", 0, "one more");
    assert_int_equal(a.count, FINDINGS_MAX);
    assert_int_equal(a.total, 1401);
    findings_release(&a);
}

/* Every test above asks for its verdict, which check_every_split() tries at every size. */
static void every_verification_was_also_made_in_two_parts(void **state)
{
    (void)state;
    print_message("%zu verifications went on from an earlier state\n", splits_checked);
    assert_true(splits_checked > 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_untouched_log_has_no_findings),
        TEST(an_empty_log_proves_nothing),
        TEST(a_log_that_does_not_begin_with_a_genesis_is_refused),
        TEST(an_edited_event_is_found),
        TEST(an_edited_last_event_is_found),
        TEST(an_event_signed_anew_with_a_stolen_key_breaks_the_chain),
        TEST(only_the_actor_may_sign),
        TEST(control_events_need_the_quorum_of_admins_and_nobody_else),
        TEST(two_keys_of_one_admin_are_one_admin),
        TEST(a_quorum_of_one_needs_one_admin),
        TEST(the_daily_key_is_changed_by_the_system),
        TEST(a_key_signs_only_after_it_was_added),
        TEST(a_revoked_key_signs_no_more),
        TEST(what_a_lost_key_signed_is_in_dispute),
        TEST(a_lost_key_that_signed_nothing_leaves_nothing_in_dispute),
        TEST(a_dispute_ends_event_by_event),
        TEST(what_is_not_in_dispute_is_not_resolved),
        TEST(a_dispute_is_not_resolved_by_one),
        TEST(a_key_renews_itself),
        TEST(a_renewal_is_signed_by_the_key_that_ends),
        TEST(a_dispute_reaches_back_behind_a_renewal),
        TEST(a_key_without_proof_of_possession_is_not_learnt),
        TEST(a_key_of_another_name_or_a_known_key_is_not_learnt),
        TEST(a_role_must_be_held),
        TEST(an_event_taken_out_is_found),
        TEST(a_cut_off_end_differs_from_the_kept_tree),
        TEST(an_event_twice_is_found),
        TEST(a_command_id_used_twice_is_found),
        TEST(a_leaf_that_is_no_event_is_found),
        TEST(an_event_of_another_book_is_found),
        TEST(time_that_goes_back_proves_no_tampering),
        TEST(the_admins_let_time_go_back_once),
        TEST(the_kept_tree_is_compared_and_not_believed),
        TEST(rows_beside_an_event_are_bound),
        TEST(changed_lost_and_added_rows_are_found),
        TEST(findings_come_in_order_on_any_number_of_processors),
        cmocka_unit_test(a_warning_changes_no_verdict),
        cmocka_unit_test(more_findings_than_are_kept_are_counted),
        cmocka_unit_test(every_verification_was_also_made_in_two_parts),
    };
    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
