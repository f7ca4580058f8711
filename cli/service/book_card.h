/* book_card.h - the trust card of a book: what its auditors hold on paper. Layer: service. */
#ifndef YICANG_SERVICE_BOOK_CARD_H
#define YICANG_SERVICE_BOOK_CARD_H

#include "cli/service/book.h"
#include "ledger/audit/trust_card.h"

/* The card from the genesis of the log. `policy` is the text of the witness policy (NULL: none, and
 * the card then asks for no witness); a line `log VKEY` is put before it if it has none. Reason ids
 * audit.other-policy (it is not the one the genesis names), audit.policy-missing (the genesis names
 * one), audit.old-book (the genesis names no log key), E_TRUST. */
MUST_CHECK bool book_card(struct office *office, const char *policy, size_t policy_length,
                          const struct minisign_key *export_key, struct buffer *ret,
                          struct error *err);

#endif
