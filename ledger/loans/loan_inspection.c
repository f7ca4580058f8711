#include "ledger/loans/loan_inspection.h"

#include "ledger/base/text.h"

bool loan_finding_is_known(const char *word)
{
    return text_equal(word, "as-applied") || text_equal(word, "otherwise");
}

bool loan_inspection_next(struct store *store, int64_t loan, int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT coalesce(max(n), 0) + 1 FROM loan_inspection WHERE loan_id = $1");
    bind_int(query, 1, loan);
    *ret = statement_one(query) ? column_int(query, 0) : 1;
    return statement_end(query, err);
}

bool loan_inspection_put(struct store *store, uint64_t seq,
                         const struct loan_inspection *inspection, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_inspection (loan_id, n, day, finding, note, actor,"
                           " seq) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    bind_int(query, 1, inspection->loan);
    bind_int(query, 2, inspection->no);
    bind_date(query, 3, inspection->on);
    bind_text(query, 4, inspection->finding);
    if (inspection->note == NULL) {
        bind_null(query, 5);
    } else {
        bind_text(query, 5, inspection->note);
    }
    bind_text(query, 6, inspection->actor);
    bind_int(query, 7, (int64_t)seq);
    return statement_run(query, err);
}

bool loan_used_as_applied(struct store *store, int64_t loan, uint64_t seq, bool *ret_found,
                          bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT finding FROM loan_inspection WHERE loan_id = $1 AND seq < $2"
                           " ORDER BY day DESC, n DESC LIMIT 1");
    bind_int(query, 1, loan);
    bind_int(query, 2, (int64_t)seq);
    *ret_found = statement_one(query);
    *ret = *ret_found && text_equal(column_text(query, 0), "as-applied");
    return statement_end(query, err);
}

void use_finding_add(struct use_findings *findings, struct arena *arena, size_t *room,
                     struct date on, const char *word)
{
    findings->list =
        arena_grow(arena, findings->list, findings->count, room, sizeof *findings->list);
    findings->list[findings->count++] = (struct use_finding){on, text_equal(word, "as-applied")};
}

bool loan_use_findings(struct store *store, int64_t loan, struct arena *arena,
                       struct use_findings *ret, struct error *err)
{
    size_t room = 0;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT day, finding FROM loan_inspection WHERE loan_id = $1 ORDER BY day, n");

    *ret = (struct use_findings){0};
    bind_int(query, 1, loan);
    while (statement_row(query)) {
        use_finding_add(ret, arena, &room, column_date(query, 0), column_text(query, 1));
    }
    return statement_end(query, err);
}

const struct use_finding *use_found_by(const struct use_findings *findings, struct date day,
                                       const struct use_finding **ret_next)
{
    size_t past = 0;

    while (past < findings->count && date_compare(findings->list[past].on, day) <= 0) {
        past++;
    }
    *ret_next = past < findings->count ? &findings->list[past] : NULL;
    return past > 0 ? &findings->list[past - 1] : NULL;
}
