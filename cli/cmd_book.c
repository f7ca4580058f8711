#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/findings_table.h"
#include "cli/policy_file.h"
#include "cli/service/book_check.h"
#include "cli/service/book_init.h"
#include "cli/service/key_check.h"
#include "ledger/audit/witness_policy.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

#include <string.h>

static const struct option init_options[] = {
    {"folder", OPTION_FILE, true, "DIR", N_("the folder to make"), true},
    {"origin", OPTION_TEXT, true, "ORIGIN", N_("name of the book's log: domain/ledger-XXXXXXXX"),
     false},
    {"name", OPTION_TEXT, true, "TEXT", N_("name of the county or cooperative"), false},
    {"opening-day", OPTION_DATE, true, "YYYY-MM-DD", N_("first business day"), false},
    {"policy", OPTION_FILE, true, "FILE", N_("the county's policy"), false},
    {"admins", OPTION_TEXT, true, "CODE,CODE", N_("staff codes of the admins"), false},
    {"quorum", OPTION_INT, false, "N", N_("how many admins must sign; else two"), false},
    {"approval-days", OPTION_INT, false, "N", N_("for how many days an approval counts; else 90"),
     false},
    {"office", OPTION_TEXT, false, "TEXT", N_("office of the admins"), false},
    {"witness-policy", OPTION_FILE, false, "FILE",
     N_("which witnesses outsiders ask for; bound into the log"), false},
    {"cosign-days", OPTION_INT, false, "N",
     N_("how old the newest cosigned head may be; else 7 days"), false},
};

#define ADMINS_MAX 7

#define COSIGN_DAYS 7

/* Read whole and well formed, or nothing if none is given. */
static bool read_witness_policy(const struct invocation *invocation, struct buffer *ret,
                                struct error *err)
{
    const struct option_value *file = invocation_value(invocation, "witness-policy");
    const struct witness_policy *policy = NULL;

    return !file->given ||
           (policy_file_read(file->text, ret, err) &&
            witness_policy_parse(invocation->arena, ret->data, ret->length, &policy, err));
}

static size_t split(struct arena *arena, const char *text, const char *ret[ADMINS_MAX + 1])
{
    size_t count = 0;
    for (char *rest = arena_text(arena, text); rest != NULL && count <= ADMINS_MAX;) {
        ret[count++] = strsep(&rest, ",");
    }
    return count;
}

