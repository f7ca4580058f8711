/* key_check.h - how the keys of a book are kept. Layer: service. */
#ifndef YICANG_SERVICE_KEY_CHECK_H
#define YICANG_SERVICE_KEY_CHECK_H

#include "cli/service/book.h"
#include "ledger/audit/verify.h"

/* The service key folder, the keys in it, the folder of people's keys of this book, and how far
 * head and high-water file have come. Changes nothing. Codes: KEYS_MISSING  a folder or file of the
 * service keys is not there KEYS_OPEN     others may read it, or more people may write it than
 * should KEYS_STRAY    left behind by a command that broke off: a day key that is not in force, or
 * the next data keys KEYS_BEHIND   head or high-water file do not cover the last event: a command
 * broke off; the next one that writes brings them up to date */
MUST_CHECK bool key_check(struct office *office, struct findings *findings, struct error *err);

#endif
