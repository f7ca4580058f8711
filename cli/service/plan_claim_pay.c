/* plan_claim_pay.c - the money of a claim: handed over to the bank by whom the policy names, all at
 * once or in parts, and what was advanced given back. */
#include "cli/service/fund_plans.h"
#include "ledger/base/text.h"
#include "ledger/fund/claim.h"
#include "ledger/fund/claim_due.h"

/* What moves: a due to the bank, or an advance back to who had handed it over. */
struct movement {
    const struct claim_due *due;
    bool refund;
};

static const char *who_pays(const struct movement *movement)
{
    return movement->refund ? movement->due->payer : movement->due->paid_by;
}

static enum claim_party payer_of(const struct movement *movement)
{
    return movement->refund ? movement->due->booked : movement->due->booked_by;
}

static enum claim_party receiver_of(const struct movement *movement)
{
    return movement->refund ? movement->due->booked_by : CLAIM_PARTY_BANK;
}

/* The first sum of the payer that is open, in the order of the policy. An advance is given back
 * after it was handed over. */
static bool find_open(const struct claim_due *due, size_t dues, const char *payer,
                      struct movement *ret)
{
    for (size_t i = 0; i < dues; i++) {
        bool advanced = claim_due_is_advanced(&due[i]);
        struct movement movement = {&due[i], due[i].paid};
        bool open = due[i].paid ? advanced && !due[i].refunded : true;
        if (open && text_equal(who_pays(&movement), payer)) {
            *ret = movement;
            return true;
        }
    }
    return false;
}

static const char *list_payers(struct arena *arena, const struct claim_due *due, size_t dues)
{
    const char *list = "";
    for (size_t i = 0; i < dues; i++) {
        bool named = false;
        for (size_t k = 0; k < i; k++) {
            named = named || text_equal(due[k].paid_by, due[i].paid_by);
        }
        if (!named) {
            list = arena_printf(arena, "%s%s%s", list, list[0] == '\0' ? "" : ", ", due[i].paid_by);
        }
    }
    return list;
}

/* Why the payer has nothing to pay now. */
static bool nothing_open(struct planning *p, const struct claim *claim, const char *payer,
                         const struct claim_due *due, size_t dues, struct error *err)
{
    bool named = false;

    for (size_t i = 0; i < dues; i++) {
        bool bears = text_equal(due[i].payer, payer);
        named = named || bears || text_equal(due[i].paid_by, payer);
        if (bears && !due[i].paid) {
            error_set(err, FAULT_REFUSED, "claim.not-advanced",
                      _("the part of “%s” in claim C%lld is not handed over yet"), payer,
                      (long long)claim->id);
            return error_limit(err, _("first “%s” advances it"), due[i].paid_by);
        }
    }
    if (named) {
        return error_set(err, FAULT_REFUSED, "claim.paid-already",
                         _("“%s” has paid everything for claim C%lld"), payer,
                         (long long)claim->id);
    }
    error_set(err, FAULT_REFUSED, "claim.payer", _("“%s” pays nothing for claim C%lld"), payer,
              (long long)claim->id);
    return error_limit(err, "%s", list_payers(p->arena, due, dues));
}

static bool may_record(const struct planning *p, enum claim_party payer, struct error *err)
{
    bool insurer = payer == CLAIM_PARTY_INSURER;
    bool bureau = p->role == ROLE_BUREAU_OFFICER;

    if (insurer == bureau) {
        return error_set(err, FAULT_REFUSED, "claim.role",
                         insurer ? _("the insurer's money arrives at the bank: a clerk records it")
                                 : _("the fund's money is paid by an officer of the bureau"));
    }
    return true;
}

static bool check_amount(const struct claim *claim, const struct movement *movement,
                         struct money amount, struct error *err)
{
    char text[MONEY_TEXT_SIZE];

    if (money_compare(amount, movement->due->amount) == 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "claim.amount-differs",
              _("%s is not what is due for claim C%lld"), money_format(amount, text),
              (long long)claim->id);
    return error_limit(err, _("due is %s"), money_format(movement->due->amount, text));
}

static void handed_over(struct planning *p, int64_t loan, enum claim_party payer,
                        struct money amount)
{
    if (payer == CLAIM_PARTY_INSURER) {
        entry_pair(&p->entries, BOOK_BANK, "indemnity", p->day, ACCOUNT_BANK_MONEY,
                   ACCOUNT_INSURER_RECEIVABLE, amount, loan);
        return;
    }
    entry_pair(&p->entries, BOOK_BANK, "compensation", p->day, ACCOUNT_FUND_DEPOSIT,
               ACCOUNT_FUND_RECEIVABLE, amount, loan);
    entry_pair(&p->entries, BOOK_FUND, "compensation", p->day, ACCOUNT_CLAIMS_PAYABLE,
               ACCOUNT_SPECIAL_ACCOUNT, amount, loan);
}

