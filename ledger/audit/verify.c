#include "ledger/audit/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/audit/approval.h"
#include "ledger/audit/checks.h"
#include "ledger/audit/clock_trail.h"
#include "ledger/audit/command_set.h"
#include "ledger/audit/disputes.h"
#include "ledger/audit/leaf_columns.h"
#include "ledger/audit/recorded_roots.h"
#include "ledger/audit/registry.h"
#include "ledger/audit/signature_pool.h"
#include "ledger/audit/verify_heads.h"
#include "ledger/audit/verify_state.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

/* Events between being read and being told about: enough to keep all processors busy. */
#define RING (POOL_QUEUE_MAX / 2)        /* each with its own signatures and those of a head */
#define RING_BYTES_MAX ((size_t)1 << 20) /* of their leaves, so that memory stays small */
#define LEAF_LARGE ((size_t)8 << 10)     /* memory of larger events is given back at once */
#define SLOT_ARENA_MAX ((size_t)64 << 20)

#define UNORDERED_MAX (RING / 2) /* events being taken apart, by whoever is free */

/* One event on its way: it is taken apart by whoever is free, then follows the event before it,
 * then its signatures are checked by whoever is free, then it is told about. What is found on the
 * way waits in `findings` until its turn. */
struct slot {
    struct arena arena;
    struct event event;
    struct pool_task apart; /* taking it apart */
    struct signature_check check;
    struct head_signatures *head; /* of the head over it; NULL: none */
    struct findings findings;
    const char *origin; /* that the log has; NULL: not known yet */
    int64_t seq;        /* as stored */
    const char *leaf;   /* in the arena; NULL: there is none */
    size_t length;
    struct sha256 hash;
    struct leaf_columns columns;
    bool well_formed;
    bool submitted;
};

struct reading {
    const struct verify_request *request;
    const struct log_source *source;
    struct findings *findings;
    struct verify_summary *summary;
    struct signature_pool *pool;
    struct registry *registry; /* NULL: not asked for */
    struct head_check *heads;  /* likewise */
    struct command_set commands;
    struct recorded_roots roots;
    struct merkle_range range;
    struct sha256 last_leaf;
    int64_t from; /* the first that is read */
    int64_t next_seq;
    struct clock_trail trail;
    struct buffer rows;
    uint64_t events_with_rows;
    struct slot *slot; /* RING of them */
    size_t first;      /* the oldest */
    size_t waiting;    /* all that are on their way */
    size_t ordered;    /* of them, the oldest: known to follow the one before, or told not to */
    size_t bytes;
    bool cut_off; /* events behind the last ordered one are not looked at */
    bool damaged; /* an export could not be read on */
};

/* V2: order ----------------------------------------------------------------------------------- */

static void check_seq(struct reading *reading, struct slot *slot)
{
    if (CHECK_MADE(V2_SEQ) && slot->seq != reading->next_seq) {
        findings_add(&slot->findings, "E_SEQ", slot->seq,
                     _("stands where event %" PRId64 " belongs"), reading->next_seq);
    }
    if (CHECK_MADE(V2_SEQ) && slot->well_formed && slot->event.seq != (uint64_t)slot->seq) {
        findings_add(&slot->findings, "E_SEQ", slot->seq, _("was signed as event %" PRIu64),
                     slot->event.seq);
    }
    reading->next_seq = slot->seq == INT64_MAX ? 0 : slot->seq + 1;
}

static void check_order(struct reading *reading, struct slot *slot)
{
    if (CHECK_MADE(V2_CHAIN) && !sha256_equal(&slot->event.prev, &reading->last_leaf)) {
        findings_add(&slot->findings, "E_CHAIN", slot->seq,
                     _("does not follow the event before it"));
    }
    const struct verify_state *since = reading->request->since;
    bool seen_before = since != NULL &&
                       command_lines_have(since->commands.data,
                                          since->commands.length / COMMAND_LINE, &slot->event.cmd);
    bool is_new = !seen_before && command_set_add(&reading->commands, &slot->event.cmd);
    if (!is_new && CHECK_MADE(V2_COMMAND)) {
        findings_add(&slot->findings, "E_DUP", slot->seq,
                     _("its command id was used by an event before it"));
    }
    clock_trail_follow(&reading->trail, &slot->event, slot->seq, &slot->findings);
    recorded_roots_follow(&reading->roots, &slot->event, &reading->range, &slot->findings);
}

/* V3 and V4: signatures ------------------------------------------------------------------------ */

static bool signatures_hold(const struct slot *slot)
{
    for (size_t i = 0; CHECK_MADE(V3_SIGNATURES) && i < slot->check.lines; i++) {
        if (!slot->check.line[i].holds) {
            return false;
        }
    }
    return true;
}

