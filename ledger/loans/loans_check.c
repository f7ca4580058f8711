#include "ledger/loans/loans_check.h"

#include "ledger/base/text.h"
#include "ledger/loans/loan_reversal.h"

#include <inttypes.h>

/* Each query gives the loans that break the rule: number, what was found, what should be. Accounts
 * by number (account.h): 1 bank money, 2 to 4 principal, 5 interest receivable, 14 overpayments,
 * 18 penalty income, 52 off-balance interest. */
struct rule {
    const char *code;
    const char *text;
    const char *sql;
};

static const struct rule payments[] = {
    {"LOANS_PAYOUT", N_("fen paid out"),
     "SELECT loan_id, found, wanted FROM (SELECT c.loan_id, c.principal_fen AS wanted,"
     " (SELECT coalesce(sum(l.fen), 0) FROM entry AS e JOIN line AS l ON l.entry_id = e.id"
     " WHERE e.seq = c.seq AND l.loan_id = c.loan_id AND l.account_id IN (2, 3, 4)) AS found"
     " FROM loan_contract AS c) AS checked WHERE found <> wanted ORDER BY loan_id"},
    {"LOANS_REPAYMENT", N_("fen of a repayment and of its parts"),
     "SELECT loan_id, penalty_fen + interest_fen + principal_fen + over_fen, received_fen"
     " FROM repayment WHERE received_fen <> penalty_fen + interest_fen + principal_fen + over_fen"
     " ORDER BY id"},
    {"LOANS_REPAYMENT", N_("fen received by the lines of a repayment"),
     "SELECT loan_id, found, wanted FROM (SELECT r.id, r.loan_id, r.received_fen AS wanted,"
     " (SELECT coalesce(sum(l.fen), 0) FROM entry AS e JOIN line AS l ON l.entry_id = e.id"
     " WHERE e.seq = r.seq AND l.account_id = 1) AS found"
     " FROM repayment AS r) AS checked WHERE found <> wanted ORDER BY id"},
    {"LOANS_REPAYMENT", N_("fen of principal by the lines of a repayment"),
     "SELECT loan_id, found, wanted FROM (SELECT r.id, r.loan_id, r.principal_fen AS wanted,"
     " (SELECT coalesce(-sum(l.fen), 0) FROM entry AS e JOIN line AS l ON l.entry_id = e.id"
     " WHERE e.seq = r.seq AND l.loan_id = r.loan_id AND l.account_id IN (2, 3, 4)) AS found"
     " FROM repayment AS r) AS checked WHERE found <> wanted ORDER BY id"},
    {"LOANS_REPAYMENT", N_("fen of penalty by the lines of a repayment"),
     "SELECT loan_id, found, wanted FROM (SELECT r.id, r.loan_id, r.penalty_fen AS wanted,"
     " (SELECT coalesce(-sum(l.fen), 0) FROM entry AS e JOIN line AS l ON l.entry_id = e.id"
     " WHERE e.seq = r.seq AND l.account_id = 18) AS found"
     " FROM repayment AS r) AS checked WHERE found <> wanted ORDER BY id"},
    {"LOANS_REPAYMENT", N_("fen overpaid by the lines of a repayment"),
     "SELECT loan_id, found, wanted FROM (SELECT r.id, r.loan_id, r.over_fen AS wanted,"
     " (SELECT coalesce(-sum(l.fen), 0) FROM entry AS e JOIN line AS l ON l.entry_id = e.id"
     " WHERE e.seq = r.seq AND l.account_id = 14) AS found"
     " FROM repayment AS r) AS checked WHERE found <> wanted ORDER BY id"},
};

/* Interest that insurer and fund bear of accepted claims, and that the bank has recovered of its
 * own part (claim_interest.h); a policy's limits keep the products within 64 bits. */
#define INTEREST_BORNE "((k.insurer_fen + k.fund_fen) * k.interest_fen / k.loss_fen)"
#define INTEREST_OF_CLAIMS                                                                         \
    "(SELECT coalesce(sum(" INTEREST_BORNE " + CASE WHEN k.bank_fen = 0 THEN 0 ELSE"               \
    " (SELECT coalesce(sum(b.bank_fen), 0) FROM recovery AS b WHERE b.claim_id = k.id)"            \
    " * (k.interest_fen - " INTEREST_BORNE ") / k.bank_fen END), 0) FROM claim AS k"               \
    " WHERE k.loan_id = c.loan_id AND EXISTS (SELECT 1 FROM claim_status AS a"                     \
    " WHERE a.claim_id = k.id AND a.status = 'accepted'))"

