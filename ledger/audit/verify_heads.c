#include "ledger/audit/verify_heads_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checks.h"
#include "ledger/audit/witness.h"
#include "ledger/base/alloc.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"

#define COSIGN_TOLERANCE 300 /* seconds (T2, T3) */
#define DAY_SUFFIX "/day"

struct head_check *head_check_new(const struct verify_trust *trust, bool remembers)
{
    struct head_check *check = alloc_zeroed(1, sizeof *check);
    check->trust = trust;
    check->remembers = remembers;
    check->max_age_days = COSIGN_MAX_AGE_DAYS;
    buffer_init(&check->note, CHECKPOINT_NOTE_MAX);
    buffer_init(&check->lookup, CHECKPOINT_NOTE_MAX);
    return check;
}

struct head_check *head_check_free(struct head_check *check)
{
    if (check != NULL) {
        buffer_release(&check->note);
        buffer_release(&check->lookup);
        head_memory_release(&check->memory);
        free(check);
    }
    return NULL;
}

/* V0: the card ----------------------------------------------------------------------------------
 */

bool same_key(const struct verifier_key *a, const struct verifier_key *b)
{
    return text_equal(a->name, b->name) &&
           memcmp(a->public_key, b->public_key, sizeof a->public_key) == 0;
}

static const char *card_misfit(const struct head_check *check, const char *origin,
                               const struct sha256 *genesis)
{
    const struct trust_card *card = check->trust->card;
    if (!text_equal(card->origin, origin)) {
        return _("it is of another log");
    }
    if (!sha256_equal(&card->genesis, genesis)) {
        return _("the log begins with another genesis than the card says");
    }
    return NULL;
}

/* A policy that changed since the card was printed: the card counts, and is told apart. */
static void check_policy(struct head_check *check, struct findings *findings)
{
    const struct trust_card *card = check->trust->card;
    if (check->memory.has_policy && !trust_card_policy_is(card, &check->memory.policy)) {
        findings_add(findings, "E_TRUST", 0,
                     _("the witness policy on the card is not the one the log names; the card "
                       "counts here, get a new one from the county finance bureau"));
    }
}

void head_check_card_key(struct head_check *check)
{
    const struct trust_card *card = check->trust->card;
    check->card_key_seen =
        check->card_key_seen || (card != NULL && same_key(&card->log, &check->log_key));
}

void head_check_card(struct head_check *check, const char *origin, const struct sha256 *genesis,
                     struct findings *findings)
{
    if (check->trust->card == NULL) {
        return; /* told at the end */
    }
    const char *misfit = card_misfit(check, origin, genesis);
    if (CHECK_MADE(V0_CARD) && misfit != NULL) {
        findings_add(findings, "E_TRUST", 0, _("the trust card does not fit this log: %s"), misfit);
        return;
    }
    check->trusted = true;
    check->policy = check->trust->card->policy;
    if (!check->has_log_key) {
        check->log_key = check->trust->card->log;
        check->has_log_key = true;
    }
    head_check_card_key(check);
    check_policy(check, findings);
}

/* Keys of the log -------------------------------------------------------------------------------
 */

/* The vkey in a member of the body, if it has the name it must have. */
static bool named_key(const struct event *event, const struct canon *in, const char *member,
                      const char *suffix, struct verifier_key *ret)
{
    char name[KEY_NAME_MAX + 1];
    struct error ignored;
    const char *vkey = canon_get_text(in, member);
    int length = snprintf(name, sizeof name, "%s%s", event->origin, suffix);
    return vkey != NULL && length > 0 && (size_t)length < sizeof name &&
           verifier_key_parse(vkey, ret, &ignored) && ret->type == KEY_TYPE_ED25519 &&
           text_equal(ret->name, name);
}

