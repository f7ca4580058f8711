/* cmd_approval.c - a bureau officer decides on a machine of the bureau, without the book. */
#include "cli/acting.h"
#include "cli/audit_trust.h"
#include "cli/commands.h"
#include "cli/dialogue.h"
#include "cli/input_file.h"
#include "cli/service/approval_desk.h"
#include "ledger/base/text.h"
#include "reports/words.h"

#include <inttypes.h>

static const struct option show_options[] = {
    {"file", OPTION_FILE, true, "FILE",
     N_("what `claim request` wrote, or an approval that was signed"), true},
    {"card", OPTION_FILE, false, "FILE", N_("the trust card, with which a request is checked"),
     false},
    {"vkey", OPTION_TEXT, false, "VKEY",
     N_("the verifier key of who signed, with which an approval is checked"), false},
};
static const struct option sign_options[] = {
    {"request", OPTION_FILE, true, "FILE", N_("what `claim request` wrote at the bank"), true},
    {"card", OPTION_FILE, true, "FILE", N_("the trust card"), false},
    {"decision", OPTION_CHOICE, true, "accept|refuse", N_("what is decided"), false},
    {"reason", OPTION_TEXT, false, "TEXT",
     N_("why: for a refusal, and where the policy refers the claim to a person"), false},
    {"expires", OPTION_INT, false, "DAYS", N_("for how many days it counts; else for 7"), false},
};

/* A request -------------------------------------------------------------------------------------
 */

static const struct column part_columns[] = {
    {"payer", N_("borne by"), "承担方", CELL_WORD, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, true},
};

static void parts_table(const struct proposal *proposal, struct arena *arena, struct table *ret)
{
    table_init(ret, arena, "parts", part_columns, COUNT_OF(part_columns), proposal->filed_on);
    ret->title_en = "Who bears the loss";
    ret->title_zh = "损失分担";
    for (size_t i = 0; i < canon_count(proposal->parts); i++) {
        const struct canon *part = canon_at(proposal->parts, i);
        struct money amount = MONEY_ZERO;
        if (canon_get_text(part, "payer") != NULL && canon_get_fen(part, "fen", &amount)) {
            struct cell *cell = table_add_row(ret);
            cell[0] = word_of_payer(ret, canon_get_text(part, "payer"));
            cell[1] = cell_money(amount);
        }
    }
}

static bool proposal_read(const struct invocation *invocation, const struct buffer *bytes,
                          struct proposal *ret, struct error *err)
{
    const struct option_value *file = invocation_value(invocation, "card");
    struct trust_card card;

    if (!file->given) {
        return error_set(err, FAULT_USAGE, "usage.option-missing", _("--%s is missing"), "card");
    }
    return trust_card_file_read(invocation->arena, file->text, &card, err) &&
           proposal_check(invocation->arena, &card, bytes, ret, err);
}

static bool show_request(const struct invocation *invocation, const struct buffer *bytes,
                         struct error *err)
{
    struct proposal proposal = {0};
    struct result result;
    struct table parts;
    char words[MONEY_WORDS_SIZE];
    char hex[SHA256_HEX_SIZE];

    if (!proposal_read(invocation, bytes, &proposal, err)) {
        return false;
    }
    const struct receipt_facts *facts = &proposal.facts;
    result_init(&result, invocation->arena);
    result_text(&result, "origin", _("book"), facts->event.origin);
    result_int(&result, "claim", _("claim"), proposal.claim);
    result_int(&result, "loan", _("loan"), proposal.loan);
    result_date(&result, "filed_on", _("filed on"), proposal.filed_on);
    result_text(&result, "filed_by", _("filed by"), facts->event.actor);
    result_int(&result, "days_overdue", _("days overdue"), proposal.days_overdue);
    result_money(&result, "loss", _("loss"), proposal.loss);
    result_text(&result, "loss_in_words", _("loss in words"), money_words(proposal.loss, words));
    result_money(&result, "loss_interest", _("of it interest"), proposal.interest);
    result_money(&result, "insurer", _("borne by the insurer"), proposal.insurer);
    result_money(&result, "fund", _("borne by the fund"), proposal.fund);
    result_money(&result, "bank", _("borne by the bank"), proposal.bank);
    result_int(&result, "event", _("event of the filing"), (int64_t)facts->seq);
    result_text(&result, "leaf_hash", _("leaf hash"),
                hex_format(facts->leaf_hash.byte, SHA256_SIZE, hex));
    result_int(&result, "size", _("size of the head"), (int64_t)facts->size);
    result_text(&result, "witnessed", _("witnessed"),
                facts->witnessed ? _("by as many as the card asks for") : _("no"));
    parts_table(&proposal, invocation->arena, &parts);
    result_table(&result, "parts", &parts);
    return output_result(invocation, &result, err);
}

/* An approval -----------------------------------------------------------------------------------
 */

static bool check_signature(const struct invocation *invocation, const struct approval *approval,
                            const char **ret, struct error *err)
{
    const struct option_value *vkey = invocation_value(invocation, "vkey");
    struct verifier_key key;

    *ret = _("not checked: give --vkey");
    if (!vkey->given) {
        return true;
    }
    if (!verifier_key_parse(vkey->text, &key, err)) {
        return false;
    }
    *ret = _("good");
    return approval_signed_by(approval, &key) ||
           error_set(err, FAULT_INTEGRITY, "approval.signature",
                     _("it is not signed with this key, or was changed since"));
}

static bool show_approval(const struct invocation *invocation, const struct buffer *bytes,
                          struct error *err)
{
    struct approval approval;
    struct result result;
    const char *signature = NULL;
    char text[INSTANT_TEXT_SIZE];
    char hex[SHA256_HEX_SIZE];

