# OUTPUT = PROSE with its @COMMANDS@ line replaced by what PROGRAM says about itself.
execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env LANGUAGE=en LC_ALL=C.UTF-8 "${PROGRAM}" help --mdoc
    OUTPUT_VARIABLE commands COMMAND_ERROR_IS_FATAL ANY)
string(STRIP "${commands}" commands)
file(READ "${PROSE}" prose)
string(FIND "${prose}" "@COMMANDS@" place)
if(place EQUAL -1)
    message(FATAL_ERROR "${PROSE} has no @COMMANDS@ line")
endif()
string(REPLACE "@COMMANDS@" "${commands}" page "${prose}")
file(WRITE "${OUTPUT}" "${page}")
