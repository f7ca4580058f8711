/* cmd_book_init.c - a new book, its admins, their keys and the card that is printed: by options, or
 * asked for step by step. */
#include "cli/acting.h"
#include "cli/audit_trust.h"
#include "cli/book_runs.h"
#include "cli/dialogue.h"
#include "cli/input_file.h"
#include "cli/output.h"
#include "cli/policy_file.h"
#include "cli/service/book_card.h"
#include "cli/service/book_init.h"
#include "ledger/audit/predecessor.h"
#include "ledger/audit/visit.h"
#include "ledger/audit/witness_policy.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"
#include "ledger/base/uuid.h"
#include "ledger/books/people.h"

#include <string.h>

const struct option book_init_options[BOOK_INIT_OPTIONS] = {
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
    {"predecessor", OPTION_FILE, false, "FILE",
     N_("the last known head of a log that lost events and that this one continues"), false},
    {"predecessor-card", OPTION_FILE, false, "FILE", N_("the trust card of that log"), false},
    {"card", OPTION_FILE, false, "FILE",
     N_("write the trust card to FILE, and to FILE.html for printing"), false},
};

#define COSIGN_DAYS 7

/* Read whole and well formed, or nothing if none is given. */
static bool read_witness_policy(const struct option_value *file, struct arena *arena,
                                struct buffer *ret, struct error *err)
{
    const struct witness_policy *policy = NULL;

    return !file->given || (policy_file_read(file->text, ret, err) &&
                            witness_policy_parse(arena, ret->data, ret->length, &policy, err));
}

/* NULL if none is given. */
static bool read_predecessor(const struct invocation *invocation, struct predecessor *ret,
                             const struct predecessor **ret_given, struct error *err)
{
    const struct option_value *file = invocation_value(invocation, "predecessor");
    const struct option_value *card_file = invocation_value(invocation, "predecessor-card");
    struct trust_card card;
    AUTO_BUFFER bytes;

    *ret_given = NULL;
    buffer_init(&bytes, VISIT_MAX);
    if (file->given != card_file->given) {
        return error_set(err, FAULT_USAGE, "usage.option-missing", _("--%s is missing"),
                         file->given ? "predecessor-card" : "predecessor");
    }
    if (!file->given) {
        return true;
    }
    *ret_given = ret;
    return trust_card_file_read(invocation->arena, card_file->text, &card, err) &&
           input_file_read(file->text, &bytes, err) &&
           predecessor_take(&card, bytes.data == NULL ? "" : bytes.data, bytes.length, ret, err);
}

/* At most one more than a book may have. */
static size_t split(struct arena *arena, const char *text, const char *ret[BOOK_ADMINS_MAX + 1])
{
    size_t count = 0;
    for (char *rest = arena_text(arena, text); rest != NULL && count <= BOOK_ADMINS_MAX;) {
        ret[count++] = strsep(&rest, ",");
    }
    return count;
}

/* --- the card -----------------------------------------------------------------------------------
 */

static const struct column card_columns[] = {
    {"line", N_("line"), "行", CELL_INT, false},
    {"item", N_("item"), "项目", CELL_TEXT, false},
    {"value", N_("to be compared letter by letter"), "内容（须逐字核对）", CELL_TEXT, false},
};

/* The lines of the card as they stand in its file. */
static void card_table(const struct buffer *card, struct arena *arena, struct date day,
                       struct table *ret)
{
    char *rest = arena_text_n(arena, card->data, card->length);
    int64_t number = 0;

    table_init(ret, arena, "trust-card", card_columns, COUNT_OF(card_columns), day);
    ret->title_en = "Trust card: whose log this is, and by which keys an auditor knows it";
    ret->title_zh = "信任卡：审计人员据以识别本账簿日志及其密钥";
    for (char *line = strsep(&rest, "\n"); line != NULL && rest != NULL;
         line = strsep(&rest, "\n")) {
        const char *item = strsep(&line, " ");
        struct cell *cell = table_add_row(ret);
        cell[0] = cell_int(++number);
        cell[1] = cell_text(ret, item);
        cell[2] = cell_text(ret, line == NULL ? "" : line);
    }
}

/* The file that programs read, and the page on A4 that people keep in a drawer. */
static bool write_card(const struct invocation *invocation, const char *path,
                       const struct buffer *card, struct date day, struct error *err)
{
    struct globals globals = *invocation->globals;
    struct invocation to_file = *invocation;
    struct table table;

    to_file.globals = &globals;
    globals.out = path;
    if (!output_text(&to_file, card->data, card->length, err)) {
        return false;
    }
    card_table(card, invocation->arena, day, &table);
    globals.out = arena_printf(invocation->arena, "%s.html", path);
    globals.format = FORMAT_HTML;
    return output_table(&to_file, &table, err);
}

static bool make_card(const struct invocation *invocation, const char *path, struct office *office,
                      const struct book_request *request, struct error *err)
{
    struct minisign_key key;
    AUTO_BUFFER card;

    buffer_init(&card, TRUST_CARD_MAX);
    if (!export_key_show(invocation->arena, request->origin, &key, err) ||
        !book_card(office, request->witness_policy_length == 0 ? NULL : request->witness_policy,
                   request->witness_policy_length, &key, &card, err) ||
        !write_card(invocation, path, &card, office->day, err)) {
        return error_next(err, _("the book is made; `yicang audit card` prints its card"));
    }
    return true;
}

/* --- the command --------------------------------------------------------------------------------
 */

