/* example.h - the worked example: a log of nine events, with the seeds of all its keys. */
#ifndef YICANG_TESTS_CONFORMANCE_EXAMPLE_H
#define YICANG_TESTS_CONFORMANCE_EXAMPLE_H

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/minisign.h"
#include "ledger/audit/proof.h"
#include "ledger/store/store.h"

#define EXAMPLE_ORIGIN "xinhe-coop.example/ledger-7f3a9c21"
#define EXAMPLE_EVENTS 9
#define EXAMPLE_COSIGNED_7 1772442600
#define EXAMPLE_COSIGNED_9 1772445600

/* The key with this label; its verifier key as it stands in the data is *ret_vkey (may be NULL). */
struct signing_key example_key(const char *label, char ret_vkey[VKEY_TEXT_MAX]);
struct minisign_secret example_export_key(void);
/* A file of the example, for free(). */
char *example_file(const char *name, size_t *ret_length);
struct sha256 example_root(uint64_t size);
struct sha256 example_leaf_hash(uint64_t seq);
/* Leaf hashes of the example as the source of a tree. */
struct leaf_source example_leaves(void);
/* Fails the test, showing both, if the buffer differs from the file. */
void example_check_file(const struct buffer *got, const char *name);

/* A new book holding the nine leaves and the heads 3, 7, 8 and 9. */
struct store *example_book(const char *path);

#endif
