#include "tests/conformance/attacks/attacks.h"

int main(void)
{
    return attacks_elsewhere();
}
