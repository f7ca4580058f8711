#include "cli/person.h"

#include "ledger/base/text.h"

#define NAME_MAX_CHARACTERS 60

bool person_read(const struct invocation *invocation, const char *name, struct personal_data *ret,
                 struct error *err)
{
    struct arena *arena = invocation->arena;
    char *id_no = arena_alloc(arena, 19);
    char *phone = arena_alloc(arena, 16);
    char *card = arena_alloc(arena, 24);
    const struct option_value *phone_given = invocation_value(invocation, "phone");
    const struct option_value *card_given = invocation_value(invocation, "bank-card");

    if (!text_accept(arena, _("name"), invocation_value(invocation, name)->text,
                     NAME_MAX_CHARACTERS, &ret->field[FIELD_NAME], err) ||
        !id_number_normalise(invocation_value(invocation, "id-no")->text, id_no, err) ||
        (phone_given->given && !phone_normalise(phone_given->text, phone, err)) ||
        (card_given->given && !bank_card_normalise(card_given->text, card, err))) {
        return false;
    }
    ret->field[FIELD_ID_NO] = id_no;
    ret->field[FIELD_PHONE] = phone_given->given ? phone : NULL;
    ret->field[FIELD_BANK_CARD] = card_given->given ? card : NULL;
    return true;
}