#define EARLIER_STANDS NOT_REVERSED("b.seq")

static const struct rule positions[] = {
    {"LOANS_NEGATIVE", N_("fen owed"),
     "SELECT loan_id, sum(fen), 0 FROM line WHERE loan_id IS NOT NULL"
     " AND account_id IN (2, 3, 4, 5, 52) GROUP BY loan_id, account_id HAVING sum(fen) < 0"
     " ORDER BY loan_id"},
    {"LOANS_ACCOUNT", N_("fen of principal in an account that is not of the loan's status"),
     "SELECT s.loan_id, sum(l.fen), 0 FROM loan_state AS s JOIN line AS l ON l.loan_id = s.loan_id"
     " WHERE (l.account_id = 2 AND s.status <> 'normal')"
     " OR (l.account_id = 3 AND s.status NOT IN ('overdue', 'claimed'))"
     " OR (l.account_id = 4 AND s.status NOT IN ('non-accrual', 'claimed', 'compensated'))"
     " GROUP BY s.loan_id, l.account_id HAVING sum(l.fen) <> 0 ORDER BY s.loan_id"},
    {"LOANS_CLOSED", N_("fen of interest owed on a closed loan"),
     "SELECT s.loan_id, sum(l.fen), 0 FROM loan_state AS s JOIN line AS l ON l.loan_id = s.loan_id"
     " WHERE s.status = 'closed' AND l.account_id IN (5, 52)"
     " GROUP BY s.loan_id HAVING sum(l.fen) <> 0 ORDER BY s.loan_id"},
    {"LOANS_INTEREST", N_("fen of unpaid interest in the books"),
     "SELECT loan_id, found, wanted FROM (SELECT c.loan_id,"
     " (SELECT coalesce(sum(l.fen), 0) FROM line AS l"
     " WHERE l.loan_id = c.loan_id AND l.account_id IN (5, 52)) AS found,"
     " (SELECT coalesce(sum(t.interest_fen - t.treasury_fen), 0) FROM loan_settlement AS t"
     " WHERE t.loan_id = c.loan_id AND" SETTLEMENT_STANDS ")"
     " - (SELECT coalesce(sum(r.interest_fen), 0) FROM repayment AS r"
     " WHERE r.loan_id = c.loan_id AND" REPAYMENT_STANDS ") - " INTEREST_OF_CLAIMS " AS wanted"
     " FROM loan_contract AS c WHERE" CONTRACT_STANDS ") AS checked"
     " WHERE found <> wanted ORDER BY loan_id"},
};

static const struct rule reversals[] = {
    {"LOANS_REVERSAL", N_("fen left of an event that was undone"),
     "SELECT p.loan_id, sum(l.fen), 0 FROM reversal AS r JOIN reversal_proposal AS p"
     " ON p.seq = r.proposal JOIN entry AS e ON e.seq IN (r.of_seq, r.seq)"
     " JOIN line AS l ON l.entry_id = e.id GROUP BY r.of_seq, l.account_id, l.loan_id"
     " HAVING sum(l.fen) <> 0 ORDER BY r.of_seq"},
    {"LOANS_REVERSAL", N_("fen of principal times value dates left of an event that was undone"),
     "SELECT p.loan_id, sum(l.fen * e.value_date), 0 FROM reversal AS r JOIN reversal_proposal AS p"
     " ON p.seq = r.proposal JOIN entry AS e ON e.seq IN (r.of_seq, r.seq)"
     " JOIN line AS l ON l.entry_id = e.id WHERE l.account_id IN (2, 3, 4)"
     " GROUP BY r.of_seq, l.account_id, l.loan_id HAVING sum(l.fen * e.value_date) <> 0"
     " ORDER BY r.of_seq"},
    {"LOANS_REVERSAL", N_("event that was undone, other than the one proposed"),
     "SELECT p.loan_id, r.of_seq, p.of_seq FROM reversal AS r JOIN reversal_proposal AS p"
     " ON p.seq = r.proposal WHERE r.of_seq <> p.of_seq ORDER BY r.of_seq"},
    {"LOANS_SAME_PERSON", N_("persons who decided beside the one who proposed the reversal"),
     "SELECT p.loan_id, 0, 1 FROM reversal AS r JOIN reversal_proposal AS p ON p.seq = r.proposal"
     " WHERE r.actor = p.actor ORDER BY r.of_seq"},
};

