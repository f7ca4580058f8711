/* replay.c - a log played again into an empty store: V5 and V9 of the audit log. */
#include "cli/service/replay.h"

#include "cli/service/act.h"
#include "cli/service/duties.h"
#include "cli/service/project.h"
#include "ledger/audit/checks.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/audit/tree_memory.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"
#include "ledger/books/staff_memory.h"
#include "ledger/store/compare.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct replay {
    bool plan_again;
    struct store *store; /* rebuilt */
    struct store *live;  /* the book whose log it is; NULL: it is that of an export */
    struct arena names;
    char *folder;
    const char *path;
    struct policy_shelf *policies;
    struct signature_pool *helpers; /* for the rows of bulk work */
    struct staff_memory memory;
    struct tree_memory tree;
    struct arena arena;
    struct transaction transaction; /* never committed: what fits the cache is never written */
    bool broken; /* an event could not be played: what follows would only be noise */
};

static bool scratch_open(struct replay *r, struct error *err)
{
    const char *base = getenv("TMPDIR");
    r->folder = arena_printf(&r->names, "%s/yicang-replay-XXXXXX", base == NULL ? "/tmp" : base);
    if (mkdtemp(r->folder) == NULL) {
        return error_set(err, FAULT_STORE, "store.io", _("no scratch folder can be made in %s"),
                         base == NULL ? "/tmp" : base);
    }
    r->path = arena_printf(&r->names, "%s/rebuilt.db", r->folder);
    return store_open(r->path, STORE_SCRATCH, &r->store, err);
}

static void scratch_remove(struct replay *r)
{
    r->store = store_close(r->store);
    if (r->path != NULL) {
        (void)unlink(r->path);
        (void)unlink(arena_printf(&r->names, "%s-journal", r->path));
    }
    if (r->folder != NULL) {
        (void)rmdir(r->folder);
    }
}

