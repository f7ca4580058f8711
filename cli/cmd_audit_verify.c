/* cmd_audit_verify.c - audit verify: its options, what it prints, its exit codes. */
#include "cli/acting.h"
#include "cli/audit_runs.h"
#include "cli/audit_state.h"
#include "cli/audit_trust.h"
#include "cli/findings_table.h"
#include "cli/service/book_check.h"
#include "cli/service/verify_record.h"
#include "ledger/base/clock.h"
#include "ledger/base/text.h"
#include "reports/words.h"

#include <inttypes.h>

const struct option audit_verify_options[AUDIT_VERIFY_OPTIONS] = {
    {"card", OPTION_FILE, false, "FILE", N_("the trust card; without it nothing is proven"), false},
    {"kept", OPTION_FILE, false, "PATH",
     N_("a checkpoint you kept, or a folder of them, beside what stands with your own key; needs "
        "--card"),
     false},
    {"predecessor-card", OPTION_FILE, false, "FILE",
     N_("the trust card of the log that this one continues, to check what it names of it"), false},
    {"today", OPTION_DATE, false, "YYYY-MM-DD",
     N_("day against which cosignatures age; else today"), false},
    {"structure", OPTION_FLAG, false, NULL,
     N_("without signatures of people, rules and tables: fast"), false},
    {"open-personal", OPTION_FLAG, false, NULL,
     N_("also open personal data and hold it against the log; needs the data keys"), false},
    {"bundle", OPTION_FILE, false, "DIR", N_("verify this export instead of the book"), false},
    {"since", OPTION_FILE, false, "FILE",
     N_("only the events after this verified state, without rules and tables"), false},
    {"save-state", OPTION_FILE, false, "FILE",
     N_("if all is proven, keep the verified state for --since"), false},
    {"record", OPTION_FLAG, false, NULL,
     N_("write into the log that --as verified it, and what was found"), false},
};

/* 0 proven, 1 tampering proven, 2 cannot be proven, 3 usage. */
int audit_verify_exit_code(enum fault fault)
{
    switch (fault) {
    case FAULT_NONE:
        return 0;
    case FAULT_INTEGRITY:
        return 1;
    case FAULT_USAGE:
    case FAULT_INPUT:
        return 3;
    case FAULT_REFUSED:
    case FAULT_STORE:
    case FAULT_INTERNAL:
        break;
    }
    return 2;
}

struct verification {
    struct verify_scope scope;
    struct verify_trust trust;
    struct trust_card card, predecessor;
    struct findings findings;
    struct verify_summary summary;
    bool of_export;
    struct verify_state since, save;
    struct sha256 since_digest, save_digest; /* of the files */
    bool saved;
    bool recorded; /* as this event */
    uint64_t event;
};

static bool conclude(const struct verification *v, struct error *err)
{
    const struct findings *findings = &v->findings;

    if (findings->tampering && v->of_export) {
        error_set(err, FAULT_INTEGRITY, "audit.tampering",
                  _("the export or its log was changed (findings: %llu)"),
                  (unsigned long long)findings->total);
        return error_next(err, _("keep this copy, ask for a new export, and verify the book "
                                 "itself"));
    }
    if (findings->tampering) {
        error_set(err, FAULT_INTEGRITY, "audit.tampering",
                  _("the book was changed (findings: %llu)"), (unsigned long long)findings->total);
        return error_next(err, _("stop work, keep this copy, and restore a verified backup"));
    }
    if (findings->incomplete) {
        error_set(err, FAULT_REFUSED, "audit.not-proven",
                  _("the book cannot be proven (findings: %llu)"),
                  (unsigned long long)findings->total);
        return error_next(err, _("give or have made good what the findings name, such as the trust "
                                 "card or a newer cosignature, and verify again"));
    }
    return true;
}

/* A card that cannot be used is a finding: everything else is checked all the same. */
static bool read_trust(const struct invocation *invocation, struct verification *v,
                       struct error *err)
{
    const struct option_value *card = invocation_value(invocation, "card");
    const struct option_value *kept = invocation_value(invocation, "kept");
    const struct option_value *before = invocation_value(invocation, "predecessor-card");
    const struct option_value *today = invocation_value(invocation, "today");
    struct error why = {0};