static const struct rule histories[] = {
    {"LOANS_STATUS", N_("rows of history that end with the loan's state"),
     "SELECT l.id, 0, 1 FROM loan AS l WHERE NOT EXISTS (SELECT 1 FROM loan_state AS s"
     " JOIN loan_status AS h ON h.loan_id = s.loan_id AND h.status = s.status"
     " WHERE s.loan_id = l.id AND h.n = (SELECT count(*) FROM loan_status AS all_of_it"
     " WHERE all_of_it.loan_id = l.id)) ORDER BY l.id"},
    {"LOANS_CLASS", N_("rows of classes that end with the loan's class"),
     "SELECT s.loan_id, 0, 1 FROM loan_state AS s WHERE s.class <> coalesce((SELECT h.class"
     " FROM loan_class AS h WHERE h.loan_id = s.loan_id ORDER BY h.n DESC LIMIT 1), 'normal')"
     " ORDER BY s.loan_id"},
    {"LOANS_PERIOD", N_("first day of a settled period, as a day number"),
     "SELECT loan_id, found, wanted FROM (SELECT t.loan_id, t.upto_day, t.from_day AS found,"
     " coalesce((SELECT b.upto_day FROM loan_settlement AS b WHERE b.loan_id = t.loan_id"
     " AND b.upto_day < t.upto_day AND" EARLIER_STANDS
     " ORDER BY b.upto_day DESC LIMIT 1), c.start_day) AS wanted FROM loan_settlement AS t"
     " JOIN loan_contract AS c ON c.loan_id = t.loan_id AND" CONTRACT_STANDS
     " WHERE" SETTLEMENT_STANDS ") AS checked WHERE found <> wanted ORDER BY loan_id, upto_day"},
    {"LOANS_PERIOD_END", N_("end of a settled period, as a day number, after maturity"),
     "SELECT t.loan_id, t.upto_day, c.due_day FROM loan_settlement AS t"
     " JOIN loan_contract AS c ON c.loan_id = t.loan_id AND" CONTRACT_STANDS
     " WHERE t.upto_day > c.due_day AND" SETTLEMENT_STANDS " ORDER BY t.loan_id, t.upto_day"},
    {"LOANS_SAME_PERSON", N_("persons who decided beside the one who took the application"),
     "SELECT l.id, 0, 1 FROM loan AS l JOIN loan_approval AS a ON a.loan_id = l.id"
     " WHERE a.actor = l.actor ORDER BY l.id"},
    {"LOANS_AMOUNT", N_("fen approved, above what was applied for"),
     "SELECT l.id, a.fen, l.applied_fen FROM loan AS l JOIN loan_approval AS a ON a.loan_id = l.id"
     " WHERE a.fen > l.applied_fen ORDER BY l.id"},
    {"LOANS_AMOUNT", N_("fen paid out, above what was approved"),
     "SELECT c.loan_id, c.principal_fen, coalesce(a.fen, 0) FROM loan_contract AS c"
     " LEFT JOIN loan_approval AS a ON a.loan_id = c.loan_id"
     " WHERE c.principal_fen > coalesce(a.fen, 0) ORDER BY c.loan_id"},
    {"LOANS_MISSED", N_("day on which something was to happen, as a day number, is closed"),
     "SELECT s.loan_id, s.next_day, d.day + 1 FROM loan_state AS s JOIN closed_day AS d"
     " ON d.day = (SELECT day FROM closed_day ORDER BY day DESC LIMIT 1)"
     " WHERE s.next_day <= d.day ORDER BY s.loan_id"},
};

static bool ask(struct store *store, const struct rule *rule, struct findings *findings,
                struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(store, rule->sql);
    while (statement_row(query)) {
        findings_add(
            findings, rule->code, -1, _("loan L%" PRId64 ": %s: %" PRId64 ", should be %" PRId64),
            column_int(query, 0), _(rule->text), column_int(query, 1), column_int(query, 2));
    }
    return statement_end(query, err);
}

static bool ask_all(struct store *store, const struct rule *rules, size_t count,
                    struct findings *findings, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!ask(store, &rules[i], findings, err)) {
            return false;
        }
    }
    return true;
}

bool loans_check(struct store *store, struct findings *findings, struct error *err)
{
    return ask_all(store, payments, COUNT_OF(payments), findings, err) &&
           ask_all(store, positions, COUNT_OF(positions), findings, err) &&
           ask_all(store, reversals, COUNT_OF(reversals), findings, err) &&
           ask_all(store, histories, COUNT_OF(histories), findings, err);
}
