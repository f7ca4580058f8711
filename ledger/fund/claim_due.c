#include "ledger/fund/claim_due.h"

#include "ledger/base/text.h"

static const char *const party_words[] = {
    [CLAIM_PARTY_BANK] = "bank", [CLAIM_PARTY_INSURER] = "insurer", [CLAIM_PARTY_FUND] = "fund"};

const char *claim_party_word(enum claim_party party)
{
    return party_words[party];
}

bool claim_party_find(const char *word, enum claim_party *ret)
{
    for (size_t i = 0; i < COUNT_OF(party_words); i++) {
        if (text_equal(party_words[i], word)) {
            *ret = (enum claim_party)i;
            return true;
        }
    }
    return false;
}

bool claim_due_is_advanced(const struct claim_due *due)
{
    return !text_equal(due->payer, due->paid_by);
}

static void bind_days(struct statement *statement, int index, int64_t days)
{
    if (days < 0) {
        bind_null(statement, index);
    } else {
        bind_int(statement, index, days);
    }
}

static int64_t column_days(struct statement *query, int index)
{
    return column_is_null(query, index) ? -1 : column_int(query, index);
}

bool claim_due_put(struct store *store, int64_t claim, const struct claim_due *due,
                   struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO claim_due (claim_id, n, payer, paid_by, booked, booked_by,"
                           " fen, within_days, refund_days)"
                           " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    bind_int(query, 1, claim);
    bind_int(query, 2, due->n);
    bind_text(query, 3, due->payer);
    bind_text(query, 4, due->paid_by);
    bind_text(query, 5, claim_party_word(due->booked));
    bind_text(query, 6, claim_party_word(due->booked_by));
    bind_money(query, 7, due->amount);
    bind_days(query, 8, due->within);
    bind_days(query, 9, due->refund_within);
    return statement_run(query, err);
}

/* The schema knows no other words than those of the parties. */
static bool due_read(struct statement *query, struct arena *arena, struct claim_due *ret)
{
    *ret = (struct claim_due){.n = column_int(query, 0),
                              .payer = arena_text(arena, column_text(query, 1)),
                              .paid_by = arena_text(arena, column_text(query, 2)),
                              .amount = column_money(query, 5),
                              .within = column_days(query, 6),
                              .refund_within = column_days(query, 7),
                              .paid = column_int(query, 8) != 0,
                              .refunded = column_int(query, 9) != 0};
    return claim_party_find(column_text(query, 3), &ret->booked) &&
           claim_party_find(column_text(query, 4), &ret->booked_by);
}

bool claim_dues_on(struct store *store, struct arena *arena, int64_t claim, struct date day,
                   struct claim_due ret[static CLAIM_DUES_MAX], size_t *ret_count,
                   struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store,
        "SELECT d.n, d.payer, d.paid_by, d.booked, d.booked_by, d.fen, d.within_days,"
        " d.refund_days, EXISTS (SELECT 1 FROM claim_payment AS p WHERE p.claim_id ="
        " d.claim_id AND p.n = d.n AND p.receiver = 'bank' AND p.day <= $2), EXISTS (SELECT 1"
        " FROM claim_payment AS p WHERE p.claim_id = d.claim_id AND p.n = d.n"
        " AND p.receiver <> 'bank' AND p.day <= $2) FROM claim_due AS d WHERE d.claim_id = $1 "
        "ORDER BY d.n");
    bool ok = true;

    bind_int(query, 1, claim);
    bind_date(query, 2, day);
    *ret_count = 0;
    bool more = statement_row(query);
    while (ok && more && *ret_count < CLAIM_DUES_MAX) {
        ok = due_read(query, arena, &ret[(*ret_count)++]);
        more = statement_row(query);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return (ok && !more) || error_set(err, FAULT_INTEGRITY, "claim.too-many-dues",
                                      _("claim C%lld is to be paid in more than %d parts"),
                                      (long long)claim, CLAIM_DUES_MAX);
}

bool claim_dues_load(struct store *store, struct arena *arena, int64_t claim,
                     struct claim_due ret[static CLAIM_DUES_MAX], size_t *ret_count,
                     struct error *err)
{
    return claim_dues_on(store, arena, claim, date_from_day(DATE_DAY_MAX), ret, ret_count, err);
}

bool claim_payment_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM claim_payment", ret, err);
}

bool claim_payment_put(struct store *store, uint64_t seq, const struct claim_payment *payment,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO claim_payment (id, claim_id, n, payer, receiver, fen, day,"
                           " seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    bind_int(query, 1, payment->id);
    bind_int(query, 2, payment->claim);
    bind_int(query, 3, payment->n);
    bind_text(query, 4, claim_party_word(payment->payer));
    bind_text(query, 5, claim_party_word(payment->receiver));
    bind_money(query, 6, payment->amount);
    bind_date(query, 7, payment->day);
    bind_int(query, 8, (int64_t)seq);
    return statement_run(query, err);
}