static void learn_genesis(struct head_check *check, const struct event *event,
                          const struct sha256 *leaf_hash, struct findings *findings)
{
    int64_t days = 0;
    (void)snprintf(check->origin, sizeof check->origin, "%s", event->origin);
    check->has_log_key = named_key(event, event->body, "log_key", "", &check->log_key);
    check->has_day_key = named_key(event, event->body, "day_key", DAY_SUFFIX, &check->day_key);
    if (!check->has_log_key || !check->has_day_key) {
        findings_add(findings, "E_KEY", 0, _("the genesis does not name log key and day key"));
    }
    if (canon_get_int(event->body, "cosign_max_age_days", &days) && days >= 0) {
        check->max_age_days = days;
    }
    check->memory.genesis = *leaf_hash;
    check->memory.has_policy =
        canon_get_sha256(event->body, "policy_sha256", &check->memory.policy);
    head_check_card(check, event->origin, leaf_hash, findings);
    head_check_predecessor(check, event, findings);
}

/* What a control event asks for stands in its body, that of others in "in". */
static const struct canon *request_of(const struct event *event)
{
    const struct canon *in = canon_get(event->body, "in");
    return in == NULL ? event->body : in;
}

static void refuse_key(const struct event *event, const char *fact, struct findings *findings)
{
    findings_add(findings, "E_KEY", (int64_t)event->seq, "%s", fact);
}

/* The admins replace the log key; the event says whether the old one still signs. */
static void learn_next_log(struct head_check *check, const struct event *event,
                           const struct canon *in, struct findings *findings)
{
    check->has_next_log = named_key(event, in, "log_key", "", &check->next_log) &&
                          canon_get_bool(in, "log_lost", &check->log_key_lost) &&
                          check->has_log_key && !same_key(&check->next_log, &check->log_key);
    if (!check->has_next_log) {
        check->log_key_lost = false;
        refuse_key(event, _("the next log key is malformed, or is the old one"), findings);
    }
}

static void learn_rotation(struct head_check *check, const struct event *event,
                           struct findings *findings)
{
    const struct canon *in = request_of(event);
    bool recovers = text_equal(event->type, "key.recover");
    if (recovers && canon_get(in, "log_key") != NULL) {
        learn_next_log(check, event, in, findings);
        if (canon_get(in, "day_key") == NULL) {
            return;
        }
    }
    check->has_next_day = named_key(event, in, "day_key", DAY_SUFFIX, &check->next_day);
    check->day_key_lost = recovers;
    if (!check->has_next_day || !check->has_day_key ||
        same_key(&check->next_day, &check->day_key)) {
        check->has_next_day = false;
        refuse_key(event, _("the next day key is malformed, or is the old one"), findings);
    }
}

/* Cosignatures that an event records ------------------------------------------------------------
 */

static bool is_line_of(const struct buffer *note, const char *line)
{
    const char *at = note->length == 0 ? NULL : strstr(note->data, line);
    size_t length = strlen(line);
    return at != NULL && length > 0 && at > note->data && at[-1] == '\n' && at[length] == '\n';
}

/* A line "name base64" claims its time. */
static bool line_time(const char *line, int64_t *ret)
{
    uint8_t bytes[4 + COSIGNATURE_SIZE];
    size_t length = 0;
    const char *base64 = strrchr(line, ' ');
    if (base64 == NULL ||
        !base64_parse(base64 + 1, strlen(base64 + 1), bytes, sizeof bytes, &length) ||
        length != sizeof bytes) {
        return false;
    }
    *ret = cosignature_time(bytes + 4);
    return *ret >= 0;
}

static bool check_recorded_cosignature(struct head_check *check, const struct log_source *source,
                                       const struct event *event, struct findings *findings,
                                       struct error *err)
{
    const struct canon *in = request_of(event);
    const char *line = canon_get_text(in, "line");
    int64_t seq = (int64_t)event->seq;
    int64_t size = 0;
    int64_t time = 0;
    uint64_t found = 0;
    if (line == NULL || !canon_get_int(in, "size", &size) || size < 1 || size > seq ||
        !line_time(line, &time)) {
        findings_add(findings, "E_CPSIG", seq, _("it records no cosignature of an earlier head"));
        return true;
    }
    if (!source->next_head(source->context, (uint64_t)size - 1, &found, &check->lookup, err)) {
        return false;
    }
    if (CHECK_MADE(V6_COSIGNED) && (found != (uint64_t)size || !is_line_of(&check->lookup, line))) {
        findings_add(findings, "E_CPSIG", seq,
                     _("the cosignature it records is missing from the head of size %" PRId64),
                     size);
    }
    if (event->instant.seconds < time - COSIGN_TOLERANCE) {
        findings_add(findings, "E_TIME", seq,
                     _("it was written before the cosignature it records"));
    }
    return true;
}

