/* uuid.h - random 128-bit ids (libuuid): command ids, subject ids. Layer: base.
 * Ids that order tables are numbers given by the store, never these. (libuuid owns the names
 * uuid_parse and uuid_unparse.) */
#ifndef YICANG_BASE_UUID_H
#define YICANG_BASE_UUID_H

#include "ledger/base/attributes.h"
#include "ledger/base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define UUID_SIZE 16
#define UUID_HEX_SIZE 33 /* 32 characters and the NUL */

struct uuid {
    uint8_t byte[UUID_SIZE];
};

struct uuid uuid_random(void);
/* Exactly 32 lower-case hex digits; reason id command-id.format. */
MUST_CHECK bool uuid_from_hex(const char *hex, struct uuid *ret, struct error *err);
char *uuid_to_hex(const struct uuid *uuid, char buffer[static UUID_HEX_SIZE]);

#endif
