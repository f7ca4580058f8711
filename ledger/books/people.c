#include "ledger/books/people.h"

#include "ledger/base/text.h"

#include <stdio.h>

bool staff_put(struct store *store, uint64_t seq, const char *code, const char *person,
               const char *office, struct date day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO staff (code, person, office, added_on, seq)"
                           " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code) DO NOTHING");
    bind_text(query, 1, code);
    bind_text(query, 2, person);
    bind_text(query, 3, office);
    bind_date(query, 4, day);
    bind_int(query, 5, (int64_t)seq);
    store_new_edition(store);
    return statement_run(query, err);
}

bool staff_person(struct store *store, const char *code, char ret[static STAFF_CODE_SIZE],
                  struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT person FROM staff WHERE code = $1");
    bind_text(query, 1, code);
    bool known = statement_one(query);
    (void)snprintf(ret, STAFF_CODE_SIZE, "%s", known ? column_text(query, 0) : code);
    return statement_end(query, err);
}

bool staff_is_known(struct store *store, const char *code, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM staff WHERE code = $1");
    bind_text(query, 1, code);
    *ret = statement_one(query);
    return statement_end(query, err);
}

/* --- duties ----------------------------------------------------------------------------------- */

static void bind_limit(struct statement *query, int place, bool given, struct money limit)
{
    if (given) {
        bind_money(query, place, limit);
    } else {
        bind_null(query, place);
    }
}

bool staff_role_put(struct store *store, uint64_t seq, const char *code,
                    const struct staff_grant *grant, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO staff_role (code, role, seq, limit_fen, day_limit_fen,"
                           " until_time) VALUES ($1, $2, $3, $4, $5, $6)");
    bind_text(query, 1, code);
    bind_text(query, 2, grant->role);
    bind_int(query, 3, (int64_t)seq);
    bind_limit(query, 4, grant->has_limit, grant->limit);
    bind_limit(query, 5, grant->has_day_limit, grant->day_limit);
    if (grant->has_until) {
        bind_int(query, 6, grant->until.seconds);
    } else {
        bind_null(query, 6);
    }
    store_new_edition(store);
    return statement_run(query, err);
}

bool staff_role_end(struct store *store, uint64_t seq, const char *code, const char *role,
                    struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO staff_role_ended (code, role, seq) VALUES ($1, $2, $3)");
    bind_text(query, 1, code);
    bind_text(query, 2, role);
    bind_int(query, 3, (int64_t)seq);
    store_new_edition(store);
    return statement_run(query, err);
}

/* Queries for grants_each(): $1 is who, $2 the time. */
#define GRANTS "SELECT g.role, g.limit_fen, g.day_limit_fen, g.until_time FROM staff_role AS g"
#define GRANT_STANDS                                                                               \
    "(g.until_time IS NULL OR g.until_time > $2)"                                                  \
    " AND NOT EXISTS (SELECT 1 FROM staff_role_ended AS e WHERE e.code = g.code"                   \
    " AND e.role = g.role AND e.seq > g.seq)"

static bool grants_each(struct statement *query, const char *who, struct instant at,
                        grant_visitor visit, void *context, struct error *err)
{
    bind_text(query, 1, who);
    bind_int(query, 2, at.seconds);
    while (statement_row(query)) {
        struct staff_grant grant = {.role = column_text(query, 0),
                                    .has_limit = !column_is_null(query, 1),
                                    .has_day_limit = !column_is_null(query, 2),
                                    .has_until = !column_is_null(query, 3)};
        grant.limit = grant.has_limit ? column_money(query, 1) : MONEY_ZERO;
        grant.day_limit = grant.has_day_limit ? column_money(query, 2) : MONEY_ZERO;
        grant.until = (struct instant){grant.has_until ? column_int(query, 3) : 0};
        visit(context, &grant);
    }
    return statement_end(query, err);
}

bool staff_grants_each(struct store *store, const char *code, struct instant at,
                       grant_visitor visit, void *context, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, GRANTS " WHERE g.code = $1 AND " GRANT_STANDS " ORDER BY g.seq");
    return grants_each(query, code, at, visit, context, err);
}