    v->trust.today = today->given ? today->date : clock_date_in_china(clock_now());
    if (card->given && trust_card_file_read(invocation->arena, card->text, &v->card, &why)) {
        v->trust.card = &v->card;
    } else if (card->given && !text_equal(why.reason, "E_TRUST")) {
        *err = why;
        return false;
    } else if (card->given) {
        v->trust.misread = arena_text(invocation->arena, why.text);
    }
    if (kept->given && !card->given) {
        error_set(err, FAULT_USAGE, "audit.kept-without-card",
                  _("a kept checkpoint cannot be read without the key of its log"));
        return error_next(err, _("give the trust card with --card"));
    }
    if (before->given) {
        v->trust.predecessor = &v->predecessor;
        if (!trust_card_file_read(invocation->arena, before->text, &v->predecessor, err)) {
            return false;
        }
    }
    /* An export is as old as it is; what somebody saw of the book since says nothing about it. */
    const struct kept_places places = {.path = kept->given ? kept->text : NULL,
                                       .own = !invocation_value(invocation, "bundle")->given,
                                       .staff = invocation->globals->as,
                                       .own_from =
                                           v->scope.since == NULL ? 0 : v->scope.since->range.size};
    return v->trust.card == NULL ||
           kept_heads_read(invocation->arena, &places, &v->trust, &v->findings, err);
}

/* What was looked at behind an earlier state, and what was not. */
static void say_since(const struct verification *v)
{
    const struct verify_state *since = v->scope.since;
    char hex[SHA256_HEX_SIZE];
    char day[DATE_TEXT_SIZE];

    output_note(_("events from number %" PRIu64 " on were checked: form, chain, tree, signatures, "
                  "keys and roles, day keys, signed heads, witnesses; rules and tables were not, "
                  "they are not part of --since"),
                since->range.size);
    output_note(
        _("the first %" PRIu64 " events were not read again: they are as proven on %s, with "
          "rules played again up to %" PRIu64 " events and tables compared at %" PRIu64 " events"),
        since->range.size, date_format(since->proven, day), since->replayed, since->compared);
    output_note(_("the state used has the SHA-256 %s: it must be the one noted when it was saved"),
                hex_format(v->since_digest.byte, SHA256_SIZE, hex));
}

static void say_saved(const struct invocation *invocation, const struct verification *v)
{
    char hex[SHA256_HEX_SIZE];
    const char *path = invocation_value(invocation, "save-state")->text;

    if (v->saved) {
        output_note(_("the verified state of %" PRIu64
                      " events is kept in %s: keep it where nobody "
                      "else can write, and note its SHA-256 %s elsewhere"),
                    v->save.range.size, path, hex_format(v->save_digest.byte, SHA256_SIZE, hex));
    } else {
        output_note(_("no state is saved in %s: only what is proven is"), path);
    }
}

static void say_who_has_seen_it(const struct verify_summary *summary)
{
    char time[INSTANT_TEXT_SIZE];

    if (summary->events == 0) {
        output_note(_("no event was read: nothing is known of this log"));
    } else if (!summary->trusted) {
        output_note(_("without the trust card of this log nobody can say which witnesses have seen "
                      "it: whoever controls this machine and its keys could have cut events off "
                      "its end (%llu events)"),
                    (unsigned long long)summary->events);
    } else if (summary->witnessed_size > 0) {
        output_note(_("the first %" PRIu64 " events were seen by %s at %s; what came after them "
                      "(events: %" PRIu64 ") is only as safe as the machine of the book and "
                      "today's keys"),
                    summary->witnessed_size, summary->witnessed_by,
                    instant_format((struct instant){summary->witnessed_time}, time),
                    summary->events - summary->witnessed_size);
    } else {
        output_note(_("no witness has cosigned this log: whoever controls this machine and its "
                      "keys could have cut events off its end (%llu events)"),
                    (unsigned long long)summary->events);
    }
}

/* Who else has played the rules again, with a copy of their own. */
static void say_who_has_verified_it(const struct verify_summary *summary)
{
    char time[INSTANT_TEXT_SIZE];

    if (summary->mirrored_size > 0) {
        output_note(_("the first %" PRIu64 " events were verified in full by %s at %s, from a copy "
                      "that is kept there; nobody said so yet of what came after them (events: "
                      "%" PRIu64 ")"),
                    summary->mirrored_size, summary->mirrored_by,
                    instant_format((struct instant){summary->mirrored_time}, time),
                    summary->events - summary->mirrored_size);
    } else if (summary->mirrors) {
        output_note(_("none of the mirrors that the trust card names has verified this log"));
    }
}

/* What no check can know is said each time. */
static void say_limits(const struct verification *v)
{
    const struct verify_summary *summary = &v->summary;

    if (summary->demo_keys) {
        output_note(_("DEMO KEYS: this book's keys have no passphrase; it proves nothing about "
                      "people"));
    }
    if (v->scope.since != NULL) {
        say_since(v);
    } else if (v->scope.structure) {
        output_note(_("structure only: signatures of people, rules and tables were not checked"));
    } else if (v->of_export) {
        output_note(_("an export: its reports were made again from the log; the live tables of "
                      "the book were not compared"));
    }
    if (summary->continues[0] != '\0' && v->trust.predecessor == NULL) {
        output_note(_("whether %s ended as this log says was not checked: give its trust card with "
                      "--predecessor-card, and what you kept of it with --kept"),
                    summary->continues);
    }
    say_who_has_seen_it(summary);
    say_who_has_verified_it(summary);
    output_note(_("whoever can run the program on the machine of the book can use its log key and "
                  "its day key: a new end of the log signed with them (attack 9) and a payout "
                  "without approval (attack 23 of docs/attacks.md) are open there"));
}

