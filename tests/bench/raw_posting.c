/* raw-posting DATABASE LOAN: the baseline of one command. Opens the raw book, writes the rows of
 * one repayment of four lines (event, command id, repayment, state of the loan, entry with its
 * lines, balances, frontier) through prepared statements in one transaction, and closes it. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAF_SIZE 1400 /* bytes, about what a repayment has */

static void check(sqlite3 *db, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        fprintf(stderr, "raw-posting: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static void run(sqlite3 *db, const char *sql)
{
    check(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

/* $1 loan, $2 number of the line, $3 bytes of a leaf, $4 of a command id, $5 of a hash. */
static void insert(sqlite3 *db, const char *sql, sqlite3_int64 loan, int line)
{
    static unsigned char bytes[LEAF_SIZE];
    sqlite3_stmt *statement = NULL;
    memset(bytes, (int)(loan % 251) + 1, sizeof bytes);
    memcpy(bytes, &loan, sizeof loan);
    check(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        switch (sqlite3_bind_parameter_name(statement, i)[1]) {
        case '1':
            sqlite3_bind_int64(statement, i, loan);
            break;
        case '2':
            sqlite3_bind_int(statement, i, line);
            break;
        case '3':
            sqlite3_bind_blob(statement, i, bytes, sizeof bytes, SQLITE_STATIC);
            break;
        case '4':
            sqlite3_bind_blob(statement, i, bytes, 16, SQLITE_STATIC);
            break;
        default:
            sqlite3_bind_blob(statement, i, bytes, 32, SQLITE_STATIC);
            break;
        }
    }
    check(db, sqlite3_step(statement));
    sqlite3_finalize(statement);
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    if (argc != 3) {
        return 2;
    }
    sqlite3_int64 loan = atoll(argv[2]);
    check(db, sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL));
    run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;"
            "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0;"
            "PRAGMA journal_size_limit = 67108864; BEGIN IMMEDIATE");
    insert(db, "INSERT INTO event SELECT max(seq) + 1, $3, $5, $4 FROM event", loan, 0);
    insert(db, "INSERT INTO command_request SELECT $4, $5, max(seq) FROM event", loan, 0);
    insert(db, "UPDATE frontier SET size = size + 1, hashes = $5", loan, 0);
    insert(db,
           "INSERT INTO repayment SELECT coalesce((SELECT max(id) FROM repayment), 0) + 1, $1,"
           " (SELECT max(day) FROM closed_day) + 1, 1000000, 28094, 18729, 953177, 0, max(seq)"
           " FROM event",
           loan, 0);
    insert(db, "UPDATE loan_state SET next_day = next_day + 1 WHERE loan_id = $1", loan, 0);
    for (int line = 1; line <= 4; line++) {
        insert(db,
               "INSERT INTO line SELECT (SELECT max(id) + 1 FROM entry), $2,"
               " CASE $2 WHEN 1 THEN 1 WHEN 2 THEN 18 WHEN 3 THEN 5 ELSE 3 END,"
               " CASE $2 WHEN 1 THEN 1000000 WHEN 2 THEN -28094 WHEN 3 THEN -18729"
               " ELSE -953177 END, $1",
               loan, line);
        insert(db,
               "UPDATE balance SET credit_fen = credit_fen + 1 WHERE account_id ="
               " CASE $2 WHEN 1 THEN 1 WHEN 2 THEN 18 WHEN 3 THEN 5 ELSE 3 END",
               loan, line);
        insert(db,
               "INSERT INTO loan_balance VALUES ($1,"
               " CASE $2 WHEN 1 THEN 1 WHEN 2 THEN 18 WHEN 3 THEN 5 ELSE 3 END, 1,"
               " 17000) ON CONFLICT (loan_id, account_id) DO UPDATE SET fen = fen - 1,"
               " dated_fen = dated_fen - 17000",
               loan, line);
    }
    insert(db,
           "INSERT INTO entry SELECT max(id) + 1, (SELECT max(seq) FROM event), 'bank', 2016,"
           " (SELECT max(no) + 1 FROM entry WHERE book = 'bank' AND year = 2016), 'repayment',"
           " (SELECT max(day) + 1 FROM closed_day), (SELECT max(day) + 1 FROM closed_day)"
           " FROM entry",
           loan, 0);
    run(db, "COMMIT");
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