static bool run_init(const struct invocation *invocation, struct error *err)
{
    const char *admin[ADMINS_MAX + 1];
    const struct option_value *quorum = invocation_value(invocation, "quorum");
    const struct option_value *unit = invocation_value(invocation, "office");
    const struct option_value *days = invocation_value(invocation, "cosign-days");
    const struct option_value *approvals = invocation_value(invocation, "approval-days");
    struct result result;
    AUTO_BUFFER policy;
    AUTO_BUFFER witnesses;
    AUTO_OFFICE office = {0};

    buffer_init(&policy, POLICY_BYTES_MAX);
    buffer_init(&witnesses, WITNESS_POLICY_MAX);
    if (!policy_file_read(invocation_value(invocation, "policy")->text, &policy, err) ||
        !read_witness_policy(invocation, &witnesses, err)) {
        return false;
    }
    struct book_request request = {
        .folder = invocation_value(invocation, "folder")->text,
        .origin = invocation_value(invocation, "origin")->text,
        .name = invocation_value(invocation, "name")->text,
        .office = unit->given ? unit->text : invocation_value(invocation, "name")->text,
        .opening_day = invocation_value(invocation, "opening-day")->date,
        .policy_file = invocation_value(invocation, "policy")->text,
        .policy_bytes = policy.data,
        .policy_length = policy.length,
        .admin = admin,
        .admins = split(invocation->arena, invocation_value(invocation, "admins")->text, admin),
        .witness_policy = witnesses.data,
        .witness_policy_length = witnesses.length,
        .cosign_max_age_days = days->given ? days->number : COSIGN_DAYS,
        .passphrase = desk_passphrase(invocation),
    };
    request.quorum = quorum->given ? quorum->number : request.admins < 2 ? 1 : 2;
    request.approval_days = approvals->given ? approvals->number : APPROVAL_DAYS;
    if (!book_init(&request, &office, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_text(&result, "book", _("book"), request.folder);
    result_text(&result, "origin", _("origin"), request.origin);
    result_date(&result, "open_day", _("open day"), office.day);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

static bool run_info(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct result result;

    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_text(&result, "name", _("name"), office.facts.name);
    result_text(&result, "origin", _("origin"), office.facts.origin);
    result_date(&result, "opening_day", _("opening day"), office.facts.opening_day);
    result_date(&result, "open_day", _("open day"), office.day);
    result_int(&result, "events", _("events"), (int64_t)office.tip.size);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

/* The findings as a table; some are a failure, none is told. */
static bool show_findings(const struct invocation *invocation, const struct office *office,
                          struct findings *findings, struct error *err)
{
    struct table table;

    findings_table(findings, invocation->arena, office->day, &table);
    uint64_t total = findings->total;
    if (!output_table(invocation, &table, err)) {
        return false;
    }
    if (total > 0) {
        return error_set(err, FAULT_REFUSED, "book.check-failed",
                         _("the book contradicts itself: %llu findings"),
                         (unsigned long long)total);
    }
    output_note(_("the book is consistent: %llu events"), (unsigned long long)office->tip.size);
    return true;
}

static bool run_check(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct findings findings;

    findings_init(&findings);
    if (!desk_open(invocation, &office, err)) {
        return false;
    }
    bool ok = book_check(&office, &findings, err) &&
              show_findings(invocation, &office, &findings, err) && office_close(&office, err);
    findings_release(&findings);
    return ok;
}

static const struct option rebuild_options[] = {
    {"rebuild", OPTION_FLAG, false, NULL,
     N_("rebuild from the journal the balances kept beside it"), false},
};

/* What is wrong with the keys does not make the book wrong. */
static bool keys_alone(uint64_t in_book, const struct findings *findings, struct error *err)
{
    if (in_book > 0 || findings->total == 0) {
        return false;
    }
    error_set(
        err, FAULT_REFUSED, "book.keys-unsafe",
        _("the book is consistent, but its keys are not kept as they should be: %llu findings"),
        (unsigned long long)findings->total);
    (void)error_next(err,
                     _("chmod closes what is open; what was left behind goes with the next "
                       "command that writes, or with the next `yicang book rotate-data-keys`"));
    return true;
}

static bool run_doctor(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct findings findings;
    bool rebuild = invocation_value(invocation, "rebuild")->given;
    enum store_mode mode = rebuild ? STORE_WRITE : STORE_READ_ONLY;

    findings_init(&findings);
    if (!office_open(invocation->globals->book, mode, &office, err)) {
        return false;
    }
    bool ok = rebuild ? book_rebuild(&office, &findings, err) : book_check(&office, &findings, err);
    uint64_t in_book = findings.total;
    bool demo = origin_is_demo(office.facts.origin);
    ok = ok && (rebuild || key_check(&office, &findings, err)) &&
         show_findings(invocation, &office, &findings, err) && office_close(&office, err);
    if (!ok && !rebuild && keys_alone(in_book, &findings, err)) {
        ok = false;
    } else if (!ok && !rebuild && findings.total > 0) {
        ok = error_next(err, _("balances that differ from the journal are rebuilt by `yicang book "
                               "doctor --rebuild`; for anything else restore a backup"));
    }
    if (!ok && rebuild && findings.total > 0) {
        ok = error_next(err, _("this is not in what is derived, and nothing was changed; see "
                               "`yicang audit verify`"));
    }
    findings_release(&findings);
    if (demo) {
        output_note(_("DEMO KEYS: this book's keys have no passphrase; it proves nothing about "
                      "people"));
    }
    return ok;
}

static const struct option clock_options[] = {
    {"reason", OPTION_TEXT, true, "TEXT", N_("why the clock had been fast"), false},
    {"with", OPTION_TEXT, false, "CODE,CODE", N_("further admins who sign"), false},
};

static bool run_rotate_data_keys(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    struct rotation rotation = {0};
    struct result result;
    bool dry_run = invocation->globals->dry_run;

    if (!desk_open(invocation, &office, err) ||
        !privacy_keys_rotate(office.store, office.service_folder, office.facts.origin, dry_run,
                             &rotation, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    if (dry_run) {
        result_word(&result, "dry_run", _("dry run"), word_of_act, "nothing was written");
    }
    result_int(&result, "epoch", _("epoch of the data keys"), rotation.epoch);
    result_int(&result, "data_keys", _("data keys wrapped anew"), rotation.data_keys);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

const struct command book_commands[] = {
    {.noun = "book",
     .verb = "init",
     .run = run_init,
     .needs = NEEDS_NOTHING,
     .summary = N_("make a new book with its keys, its first policy and its admins"),
     .option = init_options,
     .options = COUNT_OF(init_options),
     .example =
         "yicang book init county --origin xinhe.example/ledger-7f3a9c21 --name Xinhe"
         " --opening-day 2016-10-01 --policy county-pilot.yaml --admins chen.admin,he.admin"},
    {.noun = "book",
     .verb = "info",
     .run = run_info,
     .needs = NEEDS_BOOK,
     .summary = N_("show name, origin and open day of a book"),
     .example = "yicang book info --book county"},
    {.noun = "book",
     .verb = "check",
     .run = run_check,
     .needs = NEEDS_BOOK | NEEDS_WHOLE | SHOWS_TABLE,
     .summary = N_("prove the invariants of the books from their rows"),
     .example = "yicang book check --book county"},
    {.noun = "book",
     .verb = "doctor",
     .run = run_doctor,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("look for what is wrong in a book; rebuild what can be derived"),
     .option = rebuild_options,
     .options = COUNT_OF(rebuild_options),
     .example = "yicang book doctor --rebuild --book county"},
    {.noun = "book",
     .verb = "adjust-clock",
     .run = desk_run_event,
     .needs = NEEDS_BOOK | WRITES,
     .summary = N_("go on at an earlier time, after the clock had been fast"),
     .option = clock_options,
     .options = COUNT_OF(clock_options),
     .event = "clock.adjust",
     .example =
         "yicang book adjust-clock --reason 'battery changed, year was wrong' --as chen.admin"
         " --with he.admin"},
    {.noun = "book",
     .verb = "rotate-data-keys",
     .run = run_rotate_data_keys,
     .needs = NEEDS_BOOK | WRITES,
     .summary =
         N_("replace the key that keeps personal data, and destroy the old one; every quarter"),
     .example = "yicang book rotate-data-keys --book county"},
    {.verb = NULL},
};
