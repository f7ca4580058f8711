/* cmd_audit_export.c - a receipt for one event, and the export of the whole log. */
#include "cli/acting.h"
#include "cli/audit_runs.h"
#include "cli/audit_trust.h"
#include "cli/input_file.h"
#include "cli/service/exchange.h"
#include "ledger/base/interruption.h"
#include "ledger/base/text.h"

#include <inttypes.h>

const struct option audit_prove_options[AUDIT_PROVE_OPTIONS] = {
    {"event", OPTION_INT, false, "SEQ", N_("the event to write a receipt for"), false},
    {"check", OPTION_FILE, false, "FILE", N_("check this receipt instead; needs --card, no book"),
     false},
    {"card", OPTION_FILE, false, "FILE", N_("the trust card"), false},
};

const struct option audit_bundle_options[AUDIT_BUNDLE_OPTIONS] = {
    {"folder", OPTION_FILE, true, "DIR", N_("the folder to make"), true},
    {"card", OPTION_FILE, true, "FILE", N_("the trust card"), false},
    {"as-of", OPTION_DATE, false, "YYYY-MM-DD",
     N_("the closed day on which its reports are; else the last"), false},
    {"without-reports", OPTION_FLAG, false, NULL, N_("the log alone"), false},
};

static bool write_receipt(const struct invocation *invocation, uint64_t seq, struct error *err)
{
    uint64_t size = 0;
    AUTO_OFFICE office = {0};
    AUTO_BUFFER receipt;

    buffer_init(&receipt, RECEIPT_MAX);
    if (!desk_open(invocation, &office, err) ||
        !receipt_make(&office, seq, RECEIPT_WITNESSED, &receipt, &size, err) ||
        !output_text(invocation, receipt.data, receipt.length, err)) {
        return false;
    }
    output_note(_("event %" PRIu64 " under the head of size %" PRIu64), seq, size);
    return true;
}

static bool check_receipt(const struct invocation *invocation, const char *path, struct error *err)
{
    const struct option_value *card_file = invocation_value(invocation, "card");
    struct trust_card card;
    struct receipt_facts facts;
    struct result result;
    AUTO_BUFFER bytes;

    buffer_init(&bytes, RECEIPT_MAX);
    if (!card_file->given) {
        return error_set(err, FAULT_USAGE, "usage.option-missing", _("--%s is missing"), "card");
    }
    if (!trust_card_file_read(invocation->arena, card_file->text, &card, err) ||
        !input_file_read(path, &bytes, err) ||
        !receipt_check(invocation->arena, &card, &bytes, &facts, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_int(&result, "event", _("event"), (int64_t)facts.seq);
    result_int(&result, "size", _("size of the head"), (int64_t)facts.size);
    result_text(&result, "witnessed", _("witnessed"),
                facts.witnessed ? _("by as many as the card asks for") : _("no"));
    result_text(&result, "line", _("line"), facts.line);
    return output_result(invocation, &result, err);
}

bool audit_run_prove(const struct invocation *invocation, struct error *err)
{
    const struct option_value *event = invocation_value(invocation, "event");
    const struct option_value *check = invocation_value(invocation, "check");

    if (check->given) {
        return check_receipt(invocation, check->text, err);
    }
    if (!event->given) {
        return error_set(err, FAULT_USAGE, "usage.option-missing", _("--%s is missing"), "event");
    }
    return write_receipt(invocation, (uint64_t)event->number, err);
}

/* The event by which the log knows of the export; with `rehearsal`, whether it would be taken. */
static bool record_export(const struct act_options *options, struct office *office, uint64_t size,
                          const struct sha256 *manifest, bool rehearsal, struct act_result *ret,
                          struct error *err)
{
    struct act_options as_given = *options;
    struct canon *request = canon_object(&office->arena);

    as_given.dry_run = rehearsal;
    canon_set_sha256(request, "manifest_sha256", manifest);
    canon_set_int(request, "size", (int64_t)size);
    return act(office, &as_given, "export.made", request, ret, err);
}

static bool make_reports(const struct invocation *invocation, struct office *office,
                         struct export_reports *ret, struct error *err)
{
    const struct option_value *as_of = invocation_value(invocation, "as-of");
    bool without = invocation_value(invocation, "without-reports")->given;

    *ret = (struct export_reports){0};
    if (without && as_of->given) {
        return error_set(err, FAULT_USAGE, "audit.reports-or-not",
                         _("a day of reports was given, and that there be none"));
    }
    return without || export_reports_make(office->store, office->policies,
                                          as_of->given ? &as_of->date : NULL, ret, err);
}

/* Nothing leaves the house that could not be recorded; Ctrl-C waits until both are done. */
static bool export_and_record(const struct invocation *invocation, struct office *office,
                              const struct trust_card *card, const struct minisign_secret *secret,
                              struct error *err)
{
    const char *folder = invocation_value(invocation, "folder")->text;
    struct act_options options;
    struct act_result done;
    struct result result;
    struct sha256 manifest = sha256_of("", 0);
    uint64_t size = office->tip.size;
    char hex[SHA256_HEX_SIZE];
    AUTO_EXPORT_REPORTS reports = {0};
    AUTO_INTERRUPTION interruption = {0};

    interruption_hold(&interruption);
    desk_options(invocation, &options);
    if (!make_reports(invocation, office, &reports, err) ||
        !record_export(&options, office, size, &manifest, true, &done, err)) {
        return false;
    }
    if (!options.dry_run &&
        !export_write(office, card, secret, &reports, folder, &size, &manifest, err)) {
        return false;
    }
    if (!options.dry_run && !record_export(&options, office, size, &manifest, false, &done, err)) {
        return error_next(err, _("the export stands in %s, but not in the log: remove it"), folder);
    }
    desk_result(invocation, office, &options, &done, &result);
    if (!options.dry_run) {
        result_text(&result, "folder", _("folder"), folder);
        result_int(&result, "events", _("events"), (int64_t)size);
        result_int(&result, "reports", _("reports"), (int64_t)reports.files);
        result_text(&result, "manifest", "MANIFEST", hex_format(manifest.byte, SHA256_SIZE, hex));
    }
    return output_result(invocation, &result, err) && office_close(office, err);
}

bool audit_run_bundle(const struct invocation *invocation, struct error *err)
{
    struct passphrase_source source = desk_passphrase(invocation);
    struct trust_card card;
    AUTO_MINISIGN_SECRET secret;
    AUTO_OFFICE office = {0};

    sodium_memzero(&secret, sizeof secret);
    return trust_card_file_read(invocation->arena, invocation_value(invocation, "card")->text,
                                &card, err) &&
           desk_open(invocation, &office, err) &&
           export_key_read(invocation->arena, office.facts.origin, &source, &secret, err) &&
           export_and_record(invocation, &office, &card, &secret, err);
}
