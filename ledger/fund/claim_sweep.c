#include "ledger/fund/claim_sweep.h"

#include "ledger/base/text.h"

static void read_claim(struct statement *query, struct swept_claim *ret)
{
    struct claim *claim = &ret->claim;

    claim->id = column_int(query, 0);
    claim->loan = column_int(query, 1);
    claim->filed_on = column_date(query, 2);
    claim->days_overdue = column_int(query, 3);
    claim->loss = column_money(query, 4);
    claim->parts =
        (struct loss_parts){column_money(query, 5), column_money(query, 6), column_money(query, 7)};
    claim->policy = column_sha256(query, 8);
    claim->seq = (uint64_t)column_int(query, 9);
    claim->interest = column_money(query, 10);
}

static bool read_statuses(struct store *store, struct date day, struct arena *arena,
                          struct swept_claim *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT status, day, seq FROM claim_status"
                           " WHERE claim_id = $1 AND day <= $2 ORDER BY n");

    bind_int(query, 1, ret->claim.id);
    bind_date(query, 2, day);
    while (statement_row(query)) {
        ret->claim.status = arena_text(arena, column_text(query, 0));
        if (text_equal(ret->claim.status, "accepted")) {
            ret->accepted_on = column_date(query, 1);
            ret->accepted_seq = (uint64_t)column_int(query, 2);
        } else if (text_equal(ret->claim.status, "refused")) {
            ret->refused_seq = (uint64_t)column_int(query, 2);
        }
    }
    return statement_end(query, err);
}

static bool read_dues(struct store *store, struct date day, struct arena *arena,
                      struct swept_claim *ret, struct error *err)
{
    ret->due = arena_alloc_array(arena, CLAIM_DUES_MAX, sizeof *ret->due);
    return claim_dues_on(store, arena, ret->claim.id, day, ret->due, &ret->dues, err);
}

static bool read_recoveries(struct store *store, struct date day, struct arena *arena,
                            struct swept_claim *ret, struct error *err)
{
    size_t capacity = 0;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT r.day, r.gross_fen - r.costs_fen, r.insurer_fen, r.fund_fen, r.bank_fen,"
               " EXISTS (SELECT 1 FROM recovery_transfer AS t WHERE t.recovery_id = r.id"
               " AND t.payer = 'fund' AND t.day <= $2)"
               " FROM recovery AS r WHERE r.claim_id = $1 AND r.day <= $2 ORDER BY r.id");

    bind_int(query, 1, ret->claim.id);
    bind_date(query, 2, day);
    while (statement_row(query)) {
        ret->recovery =
            arena_grow(arena, ret->recovery, ret->recoveries, &capacity, sizeof *ret->recovery);
        ret->recovery[ret->recoveries++] = (struct swept_recovery){
            .day = column_date(query, 0),
            .net = column_money(query, 1),
            .parts = {column_money(query, 2), column_money(query, 3), column_money(query, 4)},
            .handed_over = column_bool(query, 5)};
    }
    return statement_end(query, err);
}

bool claims_sweep(struct store *store, struct date day, struct arena *arena, claim_visitor visit,
                  void *context, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT c.id, c.loan_id, c.filed_on, c.days_overdue, c.loss_fen, c.insurer_fen,"
               " c.fund_fen, c.bank_fen, c.policy, c.seq, c.interest_fen"
               " FROM claim AS c WHERE c.filed_on <= $1 ORDER BY c.id");

    bind_date(query, 1, day);
    while (ok && statement_row(query)) {
        struct swept_claim claim = {0};
        read_claim(query, &claim);
        ok = read_statuses(store, day, arena, &claim, err) &&
             claim_parts_load(store, arena, claim.claim.id, claim.part, &claim.parts, err) &&
             read_dues(store, day, arena, &claim, err) &&
             read_recoveries(store, day, arena, &claim, err) && visit(context, &claim, err);
        arena_reset(arena);
    }
    return ok && statement_end(query, err);
}