static void check_signatures(struct reading *reading, struct slot *slot)
{
    const struct event *event = &slot->event;
    bool genesis = reading->range.size == 0;
    bool begins = strcmp(event->type, "book.genesis") == 0;
    if (CHECK_MADE(V4_GENESIS) && genesis && !begins) {
        findings_add(&slot->findings, "E_KEY", slot->seq,
                     _("the log does not begin with the genesis of a book"));
    }
    if (reading->registry == NULL) {
        return;
    }
    if (genesis && begins) {
        registry_learn(reading->registry, event, &slot->findings);
    }
    bool fit =
        !CHECK_MADE(V3_SIGNERS) || registry_signers_fit(reading->registry, event, &slot->findings);
    bool in_role =
        !CHECK_MADE(V4_ROLE) || registry_role_fits(reading->registry, event, &slot->findings);
    registry_prepare_check(reading->registry, event, &slot->check);
    approval_check(reading->registry, event, &slot->arena, &slot->findings);
    if (!event_is_learnt(event->type)) {
        slot->submitted = true;
        signature_pool_submit(reading->pool, &slot->check);
        return;
    }
    signature_check_run(&slot->check); /* who may sign the next event depends on it */
    if (!genesis && fit && in_role && signatures_hold(slot)) {
        registry_learn(reading->registry, event, &slot->findings);
    }
}

/* The far end of the ring ---------------------------------------------------------------------- */

static void tell_signatures(struct reading *reading, struct slot *slot)
{
    if (slot->submitted) {
        signature_pool_wait(reading->pool, &slot->check);
    }
    reading->summary->signatures += slot->check.lines;
    if (!signatures_hold(slot)) {
        findings_add(reading->findings, "E_SIG", slot->seq, _("a signature does not hold"));
    }
}

static bool tell_event(struct reading *reading, struct slot *slot, struct error *err)
{
    const struct event *event = &slot->event;
    const struct verify_visitor *visitor = reading->request->visitor;
    buffer_clear(&reading->rows);
    tell_signatures(reading, slot);
    if (canon_get(event->body, "rows_sha256") != NULL &&
        !reading->source->rows(reading->source->context, (uint64_t)slot->seq, &reading->rows,
                               err)) {
        return false;
    }
    reading->events_with_rows += reading->rows.length > 0 ? 1 : 0;
    if (CHECK_MADE(V3_ROWS) && !event_rows_fit(event, &reading->rows)) {
        findings_add(reading->findings, "E_ROWS", slot->seq,
                     _("the rows beside it are not those it was signed with"));
    }
    if (visitor != NULL && visitor->event != NULL) {
        visitor->event(visitor->context, event, reading->rows.length > 0 ? &reading->rows : NULL,
                       reading->findings);
    }
    return true;
}

/* Takes the oldest event out of the ring and tells what was found in it. */
static bool finish_oldest(struct reading *reading, struct error *err)
{
    struct slot *slot = &reading->slot[reading->first];
    findings_take(reading->findings, &slot->findings);
    head_check_signatures(reading->heads, reading->pool, slot->head, reading->findings);
    bool told = !slot->well_formed || tell_event(reading, slot, err);
    reading->first = (reading->first + 1) % RING;
    reading->waiting--;
    reading->ordered--;
    reading->bytes -= slot->length;
    if (slot->length > LEAF_LARGE) {
        arena_release(&slot->arena);
    } else {
        arena_reset(&slot->arena);
    }
    return told;
}

/* The near end --------------------------------------------------------------------------------- */

/* On any thread: looks at nothing but the slot. */
static void take_apart(void *context)
{
    struct slot *slot = context;
    struct error why = {0};
    slot->hash = merkle_leaf_hash(slot->leaf == NULL ? "" : slot->leaf, slot->length);
    slot->well_formed =
        event_parse(&slot->arena, slot->origin, slot->leaf, slot->length, &slot->event, &why);
    if (slot->well_formed) {
        slot->event.leaf_hash = &slot->hash;
        /* The door writes NFC; of two names that look alike a search would find one. */
        if (CHECK_MADE(V2_NFC) && !text_is_nfc(slot->event.line, slot->event.line_length)) {
            findings_add(&slot->findings, "W_NFC", slot->seq,
                         _("a text in it is not in the usual form of Unicode (NFC)"));
        }
    } else if (CHECK_MADE(V2_SHAPE)) {
        findings_add(&slot->findings, why.reason, slot->seq, "%s", why.text);
    }
}

static bool check_heads(struct reading *reading, struct slot *slot, struct error *err)
{
    if (reading->heads == NULL) {
        return true;
    }
    return (!slot->well_formed || head_check_event(reading->heads, reading->source, &slot->event,
                                                   &slot->hash, &slot->findings, err)) &&
           head_check_size(reading->heads, reading->source, &reading->range, reading->trail.at,
                           reading->pool, &slot->arena, &slot->head, &slot->findings, err);
}

