# yicang_library(<target> <folder> [libraries...]): one static library of every .c file that stands
# directly in the folder.
function(yicang_library target folder)
    file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.c")
    list(FILTER sources EXCLUDE REGEX "/main\\.c$")
    if(sources)
        add_library(${target} STATIC ${sources})
        target_link_libraries(${target} PUBLIC yc_flags ${ARGN})
    else()
        add_library(${target} INTERFACE)
        target_link_libraries(${target} INTERFACE yc_flags ${ARGN})
    endif()
endfunction()

# yicang_embed(<target> <symbol> <file>...): the files as byte arrays in one generated source, with a
# table `const struct embedded_file <symbol>[]` that ends with a NULL name.
function(yicang_embed target symbol)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c")
    add_custom_command(OUTPUT "${output}"
        COMMAND "${CMAKE_COMMAND}" -D "OUTPUT=${output}" -D "SYMBOL=${symbol}" -D "FILES=${ARGN}"
                -P "${PROJECT_SOURCE_DIR}/cmake/embed.cmake"
        DEPENDS ${ARGN} "${PROJECT_SOURCE_DIR}/cmake/embed.cmake" VERBATIM)
    # A generated file is known only in the folder that makes it; its objects are known everywhere.
    add_library(${symbol} OBJECT "${output}")
    target_link_libraries(${symbol} PRIVATE yc_flags)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${symbol}>)
endfunction()
