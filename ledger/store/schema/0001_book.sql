-- The book of one county: log, people, calendar, journal, loans, fund. Amounts are fen, rates ppm,
-- days are day numbers (1970-01-01 = 0), seq is the event that wrote the row.
--
-- Three kinds of table stand here. Facts are written once and never changed: their triggers refuse
-- UPDATE and DELETE, and with recursive_triggers on also REPLACE. Derived tables (balance,
-- loan_balance, period_balance, loan_state, staff_use, frontier) can be dropped and rebuilt from the facts.
-- Tables pii_* hold personal data, encrypted, and alone may forget.
--
-- What refuses a new row raises FAIL and not ABORT, and line defers its references: SQLite then keeps
-- no copy of the pages for each insert, only to undo it alone. The row that is refused never stands, and
-- the store takes back the whole transaction. What refuses a change of a row raises ABORT.
--
-- In tables WITHOUT ROWID the columns of the key stand first, in its order: integrity_check of SQLite
-- 3.40 takes the others for NULL otherwise.

-- The signed log ----------------- ------------------------------------------------------------

CREATE TABLE event (
    seq       INTEGER PRIMARY KEY CHECK (seq >= 0),
    leaf      BLOB NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535),
    leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
    cmd       BLOB NOT NULL UNIQUE CHECK (length(cmd) = 16)
) STRICT;

CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.seq <> (SELECT coalesce(max(seq), -1) + 1 FROM event)
BEGIN
    SELECT RAISE(FAIL, 'event: seq must be the next one');
END;

-- Rows of an event too large for its line, in parts; bound into the line by rows_sha256.
CREATE TABLE event_rows (
    seq   INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    part  INTEGER NOT NULL CHECK (part >= 0),
    bytes BLOB NOT NULL,
    PRIMARY KEY (seq, part)
) STRICT, WITHOUT ROWID;

-- The compact range of the Merkle tree over the leaves. Derived.
CREATE TABLE frontier (
    id     INTEGER PRIMARY KEY CHECK (id = 0),
    size   INTEGER NOT NULL CHECK (size >= 0),
    hashes BLOB NOT NULL CHECK (length(hashes) % 32 = 0)
) STRICT;

