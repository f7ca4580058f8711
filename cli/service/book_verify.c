/* book_verify.c - a book or an export against its log, from the container to the tables. */
#include "cli/service/book_check.h"
#include "cli/service/export_reports.h"
#include "cli/service/replay.h"
#include "ledger/audit/checks.h"
#include "ledger/audit/high_water.h"
#include "ledger/audit/log_source.h"
#include "ledger/audit/signature_pool.h"
#include "ledger/audit/verify_state.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"
#include "ledger/loans/household.h"

/* V1: the container ------------------------------------------------------------------------------
 */

struct container {
    struct findings *findings;
    bool readable; /* every table is the one we know, so that its rows may be read */
};

static bool tell_difference(void *context, const struct schema_difference *difference,
                            struct error *err)
{
    struct container *container = context;
    const char *fact = difference->change == SCHEMA_ADDED     ? _("was added")
                       : difference->change == SCHEMA_MISSING ? _("is missing")
                                                              : _("was changed");
    (void)err;
    findings_add(container->findings, "E_CONTAINER", -1, _("the %s %s %s"), difference->type,
                 difference->name, fact);
    /* A view may hide a table, or never end. */
    if (text_equal(difference->type, "table") || text_equal(difference->type, "view")) {
        container->readable = false;
    }
    return true;
}

static bool note_damage(const struct error *found, const char *code, struct findings *findings,
                        struct error *err)
{
    if (found->fault != FAULT_INTEGRITY) {
        *err = *found;
        return false;
    }
    findings_add(findings, code, -1, "%s", found->text);
    return true;
}

/* The database's own check of its file. It reads the whole book and asks nothing of the rest, so
 * somebody else does it, through a connection of his own, while the tables are compared. */
struct file_check {
    struct store *store;
    bool wanted;
    struct signature_pool *pool; /* NULL: it has not begun */
    struct pool_task task;
    bool made; /* else what was found does not count */
    struct error found;
};

static void file_check_run(void *context)
{
    struct file_check *check = context;
    struct error ignored;
    AUTO_STORE struct store *store = NULL;
    check->made =
        store_open(store_path(check->store), STORE_READ_ONLY, &store, &ignored) &&
        (store_verify_file(store, false, &check->found) || check->found.fault == FAULT_INTEGRITY);
}

static void file_check_begin(struct file_check *check)
{
    if (check->wanted) {
        check->pool = signature_pool_start();
        check->task = (struct pool_task){.run = file_check_run, .context = check};
        pool_submit(check->pool, &check->task);
    }
}

/* Made here and now if it has not begun, or if a second connection was not to be had. */
static bool file_check_end(struct file_check *check, struct findings *findings, struct error *err)
{
    if (check->pool != NULL) {
        pool_wait(check->pool, &check->task);
        check->pool = signature_pool_stop(check->pool);
    }
    if (!check->wanted) {
        return true;
    }
    if (!check->made) {
        check->found = (struct error){0};
        (void)!store_verify_file(check->store, false, &check->found);
    }
    return check->found.fault == FAULT_NONE ||
           note_damage(&check->found, "E_CONTAINER", findings, err);
}

/* The log ----------------------------------------------------------------------------------------
 */

/* V10: what the log commits to, held against the encrypted fields. */
struct looking {
    struct replay *replay;
    struct store *live; /* NULL: an export */
    const struct privacy_keys *personal;
    int64_t opened; /* commitments to which a field was found */
};

static enum personal_standing test_commitment(const struct looking *looking,
                                              const struct event *event, const char *subject,
                                              const struct canon *commit, size_t place,
                                              struct findings *findings)
{
    enum personal_standing standing = PERSONAL_DIFFERS;
    enum personal_field field;
    struct sha256 digest;
    struct error why = {0};
    const char *name = canon_key_at(commit, place);

    bool well_formed = personal_field_find(name, &field) && canon_get_sha256(commit, name, &digest);
    if (!well_formed || !privacy_test(looking->live, looking->personal, event->origin, subject,
                                      field, &digest, &standing, &why)) {
        findings_add(findings, "E_PII", (int64_t)event->seq, "%s",
                     well_formed ? why.text : _("a commitment is malformed"));
    } else if (standing == PERSONAL_DIFFERS) {
        findings_add(findings, "E_PII", (int64_t)event->seq,
                     _("the %s of %s is not the one the log commits to"), name, subject);
    }
    return standing;
}

/* Whoever is erased is so by an event: the table of those who are is held against the log by the
 * replay. */
static void test_erased(const struct looking *looking, const struct event *event,
                        const char *subject, bool gone, struct findings *findings)
{
    struct error why = {0};
    bool erased = false;

    if (!subject_is_erased(looking->live, subject, &erased, &why)) {
        findings_add(findings, "E_PII", (int64_t)event->seq, "%s", why.text);
    } else if (gone && !erased) {
        findings_add(findings, "E_PII", (int64_t)event->seq,
                     _("the data key of %s is gone, and no event erased it"), subject);
    } else if (!gone && erased) {
        findings_add(findings, "E_PII", (int64_t)event->seq,
                     _("the data key of %s is there, though an event erased it"), subject);
    }
}

