# Flags every target of the project shares, carried by one interface target.
include(CheckCCompilerFlag)

add_library(yc_flags INTERFACE)
target_include_directories(yc_flags INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(yc_flags INTERFACE _GNU_SOURCE)

set(warnings
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wcast-qual -Wcast-align
    -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith
    -Wwrite-strings -Wvla -Walloca -Wundef -Wnull-dereference -Wdouble-promotion -Wfloat-equal
    -Wfloat-conversion -Wswitch-enum -Wimplicit-fallthrough
    -Wformat-signedness -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Warith-conversion
    -Wcomma)
foreach(warning IN LISTS warnings)
    string(MAKE_C_IDENTIFIER "accepts${warning}" accepted)
    check_c_compiler_flag("-Werror ${warning}" ${accepted})
    if(${accepted})
        target_compile_options(yc_flags INTERFACE ${warning})
    endif()
endforeach()
# gettext's format strings are not literals; their arguments are checked by format_arg attributes.
target_compile_options(yc_flags INTERFACE -Wno-format-nonliteral -fno-common)
# A function bound at its first call has the vector registers saved on the stack first, and with them
# what memcpy() left there of a key.
target_link_options(yc_flags INTERFACE -Wl,-z,relro,-z,now)

set(YICANG_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined")
if(YICANG_SANITIZE)
    target_compile_options(yc_flags INTERFACE
        -fsanitize=${YICANG_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(yc_flags INTERFACE -fsanitize=${YICANG_SANITIZE})
endif()