bool head_check_event(struct head_check *check, const struct log_source *source,
                      const struct event *event, const struct sha256 *leaf_hash,
                      struct findings *findings, struct error *err)
{
    if (event->seq == 0) {
        learn_genesis(check, event, leaf_hash, findings);
    } else if (text_equal(event->type, "key.rotate") || text_equal(event->type, "key.recover")) {
        learn_rotation(check, event, findings);
    } else if (text_equal(event->type, "witness.cosign")) {
        return check_recorded_cosignature(check, source, event, findings, err);
    }
    return true;
}

/* V6: recorded heads ----------------------------------------------------------------------------
 */

/* Mirrors have verified what is under the head, whether or not they make a quorum. */
static void note_mirrors(struct head_check *check, uint64_t size,
                         const struct checkpoint_witnessed *witnessed)
{
    struct head_seen seen = {.size = size};
    for (size_t i = 0; check->policy != NULL && i < check->policy->witnesses; i++) {
        if ((witnessed->by >> i & 1) != 0 && cosigner_is_mirror(check->policy->witness[i])) {
            seen.by |= UINT64_C(1) << i;
            seen.time = witnessed->time[i] > seen.time ? witnessed->time[i] : seen.time;
        }
    }
    if (seen.by != 0 && size >= check->mirrored.size) {
        check->mirrored = seen;
    }
}

void head_check_witnessed(struct head_check *check, uint64_t size, struct instant at,
                          const struct checkpoint_witnessed *witnessed, struct findings *findings)
{
    int64_t time = 0;
    for (size_t i = 0; check->policy != NULL && i < check->policy->witnesses; i++) {
        if ((witnessed->by >> i & 1) == 0) {
            continue;
        }
        if (CHECK_MADE(V6_WITNESS_TIME) && at.seconds > witnessed->time[i] + COSIGN_TOLERANCE) {
            findings_add(findings, "E_TIME", (int64_t)size - 1,
                         _("a witness signed it before it was written"));
        }
        if (CHECK_MADE(V6_WITNESS_TIME) &&
            date_compare(clock_date_in_china((struct instant){witnessed->time[i]}),
                         check->trust->today) > 0) {
            findings_add(findings, "E_TIME", (int64_t)size - 1,
                         _("a cosignature on the head over it is from the future"));
        }
    }
    note_mirrors(check, size, witnessed);
    if (check->policy != NULL && witnessed->by != 0 &&
        witness_quorum_time(check->policy, witnessed, &time)) {
        check->witnessed_size = size;
        check->witnessed_time = time;
        check->witnessed_by = witnessed->by;
    }
}

/* The keys that cover this size; on a seal those that follow too. */
static void set_signers(const struct head_check *check, struct head_signatures *ret)
{
    ret->log = check->log_key;
    ret->day = check->day_key;
    ret->next_log = check->next_log;
    ret->next_day = check->next_day;
    ret->signers = (struct checkpoint_signers){
        .log = check->has_log_key && !check->log_key_lost ? &ret->log : NULL,
        .next_log = check->has_next_log ? &ret->next_log : NULL,
        .day = check->has_day_key && !check->day_key_lost ? &ret->day : NULL,
        .next_day = check->has_next_day ? &ret->next_day : NULL,
    };
}