static void test_persons(struct looking *looking, const struct event *event,
                         struct findings *findings)
{
    const struct canon *in = canon_get(event->body, "in");
    const struct canon *persons = in == NULL ? NULL : canon_get(in, "persons");

    for (size_t i = 0; persons != NULL && i < canon_count(persons); i++) {
        const struct canon *person = canon_at(persons, i);
        const char *subject = canon_get_text(person, "subject");
        const struct canon *commit = canon_get(person, "commit");
        enum personal_standing standing = PERSONAL_OPENS;
        for (size_t f = 0; subject != NULL && commit != NULL && f < canon_count(commit); f++) {
            standing = test_commitment(looking, event, subject, commit, f, findings);
            looking->opened += standing == PERSONAL_OPENS ? 1 : 0;
        }
        if (CHECK_MADE(V10_ERASED) && subject != NULL) {
            test_erased(looking, event, subject, standing == PERSONAL_ERASED, findings);
        }
    }
}

static void on_event(void *context, const struct event *event, const struct buffer *rows,
                     struct findings *findings)
{
    struct looking *looking = context;

    replay_event(looking->replay, event, rows, findings);
    if (CHECK_MADE(V10_PERSONAL) && looking->personal != NULL && looking->live != NULL) {
        test_persons(looking, event, findings);
    }
}

static void tell_lost(void *context, const char *subject)
{
    findings_add(context, "E_PII", -1, _("the index does not find %s by the identity number"),
                 subject);
}

/* Each version of a field is one that an event brought, and so is each entry of the index: who is
 * missing there could be taken in a second time, and who is found in another's place owes for him.
 */
static bool test_personal_rows(const struct looking *looking, const char *origin,
                               struct findings *findings, struct error *err)
{
    struct privacy_rows rows;

    if (!CHECK_MADE(V10_ROWS) || looking->personal == NULL || looking->live == NULL) {
        return true;
    }
    if (!privacy_rows_test(looking->live, looking->personal, origin, tell_lost, findings, &rows,
                           err)) {
        return false;
    }
    if (rows.fields != looking->opened) {
        findings_add(findings, "E_PII", -1,
                     _("%lld encrypted fields are kept, and the log commits to %lld of them"),
                     (long long)rows.fields, (long long)looking->opened);
    }
    if (rows.index != rows.indexed) {
        findings_add(findings, "E_PII", -1,
                     _("the index has %lld entries, of which %lld lead to their person"),
                     (long long)rows.index, (long long)rows.indexed);
    }
    return true;
}

/* Without what needs the book as it stood before each event. */
static bool is_partial(const struct verify_scope *scope)
{
    return scope->structure || scope->since != NULL;
}

/* Where a log stands, and what there is beside it to be compared with what it gives. */
struct surroundings {
    struct log_source source;
    struct store *live;          /* NULL: an export */
    const struct bundle *bundle; /* NULL: a book */
    struct file_check *file;
};

/* Of a log that was changed other reports follow: those would only be noise. */
static bool compare_reports(const struct surroundings *place, struct replay *replay,
                            struct findings *findings, struct error *err)
{
    struct store *rebuilt = NULL;
    struct policy_shelf *policies = NULL;

    return !CHECK_MADE(V9_REPORTS) || place->bundle == NULL || findings->tampering ||
           !replay_result(replay, &rebuilt, &policies) ||
           export_reports_compare(place->bundle, rebuilt, policies, findings, err);
}

/* Reads the log through a replay unless only a part is asked for. */
static bool verify_log(const struct surroundings *place, const struct verify_scope *scope,
                       struct findings *findings, struct verify_summary *ret, struct error *err)
{
    struct store *live = place->live;
    AUTO_REPLAY struct replay *replay = NULL;
    struct looking looking = {.live = live, .personal = scope->personal};
    const struct verify_visitor visitor = {.context = &looking, .event = on_event};
    struct verify_request request = {.source = &place->source,
                                     .trust = scope->trust,
                                     .structure = scope->structure,
                                     .since = scope->since,
                                     .save = scope->save};

    if (!is_partial(scope)) {
        if (!replay_open(scope->plan_again, live, &replay, err)) {
            return false;
        }
        looking.replay = replay;
        request.visitor = &visitor;
    }
    if (!log_verify(&request, findings, ret, err)) {
        return false;
    }
    file_check_begin(place->file);
    if (replay != NULL && (!test_personal_rows(&looking, ret->origin, findings, err) ||
                           !replay_compare(replay, findings, err) ||
                           !compare_reports(place, replay, findings, err))) {
        return false;
    }
    if (scope->save != NULL && replay != NULL) {
        scope->save->replayed = scope->plan_again ? ret->events : 0;
        scope->save->compared = live != NULL ? ret->events : 0;
    }
    return true;
}

