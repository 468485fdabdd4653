# Makes the tables behind geo/place/unihan.h of the Unicode character database, as Debian's
# unicode-data has it.
set(UNICODE_DATA "/usr/share/unicode" CACHE PATH "folder of the Unicode character database")

function(house_unihan output)
  find_program(NODE NAMES node nodejs REQUIRED)
  find_program(BZIP2 NAMES bzip2 REQUIRED)
  set(script ${PROJECT_SOURCE_DIR}/cmake/unihan.mjs)
  set(files UnicodeData.txt Unihan_Readings.txt.bz2 Unihan_Variants.txt.bz2)
  list(TRANSFORM files PREPEND ${UNICODE_DATA}/)
  foreach(file ${files})
    if(NOT EXISTS ${file})
      message(FATAL_ERROR "${file} is missing: install unicode-data, or set UNICODE_DATA")
    endif()
  endforeach()
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${NODE} ${script} ${UNICODE_DATA} ${output}
    DEPENDS ${script} ${files}
    COMMENT "Reading the Unicode character database"
    VERBATIM)
endfunction()