/* The oldest event that is not yet held against the one before it. If its place in the source is
 * damaged, those behind it are not looked at any more. */
static bool order_next(struct reading *reading, struct error *err)
{
    struct slot *slot = &reading->slot[(reading->first + reading->ordered) % RING];
    pool_wait(reading->pool, &slot->apart);
    reading->ordered++;
    if (slot->well_formed && reading->summary->origin[0] == '\0') {
        (void)snprintf(reading->summary->origin, sizeof reading->summary->origin, "%s",
                       slot->event.origin);
    }
    if (CHECK_MADE(V2_COLUMNS)) {
        leaf_columns_check(&slot->columns, slot->seq, &slot->hash,
                           slot->well_formed ? &slot->event : NULL, &slot->findings);
    }
    check_seq(reading, slot);
    if (slot->well_formed) {
        check_order(reading, slot);
        check_signatures(reading, slot);
    }
    merkle_range_append(&reading->range, &slot->hash);
    reading->last_leaf = slot->hash;
    reading->cut_off = !check_heads(reading, slot, err);
    return !reading->cut_off;
}

static void fill_slot(const struct reading *reading, struct slot *slot, const struct log_leaf *leaf)
{
    bool known = reading->summary->origin[0] != '\0';
    slot->origin = known ? reading->summary->origin : NULL;
    slot->seq = leaf->seq;
    slot->length = leaf->length;
    slot->leaf = leaf->bytes == NULL ? NULL : arena_text_n(&slot->arena, leaf->bytes, leaf->length);
    leaf_columns_take(&slot->columns, leaf);
    slot->submitted = false;
    slot->head = NULL;
    slot->check.lines = 0;
    slot->apart = (struct pool_task){.run = take_apart, .context = slot};
}

static bool take_leaf(void *context, const struct log_leaf *leaf, struct error *err)
{
    struct reading *reading = context;
    while (reading->waiting == RING || (reading->bytes > RING_BYTES_MAX && reading->waiting > 0)) {
        if ((reading->ordered == 0 && !order_next(reading, err)) || !finish_oldest(reading, err)) {
            return false;
        }
    }
    struct slot *slot = &reading->slot[(reading->first + reading->waiting) % RING];
    fill_slot(reading, slot, leaf);
    pool_submit(reading->pool, &slot->apart);
    reading->waiting++;
    reading->bytes += slot->length;
    /* The first event says whose log it is, which all others are held against. */
    bool known = reading->summary->origin[0] != '\0';
    while (reading->waiting - reading->ordered > (known ? UNORDERED_MAX : 0)) {
        if (!order_next(reading, err)) {
            return false;
        }
    }
    return true;
}

/* Damage of the place where the log stands is a finding, not a failure. */
static bool tell_damage(struct reading *reading, const struct error *why, struct error *err)
{
    if (why->fault != FAULT_INTEGRITY || !text_starts_with(why->reason, "E_")) {
        *err = *why;
        return false;
    }
    findings_add(reading->findings, why->reason, -1, "%s", why->text);
    reading->damaged = true;
    return true;
}

static bool read_events(struct reading *reading, struct error *err)
{
    struct error damage = {0};
    struct error why = {0};
    bool whole = reading->source->each_leaf(reading->source->context, reading->from, take_leaf,
                                            reading, &damage);
    /* What was read before the damage comes first. */
    while (reading->ordered > 0 || (reading->waiting > 0 && !reading->cut_off)) {
        bool ordered = reading->ordered > 0 || order_next(reading, &why);
        if ((!ordered || !finish_oldest(reading, &why)) && !tell_damage(reading, &why, err)) {
            return false;
        }
    }
    return whole || tell_damage(reading, &damage, err);
}

/* The end -------------------------------------------------------------------------------------- */

static bool check_end(struct reading *reading, struct error *err)
{
    struct verify_summary *summary = reading->summary;
    struct error why = {0};
    if (CHECK_MADE(V2_KEPT_TREE) &&
        !reading->source->end(reading->source->context, reading->from, &summary->tip,
                              reading->events_with_rows, reading->findings, &why) &&
        !tell_damage(reading, &why, err)) {
        return false;
    }
    if (reading->registry != NULL &&
        !disputes_tell(reading->registry, reading->source, reading->request->since,
                       reading->findings, &why) &&
        !tell_damage(reading, &why, err)) {
        return false;
    }
    if (!recorded_roots_tell(&reading->roots, reading->source, reading->findings, &why) &&
        !tell_damage(reading, &why, err)) {
        return false;
    }
    return reading->heads == NULL ||
           head_check_end(reading->heads, reading->source, summary->events, reading->findings,
                          summary, err);
}