/* The key holds them in their order, so that nothing is sorted. */
bool staff_grants_of_role(struct store *store, const char *code, const char *role,
                          struct instant at, grant_visitor visit, void *context, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, GRANTS " WHERE g.code = $1 AND g.role = $3 AND " GRANT_STANDS " ORDER BY g.seq");
    bind_text(query, 3, role);
    return grants_each(query, code, at, visit, context, err);
}

bool staff_grants_then(struct store *store, const char *code, const char *role, uint64_t size,
                       struct instant at, grant_visitor visit, void *context, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, GRANTS " WHERE g.code = $1 AND g.role = $3 AND g.seq < $4"
                                  " AND (g.until_time IS NULL OR g.until_time > $2)"
                                  " AND NOT EXISTS (SELECT 1 FROM staff_role_ended AS e"
                                  " WHERE e.code = g.code AND e.role = g.role AND e.seq > g.seq"
                                  " AND e.seq < $4) ORDER BY g.seq");
    bind_text(query, 3, role);
    bind_int(query, 4, (int64_t)size);
    return grants_each(query, code, at, visit, context, err);
}

bool person_grants_each(struct store *store, const char *person, struct instant at,
                        grant_visitor visit, void *context, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, GRANTS " JOIN staff AS s ON s.code = g.code WHERE s.person = $1 AND " GRANT_STANDS
                      " ORDER BY g.seq, g.code");
    return grants_each(query, person, at, visit, context, err);
}

bool staff_emergencies_each(struct store *store, uint64_t first, emergency_visitor visit,
                            void *context, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq, code, role, until_time FROM staff_role"
                           " WHERE until_time IS NOT NULL AND seq >= $1 ORDER BY seq");
    bind_int(query, 1, (int64_t)first);
    while (statement_row(query)) {
        if (!visit(context, (uint64_t)column_int(query, 0), column_text(query, 1),
                   column_text(query, 2), (struct instant){column_int(query, 3)}, err)) {
            return false;
        }
    }
    return statement_end(query, err);
}

bool staff_use_add(struct store *store, struct date day, const char *person, const char *role,
                   struct money amount, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO staff_use (day, person, role, fen) VALUES ($1, $2, $3, $4)"
               " ON CONFLICT (day, person, role) DO UPDATE SET fen = fen + excluded.fen");
    bind_date(query, 1, day);
    bind_text(query, 2, person);
    bind_text(query, 3, role);
    bind_money(query, 4, amount);
    return statement_run(query, err);
}

bool staff_use_load(struct store *store, struct date day, const char *person, const char *role,
                    struct money *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT fen FROM staff_use WHERE day = $1 AND person = $2 AND role = $3");
    bind_date(query, 1, day);
    bind_text(query, 2, person);
    bind_text(query, 3, role);
    *ret = statement_one(query) ? column_money(query, 0) : MONEY_ZERO;
    return statement_end(query, err);
}

bool staff_relative_put(struct store *store, uint64_t seq, const char *person, int64_t household,
                        struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO staff_relative (person, household_id, seq) VALUES ($1, $2, $3)");
    bind_text(query, 1, person);
    bind_int(query, 2, household);
    bind_int(query, 3, (int64_t)seq);
    store_new_edition(store);
    return statement_run(query, err);
}

