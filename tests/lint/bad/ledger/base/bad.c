#include "ledger/store/store.h"
/* strcpy(a, b) in a comment is no finding, nor is double. */
static double fraction(const char *text) { return atof(text); }
static long long raw(struct money *a) { return a->fen; }
static int excused(const char *text) { return atoi(text); /* lint: shows that a reason is heard */ }
