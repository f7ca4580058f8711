#include "ledger/audit/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/audit/command_set.h"
#include "ledger/audit/registry.h"
#include "ledger/audit/signature_pool.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

/* Events between being read and being told about: enough to keep all processors busy. */
#define RING POOL_QUEUE_MAX
#define RING_BYTES_MAX ((size_t)1 << 20) /* of their leaves, so that memory stays small */
#define LEAF_LARGE ((size_t)8 << 10)     /* memory of larger events is given back at once */
#define SLOT_ARENA_MAX ((size_t)64 << 20)
#define BOOT_CLOCK_TOLERANCE 5 /* seconds (T4) */

/* One event on its way. What is found while it is read waits in `findings` until its turn. */
struct slot {
    struct arena arena;
    struct event event;
    struct signature_check check;
    struct findings findings;
    int64_t seq; /* as stored */
    size_t length;
    bool well_formed;
    bool submitted;
};

struct reading {
    struct store *store;
    const struct verify_visitor *visitor;
    struct findings *findings;
    struct verify_summary *summary;
    struct registry *registry;
    struct signature_pool *pool;
    struct command_set commands;
    struct merkle_range range;
    struct sha256 last_leaf;
    int64_t next_seq;
    /* the event before, for the rules about time */
    struct instant last_at;
    bool clock_adjusted;
    bool has_clk;
    char boot[UUID_HEX_SIZE];
    int64_t up;
    struct buffer rows;
    int64_t events_with_rows;
    struct slot *slot; /* RING of them */
    size_t first;
    size_t waiting;
    size_t bytes;
};

/* V2: order ----------------------------------------------------------------------------------- */

static void check_seq(struct reading *reading, struct slot *slot)
{
    if (slot->seq != reading->next_seq) {
        findings_add(&slot->findings, "E_SEQ", slot->seq,
                     _("stands where event %" PRId64 " belongs"), reading->next_seq);
    }
    if (slot->well_formed && slot->event.seq != (uint64_t)slot->seq) {
        findings_add(&slot->findings, "E_SEQ", slot->seq, _("was signed as event %" PRIu64),
                     slot->event.seq);
    }
    reading->next_seq = slot->seq == INT64_MAX ? 0 : slot->seq + 1;
}

/* T1: time never goes back unless the admins said so. T4: within one run of the machine the wall
 * clock and the clock since its start agree. */
static void check_time(struct reading *reading, struct slot *slot)
{
    const struct event *event = &slot->event;
    bool adjusts = strcmp(event->type, "clock.adjust") == 0;
    bool adjusted = adjusts || reading->clock_adjusted;
    int64_t wall = event->instant.seconds - reading->last_at.seconds;
    if (wall < 0 && !adjusted) {
        findings_add(&slot->findings, "E_TIME", slot->seq,
                     _("written at %s, before the event before it"), event->at);
    }
    if (event->has_clk && reading->has_clk && !adjusted &&
        strcmp(event->clk_boot, reading->boot) == 0) {
        int64_t apart = wall - (event->clk_up - reading->up);
        if (apart > BOOT_CLOCK_TOLERANCE || apart < -BOOT_CLOCK_TOLERANCE) {
            findings_add(&slot->findings, "E_TIME", slot->seq,
                         _("the clock was moved by %" PRId64 " seconds before it"), apart);
        }
    }
    if (wall >= 0 || adjusted) {
        reading->last_at = event->instant;
    }
    reading->clock_adjusted = adjusts;
    reading->has_clk = event->has_clk;
    reading->up = event->clk_up;
    memcpy(reading->boot, event->clk_boot, sizeof reading->boot);
}

static void check_order(struct reading *reading, struct slot *slot)
{
    if (!sha256_equal(&slot->event.prev, &reading->last_leaf)) {
        findings_add(&slot->findings, "E_CHAIN", slot->seq,
                     _("does not follow the event before it"));
    }
    if (!command_set_add(&reading->commands, &slot->event.cmd)) {
        findings_add(&slot->findings, "E_DUP", slot->seq,
                     _("its command id was used by an event before it"));
    }
    check_time(reading, slot);
}

/* V3 and V4: signatures ------------------------------------------------------------------------ */