bool staff_has_relatives(struct store *store, const char *person, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM staff_relative WHERE person = $1 LIMIT 1");
    bind_text(query, 1, person);
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool staff_relative_is(struct store *store, const char *person, int64_t household, bool *ret,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM staff_relative WHERE person = $1 AND household_id = $2");
    bind_text(query, 1, person);
    bind_int(query, 2, household);
    *ret = statement_one(query);
    return statement_end(query, err);
}

/* --- keys ------------------------------------------------------------------------------------- */

bool staff_key_put(struct store *store, uint64_t seq, const char *code, const char *vkey,
                   const char *replaces, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO staff_key (vkey, code, replaces, seq) VALUES ($1, $2, $3, $4)");
    bind_text(query, 1, vkey);
    bind_text(query, 2, code);
    if (replaces == NULL) {
        bind_null(query, 3);
    } else {
        bind_text(query, 3, replaces);
    }
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

bool staff_key_replaced(struct store *store, const char *vkey, char ret[static STAFF_VKEY_SIZE],
                        struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT replaces FROM staff_key WHERE vkey = $1 AND replaces IS NOT NULL");
    bind_text(query, 1, vkey);
    bool found = statement_one(query);
    (void)snprintf(ret, STAFF_VKEY_SIZE, "%s", found ? column_text(query, 0) : "");
    return statement_end(query, err);
}

bool staff_key_revoked_put(struct store *store, uint64_t seq, uint64_t from, const char *vkey,
                           const char *reason, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO staff_key_revoked (vkey, reason, from_seq, seq)"
                           " VALUES ($1, $2, $3, $4)");
    bind_text(query, 1, vkey);
    bind_text(query, 2, reason);
    bind_int(query, 3, (int64_t)from);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

bool staff_key_end_load(struct store *store, const char *vkey, struct key_end *ret,
                        struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT from_seq, seq FROM staff_key_revoked WHERE vkey = $1");
    bind_text(query, 1, vkey);
    *ret = (struct key_end){.ended = statement_one(query)};
    if (ret->ended) {
        ret->from = (uint64_t)column_int(query, 0);
        ret->seq = (uint64_t)column_int(query, 1);
    }
    return statement_end(query, err);
}

bool dispute_resolved_put(struct store *store, uint64_t seq, const char *vkey, uint64_t event,
                          const char *outcome, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO dispute_resolved (vkey, event_seq, outcome, seq)"
                           " VALUES ($1, $2, $3, $4)");
    bind_text(query, 1, vkey);
    bind_int(query, 2, (int64_t)event);
    bind_text(query, 3, outcome);
    bind_int(query, 4, (int64_t)seq);
    return statement_run(query, err);
}

bool dispute_is_resolved(struct store *store, const char *vkey, uint64_t event, bool *ret,
                         struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM dispute_resolved WHERE vkey = $1 AND event_seq = $2");
    bind_text(query, 1, vkey);
    bind_int(query, 2, (int64_t)event);
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool control_terms_put(struct store *store, uint64_t seq, const struct control_terms *terms,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO control_terms (id, admin_quorum, approval_days, seq)"
                           " VALUES (0, $1, $2, $3)");
    bind_int(query, 1, terms->admin_quorum);
    bind_int(query, 2, terms->approval_days);
    bind_int(query, 3, (int64_t)seq);
    return statement_run(query, err);
}

bool control_terms_load(struct store *store, struct control_terms *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT admin_quorum, approval_days FROM control_terms WHERE id = 0");

    *ret = (struct control_terms){.admin_quorum = 1, .approval_days = APPROVAL_DAYS};
    if (statement_one(query)) {
        ret->admin_quorum = column_int(query, 0);
        ret->approval_days = column_int(query, 1);
    }
    return statement_end(query, err);
}

bool staff_keys_each(struct store *store, staff_key_visitor visit, void *context, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT vkey FROM staff_key ORDER BY seq, vkey");
    while (statement_row(query)) {
        visit(context, column_text(query, 0));
    }
    return statement_end(query, err);
}

bool staff_keys_of(struct store *store, const char *code, own_key_visitor visit, void *context,
                   struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT k.vkey, k.seq, r.seq FROM staff_key AS k"
                           " LEFT JOIN staff_key_revoked AS r ON r.vkey = k.vkey"
                           " WHERE k.code = $1 ORDER BY k.seq, k.vkey");
    bind_text(query, 1, code);
    while (statement_row(query)) {
        visit(context, column_text(query, 0), (uint64_t)column_int(query, 1),
              !column_is_null(query, 2));
    }
    return statement_end(query, err);
}

static bool is_revoked(struct store *store, const char *vkey, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM staff_key_revoked WHERE vkey = $1");
    bind_text(query, 1, vkey);
    *ret = statement_one(query);
    return statement_end(query, err);
}

bool staff_key_standing(struct store *store, const char *vkey, const char *code,
                        enum key_standing *ret, struct error *err)
{
    bool revoked = false;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT code FROM staff_key WHERE vkey = $1");
    bind_text(query, 1, vkey);
    bool known = statement_one(query);
    known = known && (code == NULL || text_equal(column_text(query, 0), code));
    if (!statement_end(query, err) || !is_revoked(store, vkey, &revoked, err)) {
        return false;
    }
    *ret = known ? revoked ? KEY_REVOKED : KEY_VALID : KEY_UNKNOWN;
    return true;
}