static const char *verdict_of(const struct verification *v)
{
    bool partial = v->scope.structure || v->scope.since != NULL;

    return v->findings.tampering    ? "tampering"
           : v->findings.incomplete ? "not-proven"
           : partial                ? "proven-in-part"
                                    : "proven";
}

static void add_mirrors(const struct verify_summary *summary, struct table *table)
{
    char time[INSTANT_TEXT_SIZE];

    if (summary->mirrors) {
        table_add_remark(table,
                         (struct remark){"mirrored", "events verified by mirrors", "镜像核验事件数",
                                         cell_int((int64_t)summary->mirrored_size)});
    }
    if (summary->mirrored_size > 0) {
        table_add_remark(table, (struct remark){"mirrors", "mirrors", "镜像",
                                                cell_text(table, summary->mirrored_by)});
        table_add_remark(
            table,
            (struct remark){
                "mirrored_at", "verified by them at", "镜像核验时间",
                cell_text(table, instant_format((struct instant){summary->mirrored_time}, time))});
    }
}

static void add_summary(const struct verification *v, struct table *table)
{
    const struct verify_summary *summary = &v->summary;
    char root[SHA256_HEX_SIZE];
    char time[INSTANT_TEXT_SIZE];

    table_add_remark(table, (struct remark){"verdict", "verdict", "结论",
                                            word_of_verdict(table, verdict_of(v))});
    table_add_remark(
        table, (struct remark){"events", "events", "事件数", cell_int((int64_t)summary->events)});
    if (v->scope.since != NULL) {
        table_add_remark(table, (struct remark){"since", "events before the state's end",
                                                "状态已覆盖事件数",
                                                cell_int((int64_t)v->scope.since->range.size)});
        table_add_remark(
            table,
            (struct remark){"since_sha256", "SHA-256 of the state used", "所用状态文件哈希",
                            cell_text(table, hex_format(v->since_digest.byte, SHA256_SIZE, root))});
    }
    if (v->saved) {
        table_add_remark(
            table,
            (struct remark){"state_sha256", "SHA-256 of the state kept", "已存状态文件哈希",
                            cell_text(table, hex_format(v->save_digest.byte, SHA256_SIZE, root))});
    }
    if (summary->continues[0] != '\0') {
        table_add_remark(table, (struct remark){"continues", "continues the log", "接续的日志",
                                                cell_text(table, summary->continues)});
        table_add_remark(table, (struct remark){"continues_after", "after events", "接续于事件数",
                                                cell_int((int64_t)summary->continues_after)});
    }
    if (v->recorded) {
        table_add_remark(table, (struct remark){"recorded", "recorded as event", "记录为事件",
                                                cell_int((int64_t)v->event)});
    }
    table_add_remark(table, (struct remark){"signatures", "signatures", "签名数",
                                            cell_int((int64_t)summary->signatures)});
    table_add_remark(table, (struct remark){"heads", "signed heads", "签署的日志头",
                                            cell_int((int64_t)summary->heads)});
    table_add_remark(table, (struct remark){"root", "root", "根哈希",
                                            cell_text(table, hex_format(summary->tip.root.byte,
                                                                        SHA256_SIZE, root))});
    table_add_remark(table,
                     (struct remark){"witnessed", "events seen by witnesses", "见证覆盖事件数",
                                     cell_int((int64_t)summary->witnessed_size)});
    if (summary->witnessed_size > 0) {
        table_add_remark(table, (struct remark){"witnesses", "witnesses", "见证人",
                                                cell_text(table, summary->witnessed_by)});
        table_add_remark(
            table,
            (struct remark){
                "witnessed_at", "witnessed at", "见证时间",
                cell_text(table, instant_format((struct instant){summary->witnessed_time}, time))});
    }
    add_mirrors(summary, table);
}

/* The keys are the office's, and wiped with it. */
static bool open_personal(const struct invocation *invocation, struct office *office,
                          struct verify_scope *scope, struct error *err)
{
    return !invocation_value(invocation, "open-personal")->given ||
           office_privacy_keys(office, &scope->personal, err);
}

/* A verified state holds people's keys and roles, and no personal data. */
static bool read_state(const struct invocation *invocation, struct verification *v,
                       struct error *err)
{
    const struct option_value *since = invocation_value(invocation, "since");
    const struct option_value *save = invocation_value(invocation, "save-state");
    bool opens = invocation_value(invocation, "open-personal")->given;

