#include "ledger/base/uuid.h"

#include "ledger/base/digest.h"
#include "ledger/base/text.h"

#include <string.h>
#include <uuid/uuid.h>

_Static_assert(sizeof(uuid_t) == UUID_SIZE, "libuuid writes exactly our bytes");

struct uuid uuid_random(void)
{
    struct uuid made = {{0}};

    uuid_generate_random(made.byte);
    return made;
}

bool uuid_from_hex(const char *hex, struct uuid *ret, struct error *err)
{
    if (!hex_parse(hex, ret->byte, sizeof ret->byte)) {
        return error_set(err, FAULT_USAGE, "command-id.format",
                         _("an id is exactly 32 lower-case hexadecimal digits, not “%s”"), hex);
    }
    return true;
}

char *uuid_to_hex(const struct uuid *uuid, char buffer[static UUID_HEX_SIZE])
{
    return hex_format(uuid->byte, sizeof uuid->byte, buffer);
}