static bool same_bytes(const struct buffer *a, const struct buffer *b)
{
    return a->length == b->length && (a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

/* Whether those who signed were allowed to, as the door asks it. */
static bool duties_held(struct replay *r, const struct event *event,
                        const struct use_case *use_case, const struct planning *planning,
                        const struct canon *in, struct error *err)
{
    struct deed deed = {.store = r->store,
                        .arena = &r->arena,
                        .use_case = use_case,
                        .origin = planning->origin,
                        .actor = planning->actor,
                        .role = planning->role,
                        .signers = event->signatures,
                        .day = planning->day,
                        .at = event->instant,
                        .seq = event->seq,
                        .in = in,
                        .out = planning->out,
                        .memory = &r->memory};

    for (size_t i = 0; i < event->signatures; i++) {
        deed.signer[i] = staff_code_in_key_name(deed.origin, event->signature[i].name);
        if (deed.signer[i] == NULL) {
            return error_set(err, FAULT_INTEGRITY, "E_SIGNER", _("%s is nobody of this book"),
                             event->signature[i].name);
        }
    }
    return duties_allow(&deed, err);
}

/* Whether the recorded body is what the plan gives now. */
static bool plan_agrees(struct replay *r, const struct event *event, const struct buffer *rows,
                        const struct use_case *use_case, struct error *err)
{
    enum role role;
    struct date day = {0};
    const struct canon *in = use_case->control ? event->body : canon_get(event->body, "in");
    AUTO_BUFFER recorded;
    AUTO_PLANNING planning = {0};

    buffer_init(&recorded, EVENT_ROWS_MAX);
    if (in == NULL) {
        return event_malformed("in", err);
    }
    if (!role_find(event->role, &role) || ((unsigned)role & use_case->roles) == 0) {
        return duty_role_missing(event->actor, event->type, use_case->roles, err);
    }
    if (!text_equal(event->type, "book.genesis") && !open_day_load(r->store, &day, err)) {
        return false;
    }
    planning = (struct planning){.store = r->store,
                                 .log = r->live,
                                 .policies = r->policies,
                                 .origin = event->origin,
                                 .actor = event->actor,
                                 .role = role,
                                 .roles = (unsigned)role,
                                 .day = day,
                                 .seq = event->seq,
                                 .at = event->instant,
                                 .helpers = r->helpers,
                                 .tree = &r->tree};
    planning_init(&planning, &r->arena);
    if (!use_case->plan(&planning, in, err) ||
        (CHECK_MADE(V5_DUTIES) && !duties_held(r, event, use_case, &planning, in, err))) {
        return false;
    }
    /* Without what the door adds for rows beside a body. */
    bool same = canon_equal_without(event->body, planned_body(use_case, &planning, in), "rows");
    if (rows == NULL) {
        if (!rows_write(canon_get(event->body, "rows"), &recorded, err)) {
            return false;
        }
        rows = &recorded;
    }
    return (same && same_bytes(rows, &planning.rows)) ||
           error_set(err, FAULT_INTEGRITY, "E_RULE",
                     _("the rules give another result than the event holds"));
}

static bool play(struct replay *r, const struct event *event, const struct buffer *rows,
                 struct error *err)
{
    struct recorded recorded = {.use_case = use_case_find(event->type),
                                .seq = event->seq,
                                .actor = event->actor,
                                .role = event->role,
                                .origin = event->origin,
                                .at = event->instant,
                                .body = event->body,
                                .rows = rows,
                                .helpers = r->helpers,
                                .memory = &r->memory};

    if (recorded.use_case == NULL) {
        return error_set(err, FAULT_INTEGRITY, "E_RULE", _("nobody knows events of type %s"),
                         event->type);
    }
    if (CHECK_MADE(V5_PLAN) && r->plan_again &&
        !plan_agrees(r, event, rows, recorded.use_case, err)) {
        return false;
    }
    return event_put(r->store, event, r->live == NULL, err) &&
           project_event(r->store, &r->arena, &recorded, err);
}

void replay_event(void *context, const struct event *event, const struct buffer *rows,
                  struct findings *findings)
{
    struct replay *r = context;
    struct error err = {0};

    if (r->broken) {
        return;
    }
    if (!play(r, event, rows, &err)) {
        /* Who decided elsewhere has seen another log: that is more than a rule that was broken. */
        bool fork = text_equal(err.reason, "approval.fork");
        findings_add(findings, fork ? "E_FORK" : "E_RULE", (int64_t)event->seq, "%s [%s]", err.text,
                     err.reason);
        r->broken = true;
    }
    arena_reset(&r->arena);
}

static void on_difference(void *context, const struct row_report *report)
{
    struct findings *findings = context;

    switch (report->difference) {
    case ROW_MISSING:
        findings_add(findings, "E_PROJECTION", -1, _("%s: the row %s of the log is not there"),
                     report->table, report->key);
        break;
    case ROW_EXTRA:
        findings_add(findings, "E_PROJECTION", -1, _("%s: the row %s does not come from the log"),
                     report->table, report->key);
        break;
    case ROW_CHANGED:
        findings_add(findings, "E_PROJECTION", -1,
                     _("%s: in the row %s, %s is %s; by the log it is %s"), report->table,
                     report->key, report->column, report->live, report->rebuilt);
        break;
    }
}

bool replay_compare(struct replay *r, struct findings *findings, struct error *err)
{
    static const char *const skip[] = {"event",           "event_rows", "frontier", "pii_*",
                                       "command_request", "checkpoint", "schema_*", NULL};
    if (r->live == NULL || r->broken || !CHECK_MADE(V9_TABLES)) {
        return true;
    }
    return store_compare(r->live, r->store, skip, on_difference, findings, err);
}

bool replay_result(struct replay *r, struct store **ret_store, struct policy_shelf **ret_policies)
{
    *ret_store = r->store;
    *ret_policies = r->policies;
    return !r->broken;
}

bool replay_open(bool plan_again, struct store *live, struct replay **ret, struct error *err)
{
    struct replay *r = alloc_zeroed(1, sizeof *r);
    r->plan_again = plan_again;
    r->live = live;
    arena_init(&r->names, ARENA_LIMIT_COMMAND);
    arena_init(&r->arena, ARENA_LIMIT_COMMAND);
    r->policies = policy_shelf_new();
    r->helpers = signature_pool_start();
    if (scratch_open(r, err) && transaction_begin(r->store, &r->transaction, err)) {
        *ret = r;
        return true;
    }
    replay_close(r);
    return false;
}

struct replay *replay_close(struct replay *r)
{
    if (r != NULL) {
        transaction_release(&r->transaction);
        r->helpers = signature_pool_stop(r->helpers);
        r->policies = policy_shelf_free(r->policies);
        scratch_remove(r);
        tree_memory_release(&r->tree);
        arena_release(&r->arena);
        arena_release(&r->names);
        free(r);
    }
    return NULL;
}

void replay_close_pointer(struct replay **replay)
{
    *replay = replay_close(*replay);
}