/* Head and high-water file -----------------------------------------------------------------------
 */

struct mark {
    struct head head;
    struct error why; /* set if it could not be read */
};

struct marks {
    struct mark head, high_water;
};

static struct marks marks_of(const struct office *office)
{
    struct marks marks = {0};
    if (head_read(office->head_path, &marks.head.head, &marks.head.why)) {
        marks.head.why.fault = FAULT_NONE;
    }
    if (high_water_read(office->high_water_path, &marks.high_water.head, &marks.high_water.why)) {
        marks.high_water.why.fault = FAULT_NONE;
    }
    return marks;
}

static const char *mark_code(const struct error *found)
{
    if (text_equal(found->reason, "book.events-lost")) {
        return "E_ROLLBACK";
    }
    return text_equal(found->reason, "book.head-mismatch") ? "E_FORK" : "E_CONTAINER";
}

static bool compare_mark(struct office *office, struct mark *mark, struct findings *findings,
                         struct error *err)
{
    bool read = mark->why.fault == FAULT_NONE;
    if (read && head_compare(&mark->head, office->store, &mark->why)) {
        return true;
    }
    return text_equal(mark->why.reason, "log.frontier") || /* told by the log itself */
           note_damage(&mark->why, mark_code(&mark->why), findings, err);
}

/* An auditor does not have the key folder, where the high-water file stands. */
static bool compare_marks(struct office *office, struct marks *marks, struct findings *findings,
                          struct error *err)
{
    if (!CHECK_MADE(V8_HEAD_FILE)) {
        return true;
    }
    bool away = marks->high_water.why.fault == FAULT_NONE && !marks->high_water.head.present;
    return compare_mark(office, &marks->head, findings, err) &&
           (away || compare_mark(office, &marks->high_water, findings, err));
}

/* A book, and an export --------------------------------------------------------------------------
 */

static bool verify_contents(struct office *office, const struct verify_scope *scope,
                            struct file_check *file, struct findings *findings,
                            struct verify_summary *ret, struct error *err)
{
    struct surroundings place = {
        .source = log_source_of_book(office->store), .live = office->store, .file = file};
    struct marks marks = marks_of(office); /* before the book is read */
    AUTO_TRANSACTION snapshot = {0};       /* others may write meanwhile */

    return transaction_begin_read(office->store, &snapshot, err) &&
           compare_marks(office, &marks, findings, err) &&
           verify_log(&place, scope, findings, ret, err);
}

bool book_verify(struct office *office, const struct verify_scope *scope, struct findings *findings,
                 struct verify_summary *ret, struct error *err)
{
    struct container container = {findings, true};
    struct file_check file = {.store = office->store,
                              .wanted = CHECK_MADE(V1_SCHEMA) && !is_partial(scope)};
    struct findings later; /* what is wrong with the file is told first */
    struct error ignored;

    *ret = (struct verify_summary){0};
    if (CHECK_MADE(V1_SCHEMA) &&
        !store_compare_schema(office->store, tell_difference, &container, err)) {
        return false;
    }
    findings_init(&later);
    bool read = !container.readable || verify_contents(office, scope, &file, &later, ret, err);
    /* No table holds a value of another type than its column's unless the file is damaged: whether
     * it is or we have read the wrong column, the check of the file knows. */
    bool odd = !read && text_equal(err->reason, "store.column-type");
    file.wanted = file.wanted || odd;
    bool checked = file_check_end(&file, findings, read ? err : &ignored);
    bool damaged = odd && findings->tampering;
    findings_take(findings, &later);
    return (read || damaged) && checked;
}

bool export_verify(const char *folder, const struct verify_scope *scope, struct findings *findings,
                   struct verify_summary *ret, struct error *err)
{
    AUTO_BUNDLE struct bundle *bundle = NULL;
    const struct trust_card *card = scope->trust == NULL ? NULL : scope->trust->card;
    struct error found = {0};

    *ret = (struct verify_summary){0};
    const struct minisign_key *key =
        card == NULL || !CHECK_MADE(V1_EXPORT_KEY) ? NULL : &card->minisign;
    if (!bundle_open(folder, key, &bundle, &found)) {
        return note_damage(&found, "E_CONTAINER", findings, err);
    }
    struct file_check none = {.wanted = false};
    struct surroundings place = {
        .source = log_source_of_bundle(bundle), .bundle = bundle, .file = &none};
    return verify_log(&place, scope, findings, ret, err);
}

bool office_open_to_verify(const char *folder, struct office *ret, struct error *err)
{
    *ret = (struct office){0};
    office_paths(ret, folder);
    ret->day = clock_date_in_china(clock_now());
    if (store_open(ret->store_path, STORE_READ_ONLY, &ret->store, err)) {
        return true;
    }
    office_release(ret);
    return false;
}