    if ((since->given && (v->scope.structure || opens)) || (save->given && v->scope.structure)) {
        return error_set(err, FAULT_USAGE, "audit.state-elsewhere",
                         _("a verified state comes from and goes on with signatures of people: not "
                           "with --structure, and --since not with --open-personal"));
    }
    if (save->given) {
        v->scope.save = &v->save;
    }
    if (since->given) {
        v->scope.since = &v->since;
        return audit_state_read(since->text, &v->since, &v->since_digest, err);
    }
    return true;
}

/* Another text of the schema is for the program that wrote it to read, and proves nothing. */
static bool open_book(const struct invocation *invocation, struct office *office, struct error *err)
{
    if (office_open_to_verify(invocation->globals->book, office, err)) {
        return true;
    }
    if (text_equal(err->reason, "store.schema-changed")) {
        err->fault = FAULT_REFUSED;
    }
    return false;
}

/* Who verifies is asked before the work, which may take a minute. */
static bool may_record(const struct invocation *invocation, struct error *err)
{
    if (!invocation_value(invocation, "record")->given) {
        return true;
    }
    if (invocation_value(invocation, "bundle")->given) {
        return error_set(err, FAULT_USAGE, "audit.record-elsewhere",
                         _("the verification of an export is not recorded in the book: with "
                           "--record verify the book itself"));
    }
    if (invocation->globals->as == NULL) {
        error_set(err, FAULT_USAGE, "staff.not-named", _("who does this is not said"));
        return error_next(err, _("name yourself with --as STAFF"));
    }
    return true;
}

/* Whatever was found. */
static bool record(const struct invocation *invocation, struct verification *v, struct error *err)
{
    struct act_options options;
    struct act_result done;
    AUTO_OFFICE office = {0};

    if (!invocation_value(invocation, "record")->given) {
        return true;
    }
    desk_options(invocation, &options);
    if (!office_open(invocation->globals->book, STORE_WRITE, &office, err) ||
        !verify_record(&office, &options, &v->scope, &v->findings, &v->summary, &done, err)) {
        return false;
    }
    v->recorded = !done.dry_run;
    v->event = done.seq;
    return office_close(&office, err);
}

static bool verify(const struct invocation *invocation, struct verification *v, struct error *err)
{
    const struct option_value *bundle = invocation_value(invocation, "bundle");
    AUTO_OFFICE office = {0};

    v->scope = (struct verify_scope){.structure = invocation_value(invocation, "structure")->given,
                                     .plan_again = true,
                                     .trust = &v->trust};
    if (invocation_value(invocation, "open-personal")->given &&
        (v->scope.structure || bundle->given)) {
        return error_set(err, FAULT_USAGE, "audit.personal-elsewhere",
                         _("personal data is opened in a full verification of a book alone"));
    }
    if (!may_record(invocation, err) || !read_state(invocation, v, err) ||
        !read_trust(invocation, v, err)) {
        return false;
    }
    v->of_export = bundle->given;
    if (bundle->given) {
        return export_verify(bundle->text, &v->scope, &v->findings, &v->summary, err);
    }
    return open_book(invocation, &office, err) &&
           open_personal(invocation, &office, &v->scope, err) &&
           book_verify(&office, &v->scope, &v->findings, &v->summary, err);
}

static bool tell(const struct invocation *invocation, struct verification *v, struct error *err)
{
    struct table table;
    struct error verdict = {0};
    struct error unrecorded = {0};
    bool proven = conclude(v, &verdict);
    bool recorded = record(invocation, v, &unrecorded);
    const struct option_value *save = invocation_value(invocation, "save-state");

    if (save->given && proven && v->save.complete) {
        if (!audit_state_write(save->text, &v->save, &v->save_digest, err)) {
            return false;
        }
        v->saved = true;
    }
    findings_table(&v->findings, invocation->arena, v->trust.today, &table);
    add_summary(v, &table);
    bool told = output_table(invocation, &table, err);
    say_limits(v);
    if (save->given) {
        say_saved(invocation, v);
    }
    if (told && !recorded && !proven) {
        output_error(&unrecorded, invocation->globals->format == FORMAT_JSON);
    }
    if (told && !(proven && recorded)) {
        *err = proven ? unrecorded : verdict;
    }
    return told && proven && recorded;
}

bool audit_run_verify(const struct invocation *invocation, struct error *err)
{
    struct verification v = {0};

    findings_init(&v.findings);
    verify_state_init(&v.since);
    verify_state_init(&v.save);
    bool ok = verify(invocation, &v, err) && tell(invocation, &v, err);
    findings_release(&v.findings);
    verify_state_release(&v.since);
    verify_state_release(&v.save);
    return ok;
}