/* NULL: it is no head of this size. */
static struct head_signatures *check_head(struct head_check *check,
                                          const struct merkle_range *range, struct instant at,
                                          struct arena *arena, struct findings *findings)
{
    struct error why = {0};
    int64_t seq = (int64_t)range->size - 1;
    struct sha256 root = merkle_range_root(range);
    struct head_signatures *ret = arena_alloc(arena, sizeof *ret);
    const char *bytes = check->note.data == NULL ? "" : check->note.data;
    const char *copy = arena_text_n(arena, bytes, check->note.length);

    check->heads++;
    if (!checkpoint_read(copy, check->note.length, &ret->note, &ret->head, &why)) {
        findings_add(findings, "E_CPSIG", seq, "%s", why.text);
        return NULL;
    }
    if (ret->head.size != range->size) {
        findings_add(findings, "E_CPSIG", seq,
                     _("the head kept for size %" PRIu64 " is of size %" PRIu64), range->size,
                     ret->head.size);
        return NULL;
    }
    if (CHECK_MADE(V6_ROOT) && !sha256_equal(&ret->head.root, &root)) {
        findings_add(findings, "E_ROOT", seq,
                     _("the head of size %" PRIu64 " has another root than the events"),
                     range->size);
    }
    ret->at = at;
    ret->origin = check->origin;
    ret->policy = check->policy;
    set_signers(check, ret);
    return ret;
}

void head_check_signatures(struct head_check *check, struct signature_pool *pool,
                           struct head_signatures *signatures, struct findings *findings)
{
    if (signatures == NULL) {
        return;
    }
    pool_wait(pool, &signatures->task);
    if (signatures->hold) {
        head_check_witnessed(check, signatures->head.size, signatures->at, &signatures->witnessed,
                             findings);
    } else if (CHECK_MADE(V6_KEYS)) {
        findings_add(findings, signatures->why.reason, (int64_t)signatures->head.size - 1, "%s",
                     signatures->why.text);
    }
}

/* V8: every kept head of this size. */
static void check_kept(struct head_check *check, const struct merkle_range *range,
                       struct findings *findings)
{
    const struct verify_trust *trust = check->trust;
    while (check->next_kept < trust->kept_count &&
           trust->kept[check->next_kept].size <= range->size) {
        const struct kept_head *kept = &trust->kept[check->next_kept++];
        struct sha256 root = merkle_range_root(range);
        if (CHECK_MADE(V8_FORK) && kept->size == range->size && !sha256_equal(&kept->root, &root)) {
            findings_add(findings, "E_FORK", (int64_t)kept->size - 1,
                         _("%s shows another history of the first %" PRIu64
                           " events; keep both, they prove it"),
                         kept->name, kept->size);
        }
    }
}

bool head_check_next_note(struct head_check *check, const struct log_source *source, uint64_t after,
                          struct error *err)
{
    check->note_read = true;
    return source->next_head(source->context, after, &check->note_size, &check->note, err);
}

bool head_check_size(struct head_check *check, const struct log_source *source,
                     const struct merkle_range *range, struct instant at,
                     struct signature_pool *pool, struct arena *arena, struct head_signatures **ret,
                     struct findings *findings, struct error *err)
{
    *ret = NULL;
    if (!check->note_read && !head_check_next_note(check, source, check->newest, err)) {
        return false;
    }
    if (check->note_size == range->size) {
        *ret = check_head(check, range, at, arena, findings);
        if (*ret != NULL) {
            head_signatures_submit(*ret, pool);
            head_memory_add(check, *ret);
        }
        check->newest = range->size;
        if (!head_check_next_note(check, source, range->size, err)) {
            return false;
        }
    } else if (CHECK_MADE(V6_SEAL) && (check->has_next_day || check->has_next_log)) {
        findings_add(findings, "E_EPOCH", (int64_t)range->size - 1,
                     _("the seal of size %" PRIu64 " is missing: a key of the log ended there"),
                     range->size);
    }
    if (check->has_next_log) {
        check->log_key = check->next_log;
        head_check_card_key(check);
    }
    check->has_next_log = check->log_key_lost = false;
    if (check->has_next_day) {
        check->day_key = check->next_day;
        check->has_next_day = false;
    }
    check->day_key_lost = false;
    check_kept(check, range, findings);
    return true;
}