-- What a command id was used for: the same again gets the first answer, which is the event. The
-- request is kept as a keyed hash, since it may hold personal data.
CREATE TABLE command_request (
    cmd         BLOB PRIMARY KEY CHECK (length(cmd) = 16),
    request_mac BLOB NOT NULL CHECK (length(request_mac) = 32),
    seq         INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- The book and its people ----------------------------------------------------------------------

CREATE TABLE book (
    id          INTEGER PRIMARY KEY CHECK (id = 0),
    origin      TEXT NOT NULL,
    name        TEXT NOT NULL,
    opening_day INTEGER NOT NULL,
    seq         INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- What the genesis fixed: how many admins sign, and how long an approval may be carried out.
CREATE TABLE control_terms (
    id            INTEGER PRIMARY KEY CHECK (id = 0),
    admin_quorum  INTEGER NOT NULL CHECK (admin_quorum >= 1),
    approval_days INTEGER NOT NULL CHECK (approval_days BETWEEN 0 AND 3660),
    seq           INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- One human being may have several codes: `person` is the first of them.
CREATE TABLE staff (
    code     TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 32),
    person   TEXT NOT NULL REFERENCES staff (code) DEFERRABLE INITIALLY DEFERRED,
    office   TEXT NOT NULL,
    added_on INTEGER NOT NULL,
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE INDEX staff_by_person ON staff (person);

-- A duty as given; limits are of one event and of one business day. A temporary one ends at
-- until_time (seconds since 1970-01-01 UTC).
CREATE TABLE staff_role (
    code          TEXT NOT NULL REFERENCES staff (code),
    role          TEXT NOT NULL CHECK (role IN ('clerk', 'approver', 'manager', 'risk-officer',
                                                'bureau-officer', 'admin', 'auditor')),
    seq           INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    limit_fen     INTEGER CHECK (limit_fen >= 0),
    day_limit_fen INTEGER CHECK (day_limit_fen >= 0),
    until_time    INTEGER,
    PRIMARY KEY (code, role, seq)
) STRICT, WITHOUT ROWID;

-- Ends what was given before it.
CREATE TABLE staff_role_ended (
    code TEXT NOT NULL REFERENCES staff (code),
    role TEXT NOT NULL,
    seq  INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (code, role, seq)
) STRICT, WITHOUT ROWID;

-- What a person moved in a duty on a business day. Derived.
CREATE TABLE staff_use (
    day    INTEGER NOT NULL,
    person TEXT NOT NULL,
    role   TEXT NOT NULL,
    fen    INTEGER NOT NULL CHECK (fen BETWEEN 0 AND 4000000000000000000),
    PRIMARY KEY (day, person, role)
) STRICT, WITHOUT ROWID;

-- Households of one's own or of relatives: not one's business.
CREATE TABLE staff_relative (
    person       TEXT NOT NULL REFERENCES staff (code),
    household_id INTEGER NOT NULL REFERENCES household (id),
    seq          INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (person, household_id)
) STRICT, WITHOUT ROWID;

-- `replaces` is the key that signed for this one (key.renew); it ended with that event.
CREATE TABLE staff_key (
    vkey     TEXT PRIMARY KEY,
    code     TEXT NOT NULL REFERENCES staff (code),
    replaces TEXT UNIQUE REFERENCES staff_key (vkey),
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- What the key, or one that it replaces, signed from from_seq up to the event itself is in dispute.
CREATE TABLE staff_key_revoked (
    vkey     TEXT PRIMARY KEY REFERENCES staff_key (vkey),
    reason   TEXT NOT NULL,
    from_seq INTEGER NOT NULL CHECK (from_seq BETWEEN 0 AND seq),
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- An event in dispute that two others have looked at.
CREATE TABLE dispute_resolved (
    vkey      TEXT NOT NULL REFERENCES staff_key_revoked (vkey),
    event_seq INTEGER NOT NULL,
    outcome   TEXT NOT NULL CHECK (outcome IN ('genuine', 'forged')),
    seq       INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (vkey, event_seq)
) STRICT, WITHOUT ROWID;

-- The keys of the log itself: the newest of a kind is in force. A day key signs from the event after
-- the one that names it.
CREATE TABLE service_key (
    kind TEXT NOT NULL CHECK (kind IN ('log', 'day', 'system')),
    seq  INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    vkey TEXT NOT NULL,
    PRIMARY KEY (kind, seq)
) STRICT, WITHOUT ROWID;

-- A key of the log was lost or stolen and the admins named the next: where the genesis names witnesses, one of them
-- must have seen a head from there before work goes on.
CREATE TABLE key_recovery (
    seq INTEGER PRIMARY KEY REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE key_recovery_seen (
    recovery INTEGER PRIMARY KEY REFERENCES key_recovery (seq),
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE policy (
    sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    name   TEXT NOT NULL,
    bytes  BLOB NOT NULL,
    seq    INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE policy_activation (
    from_day INTEGER NOT NULL,
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    sha256   BLOB NOT NULL REFERENCES policy (sha256),
    PRIMARY KEY (from_day, seq)
) STRICT, WITHOUT ROWID;

-- The calendar: the open business day is the one after the last closed day ----------------------

CREATE TABLE closed_day (
    day        INTEGER PRIMARY KEY,
    last_entry INTEGER NOT NULL CHECK (last_entry >= 0), -- highest entry id with a book date up to it
    seq        INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TRIGGER closed_day_follows BEFORE INSERT ON closed_day
WHEN EXISTS (SELECT 1 FROM closed_day)
     AND NEW.day <> (SELECT max(day) + 1 FROM closed_day)
BEGIN
    SELECT RAISE(FAIL, 'closed_day: days are closed one after the other');
END;

CREATE TABLE closed_period (
    last_day INTEGER PRIMARY KEY REFERENCES closed_day (day), -- the last day of a month
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- The journal: three books, each entry in one of them -------------------------------------------

CREATE TABLE account (
    id      INTEGER PRIMARY KEY,
    book    TEXT NOT NULL CHECK (book IN ('bank', 'fund', 'memo')),
    side    TEXT NOT NULL CHECK (side IN ('debit', 'credit')), -- where its balance normally stands
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    UNIQUE (id, book)
) STRICT;

-- Official codes change by year and by province; entries name the account, never the code.
CREATE TABLE account_code (
    account_id INTEGER NOT NULL REFERENCES account (id),
    from_year  INTEGER NOT NULL,
    code       TEXT NOT NULL,
    PRIMARY KEY (account_id, from_year)
) STRICT, WITHOUT ROWID;

-- Lines are inserted first; the entry closes them. See triggers below.
CREATE TABLE line (
    entry_id   INTEGER NOT NULL REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED,
    n          INTEGER NOT NULL CHECK (n BETWEEN 1 AND 999),
    account_id INTEGER NOT NULL, -- of the book of its entry: see entry_balances
    fen        INTEGER NOT NULL CHECK (fen <> 0 AND fen BETWEEN -1000000000000000
                                                            AND 1000000000000000),
    loan_id    INTEGER REFERENCES loan (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (entry_id, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX line_by_loan ON line (loan_id, entry_id, n) WHERE loan_id IS NOT NULL;

CREATE TABLE entry (
    id         INTEGER PRIMARY KEY CHECK (id > 0),
    seq        INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    -- Not IN: SQLite would build a table of the words for every row.
    book       TEXT NOT NULL CHECK (book = 'bank' OR book = 'fund' OR book = 'memo'),
    year       INTEGER NOT NULL,
    no         INTEGER NOT NULL CHECK (no > 0), -- numbered without gaps in each book and year
    kind       TEXT NOT NULL,
    book_date  INTEGER NOT NULL,
    value_date INTEGER NOT NULL,
    CHECK (value_date <= book_date),
    UNIQUE (book, year, no)
) STRICT;

CREATE INDEX entry_by_seq ON entry (seq);

CREATE TRIGGER line_before_entry BEFORE INSERT ON line
WHEN EXISTS (SELECT 1 FROM entry WHERE id = NEW.entry_id)
BEGIN
    SELECT RAISE(FAIL, 'line: its entry is complete already');
END;

-- The lines are read once for both.
CREATE TRIGGER entry_balances BEFORE INSERT ON entry
BEGIN
    SELECT CASE
        WHEN count(*) < 2 OR sum(line.fen) <> 0
        THEN RAISE(FAIL, 'entry: it needs at least two lines that sum to zero')
        WHEN sum(account.book IS DISTINCT FROM NEW.book) > 0
        THEN RAISE(FAIL, 'entry: every line must be of its book')
    END FROM line LEFT JOIN account ON account.id = line.account_id WHERE line.entry_id = NEW.id;
END;

CREATE TRIGGER entry_on_open_day BEFORE INSERT ON entry
WHEN NEW.book_date - 1 IS DISTINCT FROM (SELECT max(day) FROM closed_day)
BEGIN
    SELECT RAISE(FAIL, 'entry: its book date is not the open business day');
END;

CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM entry)
     OR NEW.no <> (SELECT coalesce(max(no), 0) + 1 FROM entry
                   WHERE book = NEW.book AND year = NEW.year)
BEGIN
    SELECT RAISE(FAIL, 'entry: ids and numbers follow each other');
END;

-- Sums of the lines. Derived.
CREATE TABLE balance (
    account_id INTEGER PRIMARY KEY REFERENCES account (id),
    debit_fen  INTEGER NOT NULL CHECK (debit_fen BETWEEN 0 AND 4000000000000000000),
    credit_fen INTEGER NOT NULL CHECK (credit_fen BETWEEN 0 AND 4000000000000000000)
) STRICT;

CREATE TABLE loan_balance (
    loan_id    INTEGER NOT NULL REFERENCES loan (id),
    account_id INTEGER NOT NULL, -- of a line
    fen        INTEGER NOT NULL CHECK (fen BETWEEN -4000000000000000000 AND 4000000000000000000),
    -- Of principal, each line's amount times its value date: fen x a day less this is balance x days
    -- up to then. 0 of other accounts.
    dated_fen  INTEGER NOT NULL
               CHECK (dated_fen BETWEEN -4000000000000000000 AND 4000000000000000000),
    PRIMARY KEY (loan_id, account_id)
) STRICT, WITHOUT ROWID;

-- Turnover up to the end of a closed period, since the book began. Derived.
CREATE TABLE period_balance (
    last_day   INTEGER NOT NULL REFERENCES closed_period (last_day),
    account_id INTEGER NOT NULL REFERENCES account (id),
    debit_fen  INTEGER NOT NULL,
    credit_fen INTEGER NOT NULL,
    PRIMARY KEY (last_day, account_id)
) STRICT, WITHOUT ROWID;

-- Households and persons -------------------------------------------------------------------------

CREATE TABLE household (
    id        INTEGER PRIMARY KEY CHECK (id > 0),
    area_code TEXT NOT NULL, -- GB/T 2260, 6 to 12 digits
    village   TEXT NOT NULL,
    added_on  INTEGER NOT NULL,
    seq       INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Standing on the state register, by date (建档立卡).
CREATE TABLE household_status (
    household_id INTEGER NOT NULL REFERENCES household (id),
    from_day     INTEGER NOT NULL,
    seq          INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    -- Not IN, here and wherever many rows are written: see entry.
    status       TEXT NOT NULL CHECK (status = 'registered' OR status = 'lifted'
                                      OR status = 'monitored' OR status = 'none'),
    PRIMARY KEY (household_id, from_day, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id           INTEGER PRIMARY KEY CHECK (id > 0),
    household_id INTEGER NOT NULL REFERENCES household (id),
    subject      TEXT NOT NULL UNIQUE CHECK (length(subject) = 34),
    relation     TEXT NOT NULL, -- to the head of the household; 'head' for the head
    added_on     INTEGER NOT NULL,
    seq          INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX person_by_household ON person (household_id);

-- Households whose personal data was erased: their rows in pii_* are gone.
CREATE TABLE household_erased (
    household_id INTEGER PRIMARY KEY REFERENCES household (id),
    erased_on    INTEGER NOT NULL,
    seq          INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Under which key of data keys those of pii_key are wrapped; no row: the first.
CREATE TABLE pii_epoch (
    id    INTEGER PRIMARY KEY CHECK (id = 0),
    epoch INTEGER NOT NULL CHECK (epoch > 1)
) STRICT;

CREATE TABLE pii_key (
    subject TEXT PRIMARY KEY,
    epoch   INTEGER NOT NULL,
    nonce   BLOB NOT NULL CHECK (length(nonce) = 24),
    wrapped BLOB NOT NULL CHECK (length(wrapped) = 48)
) STRICT, WITHOUT ROWID;

CREATE TABLE pii_field (
    subject    TEXT NOT NULL REFERENCES pii_key (subject),
    field      TEXT NOT NULL,
    version    INTEGER NOT NULL CHECK (version > 0),
    nonce      BLOB NOT NULL CHECK (length(nonce) = 24),
    ciphertext BLOB NOT NULL,
    PRIMARY KEY (subject, field, version)
) STRICT, WITHOUT ROWID;

-- Whether a command sent again brings the same personal data: a keyed hash, which goes with it.
CREATE TABLE pii_request (
    cmd     BLOB PRIMARY KEY CHECK (length(cmd) = 16),
    subject TEXT NOT NULL REFERENCES pii_key (subject), -- the first of the request
    mac     BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT, WITHOUT ROWID;

CREATE INDEX pii_request_by_subject ON pii_request (subject);

CREATE TABLE pii_index (
    field   TEXT NOT NULL,
    mac     BLOB NOT NULL CHECK (length(mac) = 32),
    subject TEXT NOT NULL REFERENCES pii_key (subject),
    PRIMARY KEY (field, mac)
) STRICT, WITHOUT ROWID;

-- Loans ------------------------------------------------------------------------------------------

-- The application; what was agreed stands in loan_approval and loan_contract.
CREATE TABLE loan (
    id           INTEGER PRIMARY KEY CHECK (id > 0),
    household_id INTEGER NOT NULL REFERENCES household (id),
    borrower_id  INTEGER NOT NULL REFERENCES person (id),
    product      TEXT NOT NULL CHECK (product IN ('household', 'micro-entrepreneur')),
    purpose      TEXT NOT NULL,
    applied_fen  INTEGER NOT NULL CHECK (applied_fen > 0),
    term_months  INTEGER NOT NULL CHECK (term_months BETWEEN 1 AND 600),
    rate_ppm     INTEGER NOT NULL CHECK (rate_ppm >= 0),
    applied_on   INTEGER NOT NULL,
    policy       BLOB NOT NULL REFERENCES policy (sha256),
    actor        TEXT NOT NULL,
    seq          INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX loan_by_household ON loan (household_id);

CREATE TABLE loan_approval (
    loan_id     INTEGER PRIMARY KEY REFERENCES loan (id),
    fen         INTEGER NOT NULL CHECK (fen > 0),
    approved_on INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    seq         INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Exceptions from conditions of the policy that somebody proposed for a loan, and the events that rest
-- on them.
CREATE TABLE loan_override (
    id        INTEGER PRIMARY KEY CHECK (id > 0),
    loan_id   INTEGER NOT NULL REFERENCES loan (id),
    point     TEXT NOT NULL,
    condition TEXT NOT NULL,
    reason    TEXT NOT NULL CHECK (length(reason) > 0),
    day       INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    seq       INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (loan_id, point, condition)
) STRICT;

CREATE TABLE loan_override_use (
    override_id INTEGER NOT NULL REFERENCES loan_override (id),
    seq         INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (override_id, seq)
) STRICT, WITHOUT ROWID;

-- What the policy referred to a person, and the event in which somebody decided on it.
CREATE TABLE loan_referral (
    seq       INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    point     TEXT NOT NULL,
    condition TEXT NOT NULL,
    loan_id   INTEGER NOT NULL REFERENCES loan (id),
    reason    TEXT NOT NULL CHECK (length(reason) > 0),
    day       INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    PRIMARY KEY (seq, point, condition)
) STRICT, WITHOUT ROWID;

CREATE INDEX loan_referral_by_loan ON loan_referral (loan_id, seq);

-- Demands for payment (催收) by the number on the paper, and what inspections after the payout found
-- (贷后检查).
CREATE TABLE loan_dun (
    loan_id  INTEGER NOT NULL REFERENCES loan (id),
    n        INTEGER NOT NULL CHECK (n BETWEEN 1 AND 999),
    number   TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 64),
    delivery TEXT NOT NULL CHECK (delivery IN ('in-person', 'left', 'post', 'phone', 'message',
                                               'public-notice')),
    day      INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (loan_id, n),
    UNIQUE (loan_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE loan_inspection (
    loan_id INTEGER NOT NULL REFERENCES loan (id),
    n       INTEGER NOT NULL CHECK (n BETWEEN 1 AND 999),
    day     INTEGER NOT NULL,
    finding TEXT NOT NULL CHECK (finding IN ('as-applied', 'otherwise')),
    note    TEXT CHECK (length(note) BETWEEN 1 AND 500),
    actor   TEXT NOT NULL,
    seq     INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (loan_id, n)
) STRICT, WITHOUT ROWID;

-- Signed and paid out: the terms are fixed, the policy is pinned. Of a loan that was paid out again, after
-- `reversal` had the first payout, the last one stands.
CREATE TABLE loan_contract (
    loan_id       INTEGER NOT NULL REFERENCES loan (id),
    seq           INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    principal_fen INTEGER NOT NULL CHECK (principal_fen > 0),
    covered_fen   INTEGER NOT NULL CHECK (covered_fen BETWEEN 0 AND principal_fen),
    start_day     INTEGER NOT NULL,
    due_day       INTEGER NOT NULL CHECK (due_day > start_day),
    settle_day    INTEGER NOT NULL CHECK (settle_day BETWEEN 1 AND 28),
    policy        BLOB NOT NULL REFERENCES policy (sha256),
    PRIMARY KEY (loan_id, seq)
) STRICT, WITHOUT ROWID;

-- Interest of the days [from_day, upto_day), rounded once, split into what the household and what
-- county finance owes. It stands unless `reversal` has its event; then the same days are settled again.
CREATE TABLE loan_settlement (
    loan_id       INTEGER NOT NULL REFERENCES loan (id),
    upto_day      INTEGER NOT NULL,
    seq           INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    from_day      INTEGER NOT NULL,
    fen_days      INTEGER NOT NULL CHECK (fen_days >= 0),
    interest_fen  INTEGER NOT NULL CHECK (interest_fen >= 0),
    treasury_fen  INTEGER NOT NULL CHECK (treasury_fen BETWEEN 0 AND interest_fen),
    due_day       INTEGER NOT NULL, -- when the household's part falls due
    settled_on    INTEGER NOT NULL,
    PRIMARY KEY (loan_id, upto_day, seq),
    CHECK (from_day <= upto_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE loan_status (
    loan_id INTEGER NOT NULL REFERENCES loan (id),
    n       INTEGER NOT NULL CHECK (n > 0),
    day     INTEGER NOT NULL,
    status  TEXT NOT NULL CHECK (status = 'applied' OR status = 'approved' OR status = 'refused'
                                 OR status = 'normal' OR status = 'overdue'
                                 OR status = 'non-accrual' OR status = 'claimed'
                                 OR status = 'compensated' OR status = 'closed'),
    seq     INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (loan_id, n)
) STRICT, WITHOUT ROWID;

-- Since when the oldest sum of a loan has been overdue; NULL: nothing is overdue any more. The last row
-- up to a day holds at the close of it.
CREATE TABLE loan_overdue (
    loan_id INTEGER NOT NULL REFERENCES loan (id),
    n       INTEGER NOT NULL CHECK (n > 0),
    day     INTEGER NOT NULL,
    since   INTEGER,
    seq     INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (loan_id, n)
) STRICT, WITHOUT ROWID;

-- The class of a loan, from the close of the day on; 'normal' before the first row.
CREATE TABLE loan_class (
    loan_id INTEGER NOT NULL REFERENCES loan (id),
    n       INTEGER NOT NULL CHECK (n > 0),
    day     INTEGER NOT NULL,
    class   TEXT NOT NULL CHECK (class = 'normal' OR class = 'special_mention'
                                 OR class = 'substandard' OR class = 'doubtful' OR class = 'loss'),
    seq     INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (loan_id, n)
) STRICT, WITHOUT ROWID;

-- Where a loan stands, and the next day on whose close something happens to it. Derived.
CREATE TABLE loan_state (
    loan_id       INTEGER PRIMARY KEY REFERENCES loan (id),
    status        TEXT NOT NULL,
    overdue_since INTEGER, -- due day of the oldest sum that is overdue
    next_day      INTEGER,
    class         TEXT NOT NULL DEFAULT 'normal'
) STRICT;

CREATE INDEX loan_state_by_next_day ON loan_state (next_day) WHERE next_day IS NOT NULL;
CREATE INDEX loan_state_by_overdue ON loan_state (overdue_since) WHERE overdue_since IS NOT NULL;
CREATE INDEX loan_state_by_class ON loan_state (class) WHERE class <> 'normal';

CREATE TABLE repayment (
    id            INTEGER PRIMARY KEY CHECK (id > 0),
    loan_id       INTEGER NOT NULL REFERENCES loan (id),
    day           INTEGER NOT NULL,
    received_fen  INTEGER NOT NULL CHECK (received_fen > 0),
    penalty_fen   INTEGER NOT NULL CHECK (penalty_fen >= 0),
    interest_fen  INTEGER NOT NULL CHECK (interest_fen >= 0),
    principal_fen INTEGER NOT NULL CHECK (principal_fen >= 0),
    over_fen      INTEGER NOT NULL CHECK (over_fen >= 0),
    seq           INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    CHECK (received_fen = penalty_fen + interest_fen + principal_fen + over_fen)
) STRICT;

-- Also answers when a loan was paid last, and what penalty it has paid.
CREATE INDEX repayment_by_loan ON repayment (loan_id, day, penalty_fen);

-- Somebody says that an event was a mistake and asks to have it undone; another person decides.
CREATE TABLE reversal_proposal (
    seq     INTEGER PRIMARY KEY REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    of_seq  INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    loan_id INTEGER NOT NULL REFERENCES loan (id),
    fen     INTEGER NOT NULL CHECK (fen > 0),
    reason  TEXT NOT NULL CHECK (length(reason) > 0),
    day     INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    CHECK (of_seq < seq)
) STRICT;

CREATE INDEX reversal_proposal_by_event ON reversal_proposal (of_seq);
CREATE INDEX reversal_proposal_by_loan ON reversal_proposal (loan_id);

-- What was undone: each event once, by entries that mirror its own.
CREATE TABLE reversal (
    of_seq   INTEGER PRIMARY KEY REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    proposal INTEGER NOT NULL UNIQUE REFERENCES reversal_proposal (seq),
    day      INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    seq      INTEGER NOT NULL UNIQUE REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    CHECK (of_seq < proposal AND proposal < seq)
) STRICT;

CREATE TABLE reversal_refusal (
    proposal INTEGER PRIMARY KEY REFERENCES reversal_proposal (seq),
    reason   TEXT NOT NULL CHECK (length(reason) > 0),
    day      INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Fund, claims, recoveries, subsidy, premium ------------------------------------------------------

CREATE TABLE fund_payment (
    id       INTEGER PRIMARY KEY CHECK (id > 0),
    kind     TEXT NOT NULL CHECK (kind IN ('opening', 'deposit', 'top-up', 'interest')),
    fen      INTEGER NOT NULL CHECK (fen > 0),
    base_fen INTEGER, -- top-up: the outstanding principal it is a share of
    year     INTEGER, -- top-up: the year it is for
    day      INTEGER NOT NULL,
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((kind = 'top-up') = (year IS NOT NULL AND base_fen IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX fund_opened_once ON fund_payment (kind) WHERE kind = 'opening';
CREATE UNIQUE INDEX fund_topped_up_once_a_year ON fund_payment (year) WHERE year IS NOT NULL;

CREATE TABLE claim (
    id          INTEGER PRIMARY KEY CHECK (id > 0),
    loan_id     INTEGER NOT NULL REFERENCES loan (id),
    filed_on    INTEGER NOT NULL,
    days_overdue INTEGER NOT NULL,
    loss_fen    INTEGER NOT NULL CHECK (loss_fen > 0),
    interest_fen INTEGER NOT NULL CHECK (interest_fen BETWEEN 0 AND loss_fen), -- of the loss
    insurer_fen INTEGER NOT NULL CHECK (insurer_fen >= 0),
    fund_fen    INTEGER NOT NULL CHECK (fund_fen >= 0),
    bank_fen    INTEGER NOT NULL CHECK (bank_fen >= 0),
    policy      BLOB NOT NULL REFERENCES policy (sha256),
    actor       TEXT NOT NULL,
    seq         INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    CHECK (loss_fen = insurer_fen + fund_fen + bank_fen)
) STRICT;

CREATE INDEX claim_by_loan ON claim (loan_id);

-- What each payer of the policy bears; the three columns of claim are these, as the books keep them.
CREATE TABLE claim_part (
    claim_id INTEGER NOT NULL REFERENCES claim (id),
    payer    TEXT NOT NULL,
    fen      INTEGER NOT NULL CHECK (fen > 0),
    PRIMARY KEY (claim_id, payer)
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_part_by_payer ON claim_part (payer);

CREATE TABLE claim_status (
    claim_id INTEGER NOT NULL REFERENCES claim (id),
    n        INTEGER NOT NULL CHECK (n > 0),
    day      INTEGER NOT NULL,
    status   TEXT NOT NULL CHECK (status IN ('filed', 'accepted', 'refused',
                                                            'paid')),
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (claim_id, n)
) STRICT, WITHOUT ROWID;

-- Decisions that a bureau officer signed on another machine, each of which counts once.
CREATE TABLE claim_approval (
    nonce    BLOB PRIMARY KEY CHECK (length(nonce) = 16),
    claim_id INTEGER NOT NULL REFERENCES claim (id),
    officer  TEXT NOT NULL,
    decision TEXT NOT NULL,
    at_time  INTEGER NOT NULL, -- by the clock of that machine
    recorder TEXT NOT NULL,
    seq      INTEGER NOT NULL UNIQUE REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE INDEX claim_approval_by_claim ON claim_approval (claim_id, seq);

-- What is to be handed over once the claim is accepted, in the order of the policy.
CREATE TABLE claim_due (
    claim_id    INTEGER NOT NULL REFERENCES claim (id),
    n           INTEGER NOT NULL CHECK (n > 0),
    payer       TEXT NOT NULL, -- who bears it
    paid_by     TEXT NOT NULL, -- who hands it over: the payer, or who advances it
    booked      TEXT NOT NULL CHECK (booked IN ('insurer', 'fund')), -- the two, as the books keep
    booked_by   TEXT NOT NULL CHECK (booked_by IN ('insurer', 'fund')), -- them
    fen         INTEGER NOT NULL CHECK (fen > 0),
    within_days INTEGER CHECK (within_days >= 0), -- of acceptance; NULL: the policy does not say
    refund_days INTEGER CHECK (refund_days >= 0), -- of the advance
    PRIMARY KEY (claim_id, n)
) STRICT, WITHOUT ROWID;

-- A due handed over to the bank, or an advance given back to who had handed it over.
CREATE TABLE claim_payment (
    id       INTEGER PRIMARY KEY CHECK (id > 0),
    claim_id INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    payer    TEXT NOT NULL CHECK (payer IN ('insurer', 'fund')), -- as the books keep them
    receiver TEXT NOT NULL CHECK (receiver IN ('bank', 'insurer', 'fund')),
    fen      INTEGER NOT NULL CHECK (fen > 0),
    day      INTEGER NOT NULL,
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (claim_id, n) REFERENCES claim_due (claim_id, n)
) STRICT;

CREATE UNIQUE INDEX claim_paid_once ON claim_payment (claim_id, n) WHERE receiver = 'bank';
CREATE UNIQUE INDEX claim_refunded_once ON claim_payment (claim_id, n) WHERE receiver <> 'bank';

-- What the borrower paid after compensation: gross, costs of pursuing, and who gets the rest.
CREATE TABLE recovery (
    id          INTEGER PRIMARY KEY CHECK (id > 0),
    claim_id    INTEGER NOT NULL REFERENCES claim (id),
    gross_fen   INTEGER NOT NULL CHECK (gross_fen > 0),
    costs_fen   INTEGER NOT NULL CHECK (costs_fen BETWEEN 0 AND gross_fen),
    insurer_fen INTEGER NOT NULL CHECK (insurer_fen >= 0),
    fund_fen    INTEGER NOT NULL CHECK (fund_fen >= 0),
    bank_fen    INTEGER NOT NULL CHECK (bank_fen >= 0),
    day         INTEGER NOT NULL,
    seq         INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    CHECK (gross_fen - costs_fen = insurer_fen + fund_fen + bank_fen)
) STRICT;

CREATE INDEX recovery_by_claim ON recovery (claim_id);

-- The insurer's or the fund's part of recoveries, handed over.
CREATE TABLE recovery_transfer (
    id          INTEGER PRIMARY KEY CHECK (id > 0),
    recovery_id INTEGER NOT NULL REFERENCES recovery (id),
    payer       TEXT NOT NULL CHECK (payer IN ('insurer', 'fund')),
    fen         INTEGER NOT NULL CHECK (fen > 0),
    day         INTEGER NOT NULL,
    seq         INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (recovery_id, payer)
) STRICT;

CREATE TABLE subsidy_claim (
    id          INTEGER PRIMARY KEY CHECK (id > 0),
    through_day INTEGER NOT NULL, -- every settlement settled up to this day and not claimed before
    fen         INTEGER NOT NULL CHECK (fen > 0),
    day         INTEGER NOT NULL,
    seq         INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE subsidy_claim_item (
    loan_id  INTEGER NOT NULL,
    upto_day INTEGER NOT NULL,
    settled  INTEGER NOT NULL, -- the event that settled it
    claim_id INTEGER NOT NULL REFERENCES subsidy_claim (id),
    fen      INTEGER NOT NULL CHECK (fen > 0),
    PRIMARY KEY (loan_id, upto_day),
    FOREIGN KEY (loan_id, upto_day, settled) REFERENCES loan_settlement (loan_id, upto_day, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE subsidy_receipt (
    claim_id INTEGER PRIMARY KEY REFERENCES subsidy_claim (id),
    fen      INTEGER NOT NULL CHECK (fen > 0),
    day      INTEGER NOT NULL,
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE premium_claim (
    id  INTEGER PRIMARY KEY CHECK (id > 0),
    fen INTEGER NOT NULL CHECK (fen > 0),
    day INTEGER NOT NULL,
    seq INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE premium_item (
    loan_id     INTEGER PRIMARY KEY REFERENCES loan (id),
    claim_id    INTEGER NOT NULL REFERENCES premium_claim (id),
    covered_fen INTEGER NOT NULL CHECK (covered_fen > 0),
    fen         INTEGER NOT NULL CHECK (fen > 0)
) STRICT;

-- Received from county finance and paid to the insurer, each once and in full.
CREATE TABLE premium_payment (
    claim_id INTEGER NOT NULL REFERENCES premium_claim (id),
    step     TEXT NOT NULL CHECK (step IN ('received', 'paid')),
    day      INTEGER NOT NULL,
    seq      INTEGER NOT NULL REFERENCES event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (claim_id, step)
) STRICT, WITHOUT ROWID;

-- Facts are written once ---------------------------------------------------------------------------

CREATE TRIGGER event_never_changed BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'event: rows are never changed');
END;

CREATE TRIGGER event_never_deleted BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'event: rows are never deleted');
END;

CREATE TRIGGER event_rows_never_changed BEFORE UPDATE ON event_rows
BEGIN
    SELECT RAISE(ABORT, 'event_rows: rows are never changed');
END;

CREATE TRIGGER event_rows_never_deleted BEFORE DELETE ON event_rows
BEGIN
    SELECT RAISE(ABORT, 'event_rows: rows are never deleted');
END;

CREATE TRIGGER command_request_never_changed BEFORE UPDATE ON command_request
BEGIN
    SELECT RAISE(ABORT, 'command_request: rows are never changed');
END;

CREATE TRIGGER command_request_never_deleted BEFORE DELETE ON command_request
BEGIN
    SELECT RAISE(ABORT, 'command_request: rows are never deleted');
END;

CREATE TRIGGER book_never_changed BEFORE UPDATE ON book
BEGIN
    SELECT RAISE(ABORT, 'book: rows are never changed');
END;

CREATE TRIGGER book_never_deleted BEFORE DELETE ON book
BEGIN
    SELECT RAISE(ABORT, 'book: rows are never deleted');
END;

CREATE TRIGGER staff_never_changed BEFORE UPDATE ON staff
BEGIN
    SELECT RAISE(ABORT, 'staff: rows are never changed');
END;

CREATE TRIGGER staff_never_deleted BEFORE DELETE ON staff
BEGIN
    SELECT RAISE(ABORT, 'staff: rows are never deleted');
END;

CREATE TRIGGER staff_role_never_changed BEFORE UPDATE ON staff_role
BEGIN
    SELECT RAISE(ABORT, 'staff_role: rows are never changed');
END;

CREATE TRIGGER staff_role_never_deleted BEFORE DELETE ON staff_role
BEGIN
    SELECT RAISE(ABORT, 'staff_role: rows are never deleted');
END;

CREATE TRIGGER control_terms_never_changed BEFORE UPDATE ON control_terms
BEGIN
    SELECT RAISE(ABORT, 'control_terms: rows are never changed');
END;

CREATE TRIGGER control_terms_never_deleted BEFORE DELETE ON control_terms
BEGIN
    SELECT RAISE(ABORT, 'control_terms: rows are never deleted');
END;

CREATE TRIGGER staff_role_ended_never_changed BEFORE UPDATE ON staff_role_ended
BEGIN
    SELECT RAISE(ABORT, 'staff_role_ended: rows are never changed');
END;

CREATE TRIGGER staff_role_ended_never_deleted BEFORE DELETE ON staff_role_ended
BEGIN
    SELECT RAISE(ABORT, 'staff_role_ended: rows are never deleted');
END;

CREATE TRIGGER staff_relative_never_changed BEFORE UPDATE ON staff_relative
BEGIN
    SELECT RAISE(ABORT, 'staff_relative: rows are never changed');
END;

CREATE TRIGGER staff_relative_never_deleted BEFORE DELETE ON staff_relative
BEGIN
    SELECT RAISE(ABORT, 'staff_relative: rows are never deleted');
END;

CREATE TRIGGER staff_key_never_changed BEFORE UPDATE ON staff_key
BEGIN
    SELECT RAISE(ABORT, 'staff_key: rows are never changed');
END;

CREATE TRIGGER staff_key_never_deleted BEFORE DELETE ON staff_key
BEGIN
    SELECT RAISE(ABORT, 'staff_key: rows are never deleted');
END;

CREATE TRIGGER staff_key_revoked_never_changed BEFORE UPDATE ON staff_key_revoked
BEGIN
    SELECT RAISE(ABORT, 'staff_key_revoked: rows are never changed');
END;

CREATE TRIGGER staff_key_revoked_never_deleted BEFORE DELETE ON staff_key_revoked
BEGIN
    SELECT RAISE(ABORT, 'staff_key_revoked: rows are never deleted');
END;

CREATE TRIGGER dispute_resolved_never_changed BEFORE UPDATE ON dispute_resolved
BEGIN
    SELECT RAISE(ABORT, 'dispute_resolved: rows are never changed');
END;

CREATE TRIGGER dispute_resolved_never_deleted BEFORE DELETE ON dispute_resolved
BEGIN
    SELECT RAISE(ABORT, 'dispute_resolved: rows are never deleted');
END;

CREATE TRIGGER key_recovery_never_changed BEFORE UPDATE ON key_recovery
BEGIN
    SELECT RAISE(ABORT, 'key_recovery: rows are never changed');
END;

CREATE TRIGGER key_recovery_never_deleted BEFORE DELETE ON key_recovery
BEGIN
    SELECT RAISE(ABORT, 'key_recovery: rows are never deleted');
END;

CREATE TRIGGER key_recovery_seen_never_changed BEFORE UPDATE ON key_recovery_seen
BEGIN
    SELECT RAISE(ABORT, 'key_recovery_seen: rows are never changed');
END;

CREATE TRIGGER key_recovery_seen_never_deleted BEFORE DELETE ON key_recovery_seen
BEGIN
    SELECT RAISE(ABORT, 'key_recovery_seen: rows are never deleted');
END;

CREATE TRIGGER service_key_never_changed BEFORE UPDATE ON service_key
BEGIN
    SELECT RAISE(ABORT, 'service_key: rows are never changed');
END;

CREATE TRIGGER service_key_never_deleted BEFORE DELETE ON service_key
BEGIN
    SELECT RAISE(ABORT, 'service_key: rows are never deleted');
END;

CREATE TRIGGER policy_never_changed BEFORE UPDATE ON policy
BEGIN
    SELECT RAISE(ABORT, 'policy: rows are never changed');
END;

CREATE TRIGGER policy_never_deleted BEFORE DELETE ON policy
BEGIN
    SELECT RAISE(ABORT, 'policy: rows are never deleted');
END;

CREATE TRIGGER policy_activation_never_changed BEFORE UPDATE ON policy_activation
BEGIN
    SELECT RAISE(ABORT, 'policy_activation: rows are never changed');
END;

CREATE TRIGGER policy_activation_never_deleted BEFORE DELETE ON policy_activation
BEGIN
    SELECT RAISE(ABORT, 'policy_activation: rows are never deleted');
END;

CREATE TRIGGER closed_day_never_changed BEFORE UPDATE ON closed_day
BEGIN
    SELECT RAISE(ABORT, 'closed_day: rows are never changed');
END;

CREATE TRIGGER closed_day_never_deleted BEFORE DELETE ON closed_day
BEGIN
    SELECT RAISE(ABORT, 'closed_day: rows are never deleted');
END;

CREATE TRIGGER closed_period_never_changed BEFORE UPDATE ON closed_period
BEGIN
    SELECT RAISE(ABORT, 'closed_period: rows are never changed');
END;

CREATE TRIGGER closed_period_never_deleted BEFORE DELETE ON closed_period
BEGIN
    SELECT RAISE(ABORT, 'closed_period: rows are never deleted');
END;

CREATE TRIGGER account_never_changed BEFORE UPDATE ON account
BEGIN
    SELECT RAISE(ABORT, 'account: rows are never changed');
END;

CREATE TRIGGER account_never_deleted BEFORE DELETE ON account
BEGIN
    SELECT RAISE(ABORT, 'account: rows are never deleted');
END;

CREATE TRIGGER account_code_never_changed BEFORE UPDATE ON account_code
BEGIN
    SELECT RAISE(ABORT, 'account_code: rows are never changed');
END;

CREATE TRIGGER account_code_never_deleted BEFORE DELETE ON account_code
BEGIN
    SELECT RAISE(ABORT, 'account_code: rows are never deleted');
END;

CREATE TRIGGER line_never_changed BEFORE UPDATE ON line
BEGIN
    SELECT RAISE(ABORT, 'line: rows are never changed');
END;

CREATE TRIGGER line_never_deleted BEFORE DELETE ON line
BEGIN
    SELECT RAISE(ABORT, 'line: rows are never deleted');
END;

CREATE TRIGGER entry_never_changed BEFORE UPDATE ON entry
BEGIN
    SELECT RAISE(ABORT, 'entry: rows are never changed');
END;

CREATE TRIGGER entry_never_deleted BEFORE DELETE ON entry
BEGIN
    SELECT RAISE(ABORT, 'entry: rows are never deleted');
END;

CREATE TRIGGER household_never_changed BEFORE UPDATE ON household
BEGIN
    SELECT RAISE(ABORT, 'household: rows are never changed');
END;

CREATE TRIGGER household_never_deleted BEFORE DELETE ON household
BEGIN
    SELECT RAISE(ABORT, 'household: rows are never deleted');
END;

CREATE TRIGGER household_status_never_changed BEFORE UPDATE ON household_status
BEGIN
    SELECT RAISE(ABORT, 'household_status: rows are never changed');
END;

CREATE TRIGGER household_status_never_deleted BEFORE DELETE ON household_status
BEGIN
    SELECT RAISE(ABORT, 'household_status: rows are never deleted');
END;

CREATE TRIGGER household_erased_never_changed BEFORE UPDATE ON household_erased
BEGIN
    SELECT RAISE(ABORT, 'household_erased: rows are never changed');
END;

CREATE TRIGGER household_erased_never_deleted BEFORE DELETE ON household_erased
BEGIN
    SELECT RAISE(ABORT, 'household_erased: rows are never deleted');
END;

CREATE TRIGGER person_never_changed BEFORE UPDATE ON person
BEGIN
    SELECT RAISE(ABORT, 'person: rows are never changed');
END;

CREATE TRIGGER person_never_deleted BEFORE DELETE ON person
BEGIN
    SELECT RAISE(ABORT, 'person: rows are never deleted');
END;

CREATE TRIGGER loan_never_changed BEFORE UPDATE ON loan
BEGIN
    SELECT RAISE(ABORT, 'loan: rows are never changed');
END;

CREATE TRIGGER loan_never_deleted BEFORE DELETE ON loan
BEGIN
    SELECT RAISE(ABORT, 'loan: rows are never deleted');
END;

CREATE TRIGGER loan_override_never_changed BEFORE UPDATE ON loan_override
BEGIN
    SELECT RAISE(ABORT, 'loan_override: rows are never changed');
END;

CREATE TRIGGER loan_override_never_deleted BEFORE DELETE ON loan_override
BEGIN
    SELECT RAISE(ABORT, 'loan_override: rows are never deleted');
END;

CREATE TRIGGER loan_override_use_never_changed BEFORE UPDATE ON loan_override_use
BEGIN
    SELECT RAISE(ABORT, 'loan_override_use: rows are never changed');
END;

CREATE TRIGGER loan_override_use_never_deleted BEFORE DELETE ON loan_override_use
BEGIN
    SELECT RAISE(ABORT, 'loan_override_use: rows are never deleted');
END;

CREATE TRIGGER loan_referral_never_changed BEFORE UPDATE ON loan_referral
BEGIN
    SELECT RAISE(ABORT, 'loan_referral: rows are never changed');
END;

CREATE TRIGGER loan_referral_never_deleted BEFORE DELETE ON loan_referral
BEGIN
    SELECT RAISE(ABORT, 'loan_referral: rows are never deleted');
END;

CREATE TRIGGER loan_dun_never_changed BEFORE UPDATE ON loan_dun
BEGIN
    SELECT RAISE(ABORT, 'loan_dun: rows are never changed');
END;

CREATE TRIGGER loan_dun_never_deleted BEFORE DELETE ON loan_dun
BEGIN
    SELECT RAISE(ABORT, 'loan_dun: rows are never deleted');
END;

CREATE TRIGGER loan_inspection_never_changed BEFORE UPDATE ON loan_inspection
BEGIN
    SELECT RAISE(ABORT, 'loan_inspection: rows are never changed');
END;

CREATE TRIGGER loan_inspection_never_deleted BEFORE DELETE ON loan_inspection
BEGIN
    SELECT RAISE(ABORT, 'loan_inspection: rows are never deleted');
END;

CREATE TRIGGER loan_approval_never_changed BEFORE UPDATE ON loan_approval
BEGIN
    SELECT RAISE(ABORT, 'loan_approval: rows are never changed');
END;

CREATE TRIGGER loan_approval_never_deleted BEFORE DELETE ON loan_approval
BEGIN
    SELECT RAISE(ABORT, 'loan_approval: rows are never deleted');
END;

CREATE TRIGGER loan_contract_never_changed BEFORE UPDATE ON loan_contract
BEGIN
    SELECT RAISE(ABORT, 'loan_contract: rows are never changed');
END;

CREATE TRIGGER loan_contract_never_deleted BEFORE DELETE ON loan_contract
BEGIN
    SELECT RAISE(ABORT, 'loan_contract: rows are never deleted');
END;

CREATE TRIGGER loan_settlement_never_changed BEFORE UPDATE ON loan_settlement
BEGIN
    SELECT RAISE(ABORT, 'loan_settlement: rows are never changed');
END;

CREATE TRIGGER loan_settlement_never_deleted BEFORE DELETE ON loan_settlement
BEGIN
    SELECT RAISE(ABORT, 'loan_settlement: rows are never deleted');
END;

CREATE TRIGGER loan_class_never_changed BEFORE UPDATE ON loan_class
BEGIN
    SELECT RAISE(ABORT, 'loan_class: rows are never changed');
END;

CREATE TRIGGER loan_class_never_deleted BEFORE DELETE ON loan_class
BEGIN
    SELECT RAISE(ABORT, 'loan_class: rows are never deleted');
END;

CREATE TRIGGER loan_overdue_never_changed BEFORE UPDATE ON loan_overdue
BEGIN
    SELECT RAISE(ABORT, 'loan_overdue: rows are never changed');
END;

CREATE TRIGGER loan_overdue_never_deleted BEFORE DELETE ON loan_overdue
BEGIN
    SELECT RAISE(ABORT, 'loan_overdue: rows are never deleted');
END;

CREATE TRIGGER loan_status_never_changed BEFORE UPDATE ON loan_status
BEGIN
    SELECT RAISE(ABORT, 'loan_status: rows are never changed');
END;

CREATE TRIGGER loan_status_never_deleted BEFORE DELETE ON loan_status
BEGIN
    SELECT RAISE(ABORT, 'loan_status: rows are never deleted');
END;

CREATE TRIGGER repayment_never_changed BEFORE UPDATE ON repayment
BEGIN
    SELECT RAISE(ABORT, 'repayment: rows are never changed');
END;

CREATE TRIGGER repayment_never_deleted BEFORE DELETE ON repayment
BEGIN
    SELECT RAISE(ABORT, 'repayment: rows are never deleted');
END;

CREATE TRIGGER reversal_proposal_never_changed BEFORE UPDATE ON reversal_proposal
BEGIN
    SELECT RAISE(ABORT, 'reversal_proposal: rows are never changed');
END;

CREATE TRIGGER reversal_proposal_never_deleted BEFORE DELETE ON reversal_proposal
BEGIN
    SELECT RAISE(ABORT, 'reversal_proposal: rows are never deleted');
END;

CREATE TRIGGER reversal_never_changed BEFORE UPDATE ON reversal
BEGIN
    SELECT RAISE(ABORT, 'reversal: rows are never changed');
END;

CREATE TRIGGER reversal_never_deleted BEFORE DELETE ON reversal
BEGIN
    SELECT RAISE(ABORT, 'reversal: rows are never deleted');
END;

CREATE TRIGGER reversal_refusal_never_changed BEFORE UPDATE ON reversal_refusal
BEGIN
    SELECT RAISE(ABORT, 'reversal_refusal: rows are never changed');
END;

CREATE TRIGGER reversal_refusal_never_deleted BEFORE DELETE ON reversal_refusal
BEGIN
    SELECT RAISE(ABORT, 'reversal_refusal: rows are never deleted');
END;

CREATE TRIGGER fund_payment_never_changed BEFORE UPDATE ON fund_payment
BEGIN
    SELECT RAISE(ABORT, 'fund_payment: rows are never changed');
END;

CREATE TRIGGER fund_payment_never_deleted BEFORE DELETE ON fund_payment
BEGIN
    SELECT RAISE(ABORT, 'fund_payment: rows are never deleted');
END;

CREATE TRIGGER claim_never_changed BEFORE UPDATE ON claim
BEGIN
    SELECT RAISE(ABORT, 'claim: rows are never changed');
END;

CREATE TRIGGER claim_never_deleted BEFORE DELETE ON claim
BEGIN
    SELECT RAISE(ABORT, 'claim: rows are never deleted');
END;

CREATE TRIGGER claim_approval_never_changed BEFORE UPDATE ON claim_approval
BEGIN
    SELECT RAISE(ABORT, 'claim_approval: rows are never changed');
END;

CREATE TRIGGER claim_approval_never_deleted BEFORE DELETE ON claim_approval
BEGIN
    SELECT RAISE(ABORT, 'claim_approval: rows are never deleted');
END;

CREATE TRIGGER claim_status_never_changed BEFORE UPDATE ON claim_status
BEGIN
    SELECT RAISE(ABORT, 'claim_status: rows are never changed');
END;

CREATE TRIGGER claim_status_never_deleted BEFORE DELETE ON claim_status
BEGIN
    SELECT RAISE(ABORT, 'claim_status: rows are never deleted');
END;

CREATE TRIGGER claim_part_never_changed BEFORE UPDATE ON claim_part
BEGIN
    SELECT RAISE(ABORT, 'claim_part: rows are never changed');
END;

CREATE TRIGGER claim_part_never_deleted BEFORE DELETE ON claim_part
BEGIN
    SELECT RAISE(ABORT, 'claim_part: rows are never deleted');
END;

CREATE TRIGGER claim_due_never_changed BEFORE UPDATE ON claim_due
BEGIN
    SELECT RAISE(ABORT, 'claim_due: rows are never changed');
END;

CREATE TRIGGER claim_due_never_deleted BEFORE DELETE ON claim_due
BEGIN
    SELECT RAISE(ABORT, 'claim_due: rows are never deleted');
END;

CREATE TRIGGER claim_payment_never_changed BEFORE UPDATE ON claim_payment
BEGIN
    SELECT RAISE(ABORT, 'claim_payment: rows are never changed');
END;

CREATE TRIGGER claim_payment_never_deleted BEFORE DELETE ON claim_payment
BEGIN
    SELECT RAISE(ABORT, 'claim_payment: rows are never deleted');
END;

CREATE TRIGGER recovery_never_changed BEFORE UPDATE ON recovery
BEGIN
    SELECT RAISE(ABORT, 'recovery: rows are never changed');
END;

CREATE TRIGGER recovery_never_deleted BEFORE DELETE ON recovery
BEGIN
    SELECT RAISE(ABORT, 'recovery: rows are never deleted');
END;

CREATE TRIGGER recovery_transfer_never_changed BEFORE UPDATE ON recovery_transfer
BEGIN
    SELECT RAISE(ABORT, 'recovery_transfer: rows are never changed');
END;

CREATE TRIGGER recovery_transfer_never_deleted BEFORE DELETE ON recovery_transfer
BEGIN
    SELECT RAISE(ABORT, 'recovery_transfer: rows are never deleted');
END;

CREATE TRIGGER subsidy_claim_never_changed BEFORE UPDATE ON subsidy_claim
BEGIN
    SELECT RAISE(ABORT, 'subsidy_claim: rows are never changed');
END;

CREATE TRIGGER subsidy_claim_never_deleted BEFORE DELETE ON subsidy_claim
BEGIN
    SELECT RAISE(ABORT, 'subsidy_claim: rows are never deleted');
END;

CREATE TRIGGER subsidy_claim_item_never_changed BEFORE UPDATE ON subsidy_claim_item
BEGIN
    SELECT RAISE(ABORT, 'subsidy_claim_item: rows are never changed');
END;

CREATE TRIGGER subsidy_claim_item_never_deleted BEFORE DELETE ON subsidy_claim_item
BEGIN
    SELECT RAISE(ABORT, 'subsidy_claim_item: rows are never deleted');
END;

CREATE TRIGGER subsidy_receipt_never_changed BEFORE UPDATE ON subsidy_receipt
BEGIN
    SELECT RAISE(ABORT, 'subsidy_receipt: rows are never changed');
END;

CREATE TRIGGER subsidy_receipt_never_deleted BEFORE DELETE ON subsidy_receipt
BEGIN
    SELECT RAISE(ABORT, 'subsidy_receipt: rows are never deleted');
END;

CREATE TRIGGER premium_claim_never_changed BEFORE UPDATE ON premium_claim
BEGIN
    SELECT RAISE(ABORT, 'premium_claim: rows are never changed');
END;

CREATE TRIGGER premium_claim_never_deleted BEFORE DELETE ON premium_claim
BEGIN
    SELECT RAISE(ABORT, 'premium_claim: rows are never deleted');
END;

CREATE TRIGGER premium_item_never_changed BEFORE UPDATE ON premium_item
BEGIN
    SELECT RAISE(ABORT, 'premium_item: rows are never changed');
END;

CREATE TRIGGER premium_item_never_deleted BEFORE DELETE ON premium_item
BEGIN
    SELECT RAISE(ABORT, 'premium_item: rows are never deleted');
END;

CREATE TRIGGER premium_payment_never_changed BEFORE UPDATE ON premium_payment
BEGIN
    SELECT RAISE(ABORT, 'premium_payment: rows are never changed');
END;

CREATE TRIGGER premium_payment_never_deleted BEFORE DELETE ON premium_payment
BEGIN
    SELECT RAISE(ABORT, 'premium_payment: rows are never deleted');
END;

-- The chart of accounts (codes of the Accounting Standards for Enterprises; the fund's and the memo register's are our own) --

INSERT INTO account (id, book, side, name_zh, name_en) VALUES
    (1, 'bank', 'debit', '银行存款', 'bank money'),
    (2, 'bank', 'debit', '贷款—正常', 'loans, normal'),
    (3, 'bank', 'debit', '贷款—逾期', 'loans, overdue'),
    (4, 'bank', 'debit', '贷款—非应计', 'loans, non-accrual'),
    (5, 'bank', 'debit', '应收利息', 'interest receivable'),
    (6, 'bank', 'debit', '其他应收款—应收财政贴息', 'subsidy receivable from county finance'),
    (7, 'bank', 'debit', '其他应收款—应收保险赔款', 'indemnity receivable from the insurer'),
    (8, 'bank', 'debit', '其他应收款—应收风险补偿款', 'compensation receivable from the fund'),
    (9, 'bank', 'debit', '其他应收款—应收财政保费', 'premium receivable from county finance'),
    (10, 'bank', 'credit', '贷款损失准备', 'loan-loss provision'),
    (11, 'bank', 'credit', '吸收存款—风险补偿金专户', 'deposit of the compensation fund'),
    (12, 'bank', 'credit', '其他应付款—应返还保险公司', 'recoveries due to the insurer'),
    (13, 'bank', 'credit', '其他应付款—应返还风险补偿金', 'recoveries due to the fund'),
    (14, 'bank', 'credit', '其他应付款—多收还款', 'overpayments held'),
    (15, 'bank', 'credit', '其他应付款—应退贴息', 'subsidy refunds due to households'),
    (16, 'bank', 'credit', '其他应付款—应付保费', 'premium payable to the insurer'),
    (17, 'bank', 'credit', '利息收入', 'interest income'),
    (18, 'bank', 'credit', '利息收入—罚息', 'penalty interest income'),
    (19, 'bank', 'debit', '利息支出', 'interest expense'),
    (20, 'bank', 'debit', '资产减值损失', 'impairment loss'),
    (31, 'fund', 'debit', '银行存款—风险补偿金专户', 'special account at the bank'),
    (32, 'fund', 'debit', '应收返还款', 'recoveries receivable'),
    (33, 'fund', 'credit', '应付补偿款', 'claims payable'),
    (34, 'fund', 'credit', '基金本金', 'capital paid in'),
    (35, 'fund', 'credit', '基金补充', 'yearly top-ups'),
    (36, 'fund', 'credit', '基金利息', 'interest earned'),
    (37, 'fund', 'credit', '追偿收回', 'recoveries'),
    (38, 'fund', 'debit', '补偿支出', 'compensation paid'),
    (39, 'fund', 'debit', '应收代垫款', 'advances receivable'),
    (40, 'fund', 'credit', '应付代垫款', 'advances payable'),
    (51, 'memo', 'credit', '备查对方', 'contra'),
    (52, 'memo', 'debit', '表外应收利息', 'off-balance interest'),
    (53, 'memo', 'debit', '已申请补偿款', 'claims filed'),
    (54, 'memo', 'debit', '代位追偿本金', 'subrogated principal'),
    (55, 'memo', 'debit', '已核销本金', 'written-off principal');

INSERT INTO account_code (account_id, from_year, code) VALUES
    (1, 1900, '1002'),
    (2, 1900, '1303-01'),
    (3, 1900, '1303-02'),
    (4, 1900, '1303-03'),
    (5, 1900, '1132'),
    (6, 1900, '1221-01'),
    (7, 1900, '1221-02'),
    (8, 1900, '1221-03'),
    (9, 1900, '1221-04'),
    (10, 1900, '1304'),
    (11, 1900, '2011-09'),
    (12, 1900, '2241-01'),
    (13, 1900, '2241-02'),
    (14, 1900, '2241-03'),
    (15, 1900, '2241-04'),
    (16, 1900, '2241-05'),
    (17, 1900, '6011'),
    (18, 1900, '6011-02'),
    (19, 1900, '6411'),
    (20, 1900, '6701'),
    (31, 1900, '1001'),
    (32, 1900, '1201'),
    (33, 1900, '2201'),
    (34, 1900, '3001'),
    (35, 1900, '3002'),
    (36, 1900, '4001'),
    (37, 1900, '4002'),
    (38, 1900, '5001'),
    (39, 1900, '1202'),
    (40, 1900, '2202'),
    (51, 1900, 'M0'),
    (52, 1900, 'M1'),
    (53, 1900, 'M2'),
    (54, 1900, 'M3'),
    (55, 1900, 'M4');

INSERT INTO balance (account_id, debit_fen, credit_fen) SELECT id, 0, 0 FROM account;

INSERT INTO frontier (id, size, hashes) VALUES (0, 0, x'');

-- Signed heads of the log ------------------------------------------------------------------------

-- The newest head (tip) gives way to the next; those of a day, a seal or a witness stay for ever.
CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY CHECK (size > 0),
    note BLOB NOT NULL CHECK (length(note) BETWEEN 1 AND 65536),
    why  TEXT NOT NULL CHECK (why = 'tip' OR why = 'day' OR why = 'seal' OR why = 'cosigned')
) STRICT;

CREATE UNIQUE INDEX checkpoint_tip_once ON checkpoint (why) WHERE why = 'tip';

CREATE TRIGGER checkpoint_of_events BEFORE INSERT ON checkpoint
WHEN NEW.size > (SELECT coalesce(max(seq), -1) + 1 FROM event)
BEGIN
    SELECT RAISE(FAIL, 'checkpoint: the log has not come so far');
END;

-- A witness may answer late; every other head is the newest when it is made.
CREATE TRIGGER checkpoint_follows BEFORE INSERT ON checkpoint
WHEN NEW.why <> 'cosigned' AND NEW.size < (SELECT coalesce(max(size), 0) FROM checkpoint)
BEGIN
    SELECT RAISE(FAIL, 'checkpoint: sizes only grow');
END;

CREATE TRIGGER checkpoint_tip_moves_on BEFORE UPDATE ON checkpoint
WHEN OLD.why = 'tip'
     AND (NEW.size < OLD.size OR NEW.size > (SELECT coalesce(max(seq), -1) + 1 FROM event))
BEGIN
    SELECT RAISE(ABORT, 'checkpoint: sizes only grow');
END;

-- A head that is kept may gain the line of a witness at its end, and nothing else.
CREATE TRIGGER checkpoint_kept_never_changed BEFORE UPDATE ON checkpoint
WHEN OLD.why <> 'tip'
     AND (NEW.size <> OLD.size OR NEW.why NOT IN (OLD.why, 'cosigned')
          OR length(NEW.note) <= length(OLD.note)
          OR substr(NEW.note, 1, length(OLD.note)) <> OLD.note)
BEGIN
    SELECT RAISE(ABORT, 'checkpoint: heads that are kept are never changed');
END;

CREATE TRIGGER checkpoint_kept_never_deleted BEFORE DELETE ON checkpoint
WHEN OLD.why <> 'tip'
BEGIN
    SELECT RAISE(ABORT, 'checkpoint: heads that are kept are never deleted');
END;