/* Everything as it stood behind the last event of the state. */
static bool go_on(struct reading *reading, bool *ret_fits, struct error *err)
{
    const struct verify_state *since = reading->request->since;
    *ret_fits = true;
    if (since == NULL) {
        return true;
    }
    reading->from = reading->next_seq = (int64_t)since->range.size;
    reading->range = since->range;
    reading->last_leaf = since->last_leaf;
    reading->trail = since->trail;
    reading->summary->since = since->range.size;
    (void)snprintf(reading->summary->origin, sizeof reading->summary->origin, "%s", since->origin);
    return verify_state_fits(since, reading->source, ret_fits, reading->findings, err) &&
           (!*ret_fits || reading->heads == NULL ||
            head_check_resume(reading->heads, &since->heads, since->origin, &since->range,
                              reading->source, reading->findings, err));
}

/* What the next verification goes on from. */
static void save(struct reading *reading)
{
    const struct verify_state *since = reading->request->since;
    struct verify_state *state = reading->request->save;
    if (state == NULL || reading->damaged || reading->registry == NULL ||
        reading->range.size == 0 ||
        (reading->heads != NULL && !head_check_remember(reading->heads, &state->heads))) {
        return;
    }
    state->complete = reading->heads != NULL;
    (void)snprintf(state->origin, sizeof state->origin, "%s", reading->summary->origin);
    state->last_leaf = reading->last_leaf;
    state->range = reading->range;
    state->trail = reading->trail;
    state->registry = reading->registry;
    reading->registry = NULL;
    command_set_write(&reading->commands, since == NULL ? NULL : since->commands.data,
                      since == NULL ? 0 : since->commands.length / COMMAND_LINE, &state->commands);
    if (reading->request->trust != NULL) {
        state->proven = reading->request->trust->today;
    }
    state->replayed = since == NULL ? 0 : since->replayed;
    state->compared = since == NULL ? 0 : since->compared;
}

static bool read_all(struct reading *reading, struct error *err)
{
    struct verify_summary *summary = reading->summary;
    bool fits = true;
    struct error why = {0};
    if (!go_on(reading, &fits, &why)) {
        return tell_damage(reading, &why, err);
    }
    if (fits && !read_events(reading, err)) {
        return false;
    }
    summary->events = reading->range.size;
    summary->tip = (struct log_tip){reading->range.size, reading->last_leaf,
                                    merkle_range_root(&reading->range)};
    summary->demo_keys = origin_is_demo(summary->origin);
    if (summary->events == 0 && !reading->damaged) {
        findings_add(reading->findings, "E_KEY", -1, _("the log is empty"));
    }
    /* Behind damage the end was not reached, and what is said of it would only be noise. */
    if (reading->damaged || !fits) {
        return true;
    }
    if (!check_end(reading, err)) {
        return false;
    }
    save(reading);
    return true;
}

static void reading_release(struct reading *reading)
{
    /* Helpers may still be at work on a slot if the store failed half way. */
    if (reading->pool != NULL) {
        reading->pool = signature_pool_stop(reading->pool);
    }
    for (size_t i = 0; i < RING; i++) {
        arena_release(&reading->slot[i].arena);
        findings_release(&reading->slot[i].findings);
    }
    free(reading->slot);
    buffer_release(&reading->rows);
    command_set_release(&reading->commands);
    recorded_roots_release(&reading->roots);
    reading->registry = registry_free(reading->registry);
    reading->heads = head_check_free(reading->heads);
}

bool log_verify(const struct verify_request *request, struct findings *findings,
                struct verify_summary *ret, struct error *err)
{
    AUTO(reading_release)
    struct reading reading = {.request = request,
                              .source = request->source,
                              .findings = findings,
                              .summary = ret,
                              .last_leaf = sha256_of("", 0),
                              .from = LOG_FROM_START,
                              .trail = CLOCK_TRAIL_START,
                              .slot = alloc_zeroed(RING, sizeof(struct slot))};
    const struct verify_visitor *visitor = request->visitor;
    *ret = (struct verify_summary){0};
    reading.pool = signature_pool_start();
    if (!request->structure) {
        reading.registry =
            request->since == NULL ? registry_new() : registry_copy(request->since->registry);
    }
    if (request->trust != NULL) {
        reading.heads = head_check_new(request->trust, request->save != NULL);
    }
    merkle_range_init(&reading.range);
    command_set_init(&reading.commands);
    buffer_init(&reading.rows, EVENT_ROWS_MAX);
    for (size_t i = 0; i < RING; i++) {
        arena_init(&reading.slot[i].arena, SLOT_ARENA_MAX);
        findings_init(&reading.slot[i].findings);
    }
    if (!read_all(&reading, err)) {
        return false;
    }
    if (visitor != NULL && visitor->end != NULL) {
        visitor->end(visitor->context, findings);
    }
    return true;
}
