#include "ledger/loans/household.h"

#include "ledger/base/text.h"

bool household_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM household", ret, err);
}

bool person_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM person", ret, err);
}

bool household_put(struct store *store, uint64_t seq, int64_t id, const char *area_code,
                   const char *village, struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO household (id, area_code, village, added_on, seq)"
                           " VALUES ($1, $2, $3, $4, $5)");
    bind_int(query, 1, id);
    bind_text(query, 2, area_code);
    bind_text(query, 3, village);
    bind_date(query, 4, day);
    bind_int(query, 5, (int64_t)seq);
    return statement_run(query, err);
}

bool household_status_put(struct store *store, uint64_t seq, int64_t household, struct date from,
                          const char *status, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO household_status (household_id, from_day, status, seq)"
                           " VALUES ($1, $2, $3, $4)");
    bind_int(query, 1, household);
    bind_date(query, 2, from);
    bind_text(query, 3, status);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

bool person_put(struct store *store, uint64_t seq, int64_t id, int64_t household,
                const char *subject, const char *relation, struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO person (id, household_id, subject, relation, added_on, seq)"
                           " VALUES ($1, $2, $3, $4, $5, $6)");
    bind_int(query, 1, id);
    bind_int(query, 2, household);
    bind_text(query, 3, subject);
    bind_text(query, 4, relation);
    bind_date(query, 5, day);
    bind_int(query, 6, (int64_t)seq);
    return statement_run(query, err);
}

bool household_status_is_known(const char *word)
{
    static const char *const words[] = {"registered", "lifted", "monitored", "none"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (text_equal(words[i], word)) {
            return true;
        }
    }
    return false;
}

bool household_exists(struct store *store, int64_t id, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM household WHERE id = $1");
    bind_int(query, 1, id);
    bool found = statement_one(query);
    if (!statement_end(query, err)) {
        return false;
    }
    if (!found) {
        error_set(err, FAULT_REFUSED, "household.not-found", _("there is no household H%lld"),
                  (long long)id);
        return error_next(err, _("`yicang household list` shows all"));
    }
    return true;
}

bool household_erased_put(struct store *store, uint64_t seq, int64_t household, struct date day,
                          struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO household_erased (household_id, erased_on, seq) VALUES ($1, $2, $3)");
    bind_int(query, 1, household);
    bind_date(query, 2, day);
    bind_int(query, 3, (int64_t)seq);
    return statement_run(query, err);
}

bool household_erased_on(struct store *store, int64_t household, bool *ret_erased, struct date *ret,
                         struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT erased_on FROM household_erased WHERE household_id = $1");
    bind_int(query, 1, household);
    *ret_erased = statement_one(query);
    if (*ret_erased) {
        *ret = column_date(query, 0);
    }
    return statement_end(query, err);
}

bool household_is_kept(struct store *store, int64_t id, struct error *err)
{
    char text[DATE_TEXT_SIZE];
    struct date day = {0};
    bool erased = false;

    if (!household_exists(store, id, err) || !household_erased_on(store, id, &erased, &day, err)) {
        return false;
    }
    if (!erased) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "household.erased",
              _("the personal data of household H%lld was erased on %s"), (long long)id,
              date_format(day, text));
    return error_next(err, _("register the household anew with `yicang household add`"));
}

bool subject_is_erased(struct store *store, const char *subject, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store,
        "SELECT 1 FROM person JOIN household_erased USING (household_id) WHERE subject = $1");
    bind_text(query, 1, subject);
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool household_standing_on(struct store *store, struct arena *arena, int64_t household,
                           struct date day, struct household_standing *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT (SELECT status FROM household_status WHERE household_id = $1"
                           " AND from_day <= $2 ORDER BY from_day DESC, seq DESC LIMIT 1),"
                           " (SELECT min(from_day) FROM household_status WHERE household_id = $1"
                           " AND from_day > $2)");
    bind_int(query, 1, household);
    bind_date(query, 2, day);
    *ret = (struct household_standing){.status = "none"};
    if (statement_one(query)) {
        ret->ends = !column_is_null(query, 1);
        if (ret->ends) {
            ret->end = column_date(query, 1);
        }
        if (!column_is_null(query, 0)) {
            ret->status = arena_text(arena, column_text(query, 0));
        }
    }
    return statement_end(query, err);
}

bool person_load(struct store *store, struct arena *arena, int64_t person, int64_t *ret_household,
                 const char **ret_subject, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT household_id, subject FROM person WHERE id = $1");
    bind_int(query, 1, person);
    bool found = statement_one(query);
    if (found) {
        *ret_household = column_int(query, 0);
        *ret_subject = arena_text(arena, column_text(query, 1));
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return found || error_set(err, FAULT_REFUSED, "person.not-found", _("there is no person %lld"),
                              (long long)person);
}

bool household_head(struct store *store, int64_t household, int64_t *ret_person, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT id FROM person WHERE household_id = $1"
                           " ORDER BY CASE WHEN relation = 'head' THEN 0 ELSE 1 END, id LIMIT 1");
    bind_int(query, 1, household);
    bool found = statement_one(query);
    if (found) {
        *ret_person = column_int(query, 0);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return found || error_set(err, FAULT_REFUSED, "person.not-found",
                              _("household H%lld has no person"), (long long)household);
}

static bool persons_count(struct store *store, int64_t household, size_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT count(*) FROM person WHERE household_id = $1");
    bind_int(query, 1, household);
    *ret = statement_one(query) ? (size_t)column_int(query, 0) : 0;
    return statement_end(query, err);
}

bool household_persons_load(struct store *store, int64_t household, struct arena *arena,
                            struct household_person **ret, size_t *ret_count, struct error *err)
{
    size_t room = 0;

    *ret_count = 0;
    if (!persons_count(store, household, &room, err)) {
        return false;
    }
    if (room > HOUSEHOLD_PERSONS_MAX) {
        error_set(err, FAULT_REFUSED, "household.too-many-persons",
                  _("household H%lld has more persons than can be shown"), (long long)household);
        return error_limit(err, _("at most %d"), HOUSEHOLD_PERSONS_MAX);
    }
    *ret = arena_alloc_array(arena, room + 1, sizeof **ret);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT id, relation, subject, added_on FROM person"
                           " WHERE household_id = $1 ORDER BY id");
    bind_int(query, 1, household);
    while (*ret_count < room && statement_row(query)) {
        (*ret)[(*ret_count)++] =
            (struct household_person){.id = column_int(query, 0),
                                      .relation = arena_text(arena, column_text(query, 1)),
                                      .subject = arena_text(arena, column_text(query, 2)),
                                      .added_on = column_date(query, 3)};
    }
    return statement_end(query, err);
}
