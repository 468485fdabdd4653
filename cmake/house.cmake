# How a folder says what is in it.
#
#   house_library(NAME geo_base SOURCES a.c b.c LINKS other_lib PKG proj)
#   house_tests(LIBRARY geo_base NAMES err arena)      # tests/<folder>/test_err.c, ...
#               THREADS snapshot: likewise, and run under ThreadSanitizer too
#   house_fuzzers(LIBRARY geo_space NAMES polyline)    # tests/fuzz/fuzz_polyline.c and its corpus
#   house_bench(LIBRARY geo_place NAMES places)        # tests/bench/bench_places.c, if HOUSE_BENCH
#               SOURCES bench_kit.c: with every one of them
#
# PKG names pkg-config modules that only this library's own door files include.

find_package(PkgConfig REQUIRED)

add_library(house_flags INTERFACE)
target_compile_features(house_flags INTERFACE c_std_11 cxx_std_17)
target_compile_definitions(house_flags INTERFACE _GNU_SOURCE)
target_include_directories(house_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
  house_flags
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fno-common
            $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wvla>)

# address (the default of a debug build), thread, fuzz, none
set(HOUSE_SANITIZE "none" CACHE STRING "address, thread, fuzz or none")
if(HOUSE_SANITIZE STREQUAL "address")
  set(flags -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(HOUSE_SANITIZE STREQUAL "thread")
  set(flags -fsanitize=thread -fno-omit-frame-pointer)
elseif(HOUSE_SANITIZE STREQUAL "fuzz")
  set(flags -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
            -fno-omit-frame-pointer)
elseif(NOT HOUSE_SANITIZE STREQUAL "none")
  message(FATAL_ERROR "HOUSE_SANITIZE is address, thread, fuzz or none, not \"${HOUSE_SANITIZE}\"")
endif()
# A report names files and lines, which is what -g1 keeps; a debugger wants HOUSE_SANITIZE=none. Hundreds of
# programs are linked, and started thousands of times: gold, of Debian's binutils, takes a sixth of ld's processor
# time, and what lies at a fixed address needs no 400,000 relocations of the sanitizers' tables at each start.
# (Gold warns of every symbol of clang's own runtime.)
if(flags)
  list(APPEND flags -g1)
  target_link_options(house_flags INTERFACE -no-pie)
  find_program(GOLD ld.gold)
  if(GOLD AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_link_options(house_flags INTERFACE -fuse-ld=gold)
  endif()
endif()
target_compile_options(house_flags INTERFACE ${flags})
target_link_options(house_flags INTERFACE ${flags})

# What runs under ThreadSanitizer, so that nothing else need be built for it.
add_custom_target(threaded)

option(HOUSE_TESTS "build the tests and fuzz targets" ON)
option(HOUSE_BENCH "build the benchmarks" OFF)

function(house_package target module)
  string(MAKE_C_IDENTIFIER ${module} id)
  if(NOT TARGET PkgConfig::${id})
    pkg_check_modules(${id} REQUIRED IMPORTED_TARGET GLOBAL ${module})
  endif()
  target_link_libraries(${target} PRIVATE PkgConfig::${id})
endfunction()

function(house_library)
  cmake_parse_arguments(A "" "NAME" "SOURCES;LINKS;PKG" ${ARGN})
  add_library(${A_NAME} STATIC ${A_SOURCES})
  target_link_libraries(${A_NAME} PUBLIC house_flags ${A_LINKS})
  foreach(module ${A_PKG})
    house_package(${A_NAME} ${module})
  endforeach()
endfunction()

function(house_tests)
  cmake_parse_arguments(A "" "LIBRARY" "NAMES;THREADS;LINKS" ${ARGN})
  if(NOT HOUSE_TESTS OR HOUSE_SANITIZE STREQUAL "fuzz")
    return()
  endif()
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(name ${A_NAMES} ${A_THREADS})
    set(target test_${name})
    add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/${folder}/test_${name}.c)
    target_link_libraries(${target} PRIVATE ${A_LIBRARY} ${A_LINKS} m)
    house_package(${target} cmocka)
    target_compile_definitions(${target} PRIVATE HOUSE_ROOT="${PROJECT_SOURCE_DIR}")
    # Nothing is gained by optimising what runs once.
    target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
    add_test(NAME ${folder}/${name} COMMAND ${target} WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
    set_tests_properties(${folder}/${name} PROPERTIES TIMEOUT 300)
    if(NOT folder MATCHES "^geo")
      set_tests_properties(${folder}/${name} PROPERTIES FIXTURES_REQUIRED template)
    endif()
  endforeach()
  foreach(name ${A_THREADS})
    add_dependencies(threaded test_${name})
    set_tests_properties(${folder}/${name} PROPERTIES LABELS threads)
  endforeach()
endfunction()

# A fuzz target is one file with LLVMFuzzerTestOneInput. Under HOUSE_SANITIZE=fuzz it becomes a
# libFuzzer program; in every other build it replays its corpus as a test.
function(house_fuzzers)
  cmake_parse_arguments(A "" "LIBRARY" "NAMES;LINKS" ${ARGN})
  if(NOT HOUSE_TESTS)
    return()
  endif()
  foreach(name ${A_NAMES})
    set(target fuzz_${name})
    set(source ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_${name}.c)
    set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
    if(HOUSE_SANITIZE STREQUAL "fuzz")
      add_executable(${target} ${source})
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
      add_executable(${target} ${source} ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.c)
      add_test(NAME fuzz/${name} COMMAND ${target} ${corpus})
      set_tests_properties(fuzz/${name} PROPERTIES TIMEOUT 120)
    endif()
    target_link_libraries(${target} PRIVATE ${A_LIBRARY} ${A_LINKS})
  endforeach()
endfunction()

function(house_bench)
  cmake_parse_arguments(A "" "LIBRARY" "NAMES;LINKS;SOURCES" ${ARGN})
  if(HOUSE_BENCH)
    list(TRANSFORM A_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/tests/bench/)
    foreach(name ${A_NAMES})
      add_executable(bench_${name} ${PROJECT_SOURCE_DIR}/tests/bench/bench_${name}.c ${A_SOURCES})
      target_link_libraries(bench_${name} PRIVATE ${A_LIBRARY} ${A_LINKS} m)
    endforeach()
  endif()
endfunction()
