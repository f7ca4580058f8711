# Writes FILES as byte arrays into OUTPUT; see yicang_embed() in YicangTargets.cmake.
set(content "#include \"ledger/base/embedded.h\"\n")
set(table "")
set(number 0)
foreach(file IN LISTS FILES)
    get_filename_component(name "${file}" NAME)
    file(READ "${file}" bytes HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(APPEND content "static const unsigned char file_${number}[] = {${bytes}0};\n")
    string(APPEND table "    {\"${name}\", file_${number}, sizeof file_${number} - 1},\n")
    math(EXPR number "${number} + 1")
endforeach()
string(APPEND content
    "extern const struct embedded_file ${SYMBOL}[];\n"
    "const struct embedded_file ${SYMBOL}[] = {\n${table}    {0, 0, 0},\n};\n")
file(WRITE "${OUTPUT}" "${content}")