static const char *suggested_origin(struct arena *arena)
{
    struct uuid uuid = uuid_random();
    char hex[UUID_HEX_SIZE];
    return arena_printf(arena, "demo.invalid/ledger-%.8s", uuid_to_hex(&uuid, hex));
}

static const char *suggested_day(struct arena *arena)
{
    char day[DATE_TEXT_SIZE];
    return arena_text(arena, date_format(clock_date_in_china(clock_now()), day));
}

static bool ask_what_is_missing(const struct invocation *invocation,
                                const struct option_value **ret, struct error *err)
{
    const struct question questions[] = {
        {"folder", N_("The book is a folder. Beside it FOLDER.keys holds the keys of its log."),
         NULL},
        {"origin",
         N_("The book's name for ever, on every event: a domain of yours, /ledger- and 8 digits "
            "of 0-9 a-f. Only names that begin with demo.invalid/ may have keys without "
            "passphrase: for trials, never for money."),
         suggested_origin(invocation->arena)},
        {"name", N_("Whose book this is."), NULL},
        {"opening-day", N_("Nothing is booked before this day."), suggested_day(invocation->arena)},
        {"policy", N_("The policy decides who may borrow and who bears losses."), NULL},
        {"admins",
         N_("Admins name people and policies, and do no business. Three are best: two sign, and "
            "one may be lost. Codes of 1 to 32 letters a-z, digits, . - _ with commas between."),
         NULL},
        {"quorum", N_("So many of them must sign together."), "2"},
        {"witness-policy",
         N_("Which witnesses must have seen the log. Without it nobody outside can tell whether "
            "its end was cut off. Enter: none yet."),
         ""},
        {"card",
         N_("Auditors need the trust card on paper, not from this machine. It is written as a "
            "file for programs and as a page for the printer."),
         "trust-card"},
    };
    return dialogue_complete(invocation, questions, COUNT_OF(questions), ret, err);
}

static void show_book(const struct book_request *request, const char *card,
                      const struct office *office, struct result *result)
{
    result_text(result, "book", _("book"), request->folder);
    result_text(result, "origin", _("origin"), request->origin);
    result_date(result, "open_day", _("open day"), office->day);
    if (request->predecessor != NULL) {
        result_text(result, "predecessor", _("continues the log"), request->predecessor->origin);
        result_int(result, "predecessor_events", _("after events"),
                   (int64_t)request->predecessor->size);
    }
    result_text(result, "card", _("trust card"), card);
}

static struct book_request request_of(const struct invocation *invocation, const char **admin)
{
    const struct option_value *quorum = invocation_value(invocation, "quorum");
    const struct option_value *unit = invocation_value(invocation, "office");
    const struct option_value *days = invocation_value(invocation, "cosign-days");
    const struct option_value *approvals = invocation_value(invocation, "approval-days");
    struct book_request request = {
        .folder = invocation_value(invocation, "folder")->text,
        .origin = invocation_value(invocation, "origin")->text,
        .name = invocation_value(invocation, "name")->text,
        .office = unit->given ? unit->text : invocation_value(invocation, "name")->text,
        .opening_day = invocation_value(invocation, "opening-day")->date,
        .policy_file = invocation_value(invocation, "policy")->text,
        .admin = admin,
        .admins = split(invocation->arena, invocation_value(invocation, "admins")->text, admin),
        .cosign_max_age_days = days->given ? days->number : COSIGN_DAYS,
        .passphrase = desk_passphrase(invocation),
        .export_key = invocation_value(invocation, "card")->given,
        .warn = desk_warn,
    };
    request.quorum = quorum->given ? quorum->number : request.admins < 2 ? 1 : 2;
    request.approval_days = approvals->given ? approvals->number : APPROVAL_DAYS;
    return request;
}

static bool make_book(const struct invocation *invocation, struct error *err)
{
    const char *admin[BOOK_ADMINS_MAX + 1];
    const struct option_value *card = invocation_value(invocation, "card");
    struct book_request request = request_of(invocation, admin);
    struct result result;
    AUTO_BUFFER policy;
    AUTO_BUFFER witnesses;
    AUTO_PREDECESSOR predecessor = {0};
    AUTO_OFFICE office = {0};

    buffer_init(&policy, POLICY_BYTES_MAX);
    buffer_init(&witnesses, WITNESS_POLICY_MAX);
    if (!policy_file_read(request.policy_file, &policy, err) ||
        !read_witness_policy(invocation_value(invocation, "witness-policy"), invocation->arena,
                             &witnesses, err) ||
        !read_predecessor(invocation, &predecessor, &request.predecessor, err)) {
        return false;
    }
    request.policy_bytes = policy.data;
    request.policy_length = policy.length;
    request.witness_policy = witnesses.data;
    request.witness_policy_length = witnesses.length;
    AUTO_INTERRUPTION interruption = {0}; /* with its card, or not at all */
    interruption_hold(&interruption);
    if (!book_init(&request, &office, err) ||
        (card->given && !make_card(invocation, card->text, &office, &request, err))) {
        return false;
    }
    result_init(&result, invocation->arena);
    show_book(&request, card->given ? card->text : NULL, &office, &result);
    return output_result(invocation, &result, err) && office_close(&office, err);
}

bool book_run_init(const struct invocation *invocation, struct error *err)
{
    struct invocation complete = *invocation;

    return ask_what_is_missing(invocation, &complete.value, err) && make_book(&complete, err);
}