/* The fund's money lies at the bank. Between two that are booked alike nothing moves in the books.
 */
static void given_back(struct planning *p, int64_t loan, const struct movement *movement)
{
    struct money amount = movement->due->amount;

    if (payer_of(movement) == receiver_of(movement)) {
        return;
    }
    if (receiver_of(movement) == CLAIM_PARTY_FUND) {
        entry_pair(&p->entries, BOOK_BANK, "advance-given-back", p->day, ACCOUNT_BANK_MONEY,
                   ACCOUNT_FUND_DEPOSIT, amount, loan);
        entry_pair(&p->entries, BOOK_FUND, "advance-given-back", p->day, ACCOUNT_SPECIAL_ACCOUNT,
                   ACCOUNT_ADVANCES_RECEIVABLE, amount, loan);
        return;
    }
    entry_pair(&p->entries, BOOK_BANK, "advance-given-back", p->day, ACCOUNT_FUND_DEPOSIT,
               ACCOUNT_BANK_MONEY, amount, loan);
    entry_pair(&p->entries, BOOK_FUND, "advance-given-back", p->day, ACCOUNT_ADVANCES_PAYABLE,
               ACCOUNT_SPECIAL_ACCOUNT, amount, loan);
}

/* Whether the bank has everything with this movement. */
static bool bank_has_all(const struct claim_due *due, size_t dues, const struct movement *movement)
{
    for (size_t i = 0; i < dues; i++) {
        if (!due[i].paid && &due[i] != movement->due) {
            return false;
        }
    }
    return !movement->refund;
}

static bool load_accepted(struct planning *p, const struct canon *request, struct claim *ret,
                          struct error *err)
{
    int64_t id = 0;

    if (!canon_get_int(request, "claim", &id)) {
        return request_malformed("claim", err);
    }
    if (!claim_load(p->store, p->arena, id, ret, err)) {
        return false;
    }
    if (!text_equal(ret->status, "accepted") && !text_equal(ret->status, "paid")) {
        error_set(err, FAULT_REFUSED, "claim.status", _("claim C%lld is %s"), (long long)id,
                  claim_status_tell(ret->status));
        return error_limit(err, _("it must be %s"), claim_status_tell("accepted"));
    }
    return true;
}

static void record_movement(struct planning *p, int64_t id, const struct movement *movement,
                            bool paid)
{
    canon_set_int(p->out, "payment", id);
    canon_set_int(p->out, "no", movement->due->n);
    canon_set_text(p->out, "from", claim_party_word(payer_of(movement)));
    canon_set_text(p->out, "to", claim_party_word(receiver_of(movement)));
    canon_set_bool(p->out, "paid", paid);
}

bool plan_claim_pay(struct planning *p, const struct canon *request, struct error *err)
{
    struct claim claim = {0};
    struct claim_due due[CLAIM_DUES_MAX];
    size_t dues = 0;
    struct movement movement;
    struct money amount;
    int64_t id = 0;
    const char *payer = canon_get_text(request, "payer");

    if (payer == NULL || !canon_get_fen(request, "amount_fen", &amount)) {
        return request_malformed("payer, amount_fen", err);
    }
    if (!load_accepted(p, request, &claim, err) ||
        !claim_dues_load(p->store, p->arena, claim.id, due, &dues, err)) {
        return false;
    }
    if (!find_open(due, dues, payer, &movement)) {
        return nothing_open(p, &claim, payer, due, dues, err);
    }
    if (!may_record(p, payer_of(&movement), err) || !check_amount(&claim, &movement, amount, err) ||
        !claim_payment_next(p->store, &id, err)) {
        return false;
    }
    record_movement(p, id, &movement, bank_has_all(due, dues, &movement));
    if (movement.refund) {
        given_back(p, claim.loan, &movement);
    } else {
        handed_over(p, claim.loan, payer_of(&movement), amount);
    }
    return true;
}

bool project_claim_pay(const struct projection *p, struct error *err)
{
    struct claim_payment payment = {.day = p->day};
    bool paid = false;
    const char *from = canon_get_text(p->out, "from");
    const char *to = canon_get_text(p->out, "to");

    if (!canon_get_int(p->in, "claim", &payment.claim) ||
        !canon_get_int(p->out, "payment", &payment.id) ||
        !canon_get_int(p->out, "no", &payment.n) || !canon_get_bool(p->out, "paid", &paid) ||
        from == NULL || !claim_party_find(from, &payment.payer) || to == NULL ||
        !claim_party_find(to, &payment.receiver) ||
        !canon_get_fen(p->in, "amount_fen", &payment.amount)) {
        return event_malformed("claim, amount_fen, payment, no, from, to, paid", err);
    }
    return claim_payment_put(p->store, p->seq, &payment, err) &&
           (!paid || claim_status_put(p->store, p->seq, payment.claim, p->day, "paid", err));
}