    if (!approval_read(invocation->arena, bytes->data, bytes->length, &approval, err) ||
        !check_signature(invocation, &approval, &signature, err)) {
        return false;
    }
    result_init(&result, invocation->arena);
    result_text(&result, "origin", _("book"), approval.origin);
    result_word(&result, "decision", _("decision"), word_of_claim_decision, approval.decision);
    result_text(&result, "officer", _("decided by"), approval.actor);
    result_text(&result, "reason", _("reason"), approval.reason);
    result_money(&result, "amount", _("amount"), approval.amount);
    result_int(&result, "of_seq", _("event of the filing"), (int64_t)approval.of_seq);
    result_text(&result, "of_leaf", _("leaf hash"),
                hex_format(approval.of_leaf.byte, SHA256_SIZE, hex));
    result_text(&result, "at", _("signed at"), instant_format(approval.at, text));
    result_text(&result, "expires", _("counts until"), instant_format(approval.expires, text));
    result_int(&result, "size", _("size of the head that was seen"), (int64_t)approval.size);
    result_text(&result, "root", _("its root"), hex_format(approval.root.byte, SHA256_SIZE, hex));
    result_text(&result, "signature", _("signature"), signature);
    return output_result(invocation, &result, err);
}

static bool run_show(const struct invocation *invocation, struct error *err)
{
    AUTO_BUFFER bytes;

    buffer_init(&bytes, RECEIPT_MAX);
    if (!input_file_read(invocation_value(invocation, "file")->text, &bytes, err)) {
        return false;
    }
    bool is_note = bytes.data != NULL && text_starts_with(bytes.data, "ledger-approval/");
    return is_note ? show_approval(invocation, &bytes, err) : show_request(invocation, &bytes, err);
}

/* Signing ---------------------------------------------------------------------------------------
 */

/* What somebody is about to sign, in words, on the screen of the machine that signs. */
static void tell_proposal(const struct proposal *proposal, const struct officer_decision *decision)
{
    char loss[MONEY_TEXT_SIZE];
    char words[MONEY_WORDS_SIZE];
    char insurer[MONEY_TEXT_SIZE];
    char fund[MONEY_TEXT_SIZE];
    char bank[MONEY_TEXT_SIZE];
    char day[DATE_TEXT_SIZE];
    const struct receipt_facts *facts = &proposal->facts;

    output_note(_("Claim C%lld on loan L%lld of %s, filed on %s by %s, %lld days overdue."),
                (long long)proposal->claim, (long long)proposal->loan, facts->event.origin,
                date_format(proposal->filed_on, day), facts->event.actor,
                (long long)proposal->days_overdue);
    output_note(_("Loss: %s (%s), borne by the insurer: %s, the fund: %s, the bank: %s."),
                money_format(proposal->loss, loss), money_words(proposal->loss, words),
                money_format(proposal->insurer, insurer), money_format(proposal->fund, fund),
                money_format(proposal->bank, bank));
    output_note(facts->witnessed ? _("It is event %" PRIu64 " of the log, under a head of %" PRIu64
                                     " events that witnesses have seen.")
                                 : _("It is event %" PRIu64 " of the log, under a head of %" PRIu64
                                     " events that no witness has seen yet."),
                facts->seq, facts->size);
    output_note(text_equal(decision->decision, "accept")
                    ? _("Decision of %s: the claim is accepted. Counts for %lld days.")
                    : _("Decision of %s: the claim is refused. Counts for %lld days."),
                decision->officer, (long long)decision->days);
}

static bool run_sign(const struct invocation *invocation, struct error *err)
{
    struct passphrase_source source = desk_passphrase(invocation);
    struct officer_decision decision = {.officer = invocation->globals->as,
                                        .decision = invocation_value(invocation, "decision")->text,
                                        .reason = invocation_value(invocation, "reason")->text,
                                        .days = APPROVAL_EXPIRES_DAYS,
                                        .now = clock_now()};
    const struct option_value *days = invocation_value(invocation, "expires");
    struct proposal proposal = {0};
    AUTO_BUFFER bytes;
    AUTO_BUFFER note;

    buffer_init(&bytes, RECEIPT_MAX);
    buffer_init(&note, APPROVAL_MAX);
    decision.days = days->given ? days->number : decision.days;
    if (!input_file_read(invocation_value(invocation, "request")->text, &bytes, err) ||
        !proposal_read(invocation, &bytes, &proposal, err) ||
        !officer_decision_check(invocation->arena, &proposal, &decision, err)) {
        return false;
    }
    tell_proposal(&proposal, &decision);
    return dialogue_confirm(invocation->globals, _("Sign this? (yes/no): "), err) &&
           approval_make(&proposal, &decision, &source, &note, err) &&
           output_text(invocation, note.data, note.length, err);
}

const struct command approval_commands[] = {
    {.noun = "approval",
     .verb = "show",
     .run = run_show,
     .needs = NEEDS_NOTHING,
     .summary = N_("show, without the book, what a bank asks to have decided, or what was decided"),
     .option = show_options,
     .options = COUNT_OF(show_options),
     .example = "yicang approval show request --card card"},
    {.noun = "approval",
     .verb = "sign",
     .run = run_sign,
     .needs = NEEDS_NOTHING,
     .summary = N_("decide on a claim on a machine of the bureau, without the book"),
     .option = sign_options,
     .options = COUNT_OF(sign_options),
     .example = "yicang approval sign request --card card --decision accept --as sun.hao "
                "--out approval"},
    {.verb = NULL},
};