/* Every line whose key is known is checked, also where the set of signers is wrong. */
static void prepare_check(const struct reading *reading, struct slot *slot)
{
    const struct event *event = &slot->event;
    struct signature_check *check = &slot->check;
    check->text = event->text;
    check->length = event->text_length;
    check->lines = 0;
    for (size_t i = 0; i < event->signatures; i++) {
        const struct event_signature *line = &event->signature[i];
        const struct verifier_key *key =
            registry_key(reading->registry, line->name, line->key_id, event->seq);
        if (key != NULL) {
            memcpy(check->line[check->lines].public_key, key->public_key, sizeof key->public_key);
            check->line[check->lines].signature = line->signature;
            check->lines++;
        }
    }
}

static bool signatures_hold(const struct slot *slot)
{
    for (size_t i = 0; i < slot->check.lines; i++) {
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
    if (genesis && strcmp(event->type, "book.genesis") != 0) {
        findings_add(&slot->findings, "E_KEY", slot->seq,
                     _("the log does not begin with the genesis of a book"));
    } else if (genesis) {
        registry_learn(reading->registry, event, &slot->findings);
    }
    bool fit = registry_signers_fit(reading->registry, event, &slot->findings);
    bool in_role = registry_role_fits(reading->registry, event, &slot->findings);
    prepare_check(reading, slot);
    if (!event_is_control(event->type)) {
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
    const struct verify_visitor *visitor = reading->visitor;
    buffer_clear(&reading->rows);
    tell_signatures(reading, slot);
    if (canon_get(event->body, "rows_sha256") != NULL &&
        !event_rows_load(reading->store, (uint64_t)slot->seq, &reading->rows, err)) {
        return false;
    }
    reading->events_with_rows += reading->rows.length > 0 ? 1 : 0;
    if (!event_rows_fit(event, &reading->rows)) {
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
    bool told = !slot->well_formed || tell_event(reading, slot, err);
    reading->first = (reading->first + 1) % RING;
    reading->waiting--;
    reading->bytes -= slot->length;
    if (slot->length > LEAF_LARGE) {
        arena_release(&slot->arena);
    } else {
        arena_reset(&slot->arena);
    }
    return told;
}

static bool finish_all(struct reading *reading, struct error *err)
{
    while (reading->waiting > 0) {
        if (!finish_oldest(reading, err)) {
            return false;
        }
    }
    return true;
}

/* The near end --------------------------------------------------------------------------------- */

static void parse_leaf(struct reading *reading, struct slot *slot, const void *leaf)
{
    struct error why = {0};
    bool known = reading->summary->origin[0] != '\0';
    const char *copy = leaf == NULL ? NULL : arena_text_n(&slot->arena, leaf, slot->length);
    slot->well_formed = event_parse(&slot->arena, known ? reading->summary->origin : NULL, copy,
                                    slot->length, &slot->event, &why);
    if (!slot->well_formed) {
        findings_add(&slot->findings, why.reason, slot->seq, "%s", why.text);
    } else if (!known) {
        (void)snprintf(reading->summary->origin, sizeof reading->summary->origin, "%s",
                       slot->event.origin);
    }
}

/* The columns beside the leaf are read by the door only; here they are compared. */
static void check_columns(struct slot *slot, struct statement *row, const struct sha256 *hash)
{
    size_t length = 0;
    struct sha256 kept = column_sha256(row, 2);
    const void *cmd = column_blob(row, 3, &length);
    if (!sha256_equal(&kept, hash)) {
        findings_add(&slot->findings, "E_LEAF", slot->seq,
                     _("the hash kept beside it is that of other bytes"));
    }
    if (slot->well_formed && (cmd == NULL || length != sizeof slot->event.cmd ||
                              memcmp(cmd, slot->event.cmd.byte, length) != 0)) {
        findings_add(&slot->findings, "E_LEAF", slot->seq,
                     _("the command id kept beside it is another"));
    }
}

static void take_row(struct reading *reading, struct statement *row)
{
    struct slot *slot = &reading->slot[(reading->first + reading->waiting) % RING];
    slot->seq = column_int(row, 0);
    slot->submitted = false;
    slot->check.lines = 0;
    const void *leaf = column_blob(row, 1, &slot->length);
    struct sha256 hash = merkle_leaf_hash(leaf == NULL ? "" : leaf, slot->length);
    parse_leaf(reading, slot, leaf);
    check_columns(slot, row, &hash);
    check_seq(reading, slot);
    if (slot->well_formed) {
        check_order(reading, slot);
        check_signatures(reading, slot);
    }
    merkle_range_append(&reading->range, &hash);
    reading->last_leaf = hash;
    reading->waiting++;
    reading->bytes += slot->length;
}

static bool read_events(struct reading *reading, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(reading->store, "SELECT seq, leaf, leaf_hash, cmd FROM event ORDER BY seq");
    while (statement_row(query)) {
        while (reading->waiting == RING || reading->bytes > RING_BYTES_MAX) {
            if (!finish_oldest(reading, err)) {
                return false;
            }
        }
        take_row(reading, query);
    }
    return statement_end(query, err) && finish_all(reading, err);
}

/* The end -------------------------------------------------------------------------------------- */

static bool check_rows_left_over(struct reading *reading, struct error *err)
{
    int64_t kept = 0;
    AUTO_STATEMENT struct statement *query = store_query(
        reading->store, "SELECT count(*) FROM (SELECT DISTINCT seq FROM event_rows) AS s");
    if (statement_one(query)) {
        kept = column_int(query, 0);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    if (kept > reading->events_with_rows) {
        findings_add(reading->findings, "E_ROWS", -1,
                     _("rows stand beside %" PRId64 " events that were signed without any"),
                     kept - reading->events_with_rows);
    }
    return true;
}

/* The kept tree must say what the leaves say; it is never believed. */
static bool check_frontier(struct reading *reading, struct error *err)
{
    struct log_tip kept;
    const struct log_tip *tip = &reading->summary->tip;
    struct error why = {0};
    if (!log_tip_load(reading->store, &kept, &why)) {
        if (why.fault != FAULT_INTEGRITY) {
            *err = why;
            return false;
        }
        findings_add(reading->findings, "E_ROOT", -1, "%s", why.text);
        return true;
    }
    if (kept.size != tip->size || !sha256_equal(&kept.root, &tip->root) ||
        !sha256_equal(&kept.leaf_hash, &tip->leaf_hash)) {
        findings_add(reading->findings, "E_ROOT", -1, _("the kept tree is not that of the events"));
    }
    return true;
}

/* As long as this statement stands on its row, all others see the same state of the book. */
static bool read_at_one_moment(struct reading *reading, struct error *err)
{
    struct verify_summary *summary = reading->summary;
    AUTO_STATEMENT struct statement *moment =
        store_query(reading->store, "SELECT id FROM frontier ORDER BY id");
    if (statement_row(moment)) {
        (void)column_int(moment, 0);
    }
    if (!read_events(reading, err)) {
        return false;
    }
    summary->events = reading->range.size;
    summary->tip = (struct log_tip){reading->range.size, reading->last_leaf,
                                    merkle_range_root(&reading->range)};
    summary->demo_keys = origin_is_demo(summary->origin);
    if (summary->events == 0) {
        findings_add(reading->findings, "E_KEY", -1, _("the log is empty"));
    }
    return check_rows_left_over(reading, err) && check_frontier(reading, err) &&
           statement_end(moment, err);
}

static void reading_release(struct reading *reading)
{
    /* Helpers may still be at work on a slot if the store failed half way. */
    reading->pool = signature_pool_stop(reading->pool);
    for (size_t i = 0; i < RING; i++) {
        arena_release(&reading->slot[i].arena);
        findings_release(&reading->slot[i].findings);
    }
    free(reading->slot);
    buffer_release(&reading->rows);
    command_set_release(&reading->commands);
    reading->registry = registry_free(reading->registry);
}

bool log_verify(struct store *store, const struct verify_visitor *visitor,
                struct findings *findings, struct verify_summary *ret, struct error *err)
{
    AUTO(reading_release)
    struct reading reading = {.store = store,
                              .visitor = visitor,
                              .findings = findings,
                              .summary = ret,
                              .registry = registry_new(),
                              .pool = signature_pool_start(),
                              .last_leaf = sha256_of("", 0),
                              .last_at = {INT64_MIN / 2},
                              .slot = alloc_zeroed(RING, sizeof(struct slot))};
    *ret = (struct verify_summary){0};
    merkle_range_init(&reading.range);
    command_set_init(&reading.commands);
    buffer_init(&reading.rows, EVENT_ROWS_MAX);
    for (size_t i = 0; i < RING; i++) {
        arena_init(&reading.slot[i].arena, SLOT_ARENA_MAX);
        findings_init(&reading.slot[i].findings);
    }
    if (!read_at_one_moment(&reading, err)) {
        return false;
    }
    if (visitor != NULL && visitor->end != NULL) {
        visitor->end(visitor->context, findings);
    }
    return true;
}
