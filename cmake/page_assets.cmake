# Run at build time: writes OUTPUT, a source with the page's style sheet, script and chart library.
# The library comes from npm, each package at one version whose SHA-512 is known; without npm, or
# without its registry, the page does with its static figures and tables.
#   -DFOLDER=reports/page -DCACHE=folder of packages -DOUTPUT=page_assets.cpp
set(packages
    vega 6.4.0
    ac75c2ab62e911608b3235c1123ee1a1c63d1b4fe2e5319845ac861928f4e954c5e3e976206d99ee87992828d66d487fee14c4fe65616da38f07bdb0084961ea
    build/vega.min.js
    vega-lite 6.5.0
    7cc5c5eacd0cac88345135a72c87de16d8122f3561cb348aa1bcc6ae1e6b852fa62fa14e6051b79bba2e278536de08fae442be825f452084f9c3bc0b35a03390
    build/vega-lite.min.js
    vega-embed 7.3.0
    c10f2ce46692ceaa0a82645f6d1a25801ae313608fed92875ea1fb3628f132a3e3a5d5b14ace039fcb6fa7d83482242f87670afb7a79eacc63596334c0d9e01b
    build/vega-embed.min.js
    vega-interpreter 2.3.2
    2430288b7b5a15c0832ee8d91bce1334d517764019e56b121ecb31f2559561ac5bf5296c8e4eefecfb512185e94a55302da286441aa827d283b37e99d1e30423
    build/vega-interpreter.js)

# fetch_package(NAME VERSION SHA512 RESULT): RESULT is its folder, or empty.
function(fetch_package name version sha512 result)
  set(${result} "" PARENT_SCOPE)
  set(archive ${CACHE}/${name}-${version}.tgz)
  if(NOT EXISTS ${archive} AND NPM)
    file(MAKE_DIRECTORY ${CACHE})
    execute_process(
      COMMAND ${NPM} pack --silent --fetch-retries=1 --fetch-timeout=20000 ${name}@${version}
      WORKING_DIRECTORY ${CACHE}
      OUTPUT_QUIET ERROR_QUIET
      TIMEOUT 60)
  endif()
  if(NOT EXISTS ${archive})
    return()
  endif()
  file(SHA512 ${archive} found)
  if(NOT found STREQUAL sha512)
    message(FATAL_ERROR "${archive} is not the ${name} ${version} that this version of evalzip was tested with: "
                        "its SHA-512 is ${found}. Delete it to have it fetched again.")
  endif()
  file(MAKE_DIRECTORY ${CACHE}/${name})
  execute_process(COMMAND ${CMAKE_COMMAND} -E tar xzf ${archive} WORKING_DIRECTORY ${CACHE}/${name})
  set(${result} ${CACHE}/${name}/package PARENT_SCOPE)
endfunction()

# append_text(NAME TEXT): a function NAME() that returns TEXT. Compilers bound the length of one literal.
function(append_text name text)
  string(LENGTH "${text}" length)
  set(at 0)
  set(code "std::string ${name}() {\n  static const char* const kPieces[] = {\n")
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 12000 piece)
    string(APPEND code "R\"evalzip(${piece})evalzip\",\n")
    math(EXPR at "${at} + 12000")
  endwhile()
  string(APPEND code "};\n  return joined(kPieces);\n}\n\n")
  set(source "${source}${code}" PARENT_SCOPE)
endfunction()

find_program(NPM npm)
set(libraries)
while(packages)
  list(POP_FRONT packages name version sha512 file)
  fetch_package(${name} ${version} ${sha512} folder)
  if(NOT folder)
    break()  # nor will the others be had, and each try takes its time
  else()
    file(READ ${folder}/${file} text)
    file(READ ${folder}/LICENSE licence)
    # The interpreter is a module; the page has scripts.
    if(name STREQUAL "vega-interpreter")
      string(REGEX REPLACE "import {([^}]*)} from 'vega-util'[^\n]*" "const {\\1} = vega" text "${text}")
      string(REGEX REPLACE "export {[^}]*}[^\n]*" "globalThis.evalzipInterpreter = expression" text "${text}")
      set(text "(() => {\n${text}\n})()\n")
    endif()
    set(library_${name} "/*\n${name} ${version}\n${licence}*/\n${text}")
    list(APPEND libraries ${name})
  endif()
endwhile()
list(LENGTH libraries count)
if(NOT count EQUAL 4)
  message("the HTML report is built without its chart library: npm could not provide it")
  set(libraries)
endif()

set(source "#include <span>
#include <string>

#include \"reports/page_assets.h\"

namespace evalzip {
namespace {

std::string joined(std::span<const char* const> pieces) {
  std::string text;
  for (const char* piece : pieces) text += piece;
  return text;
}

")
file(READ ${FOLDER}/page.css style)
file(READ ${FOLDER}/explorer.js script)
append_text(style "${style}")
append_text(script "${script}")
set(calls)
foreach(name ${libraries})
  string(MAKE_C_IDENTIFIER ${name} function)
  append_text(${function} "${library_${name}}")
  list(APPEND calls "${function}()")
endforeach()
list(JOIN calls ", " calls)
string(APPEND source "}  // namespace\n\nPageAssets page_assets() { return {style(), script(), {${calls}}}; }\n\n"
       "}  // namespace evalzip\n")
file(WRITE ${OUTPUT} "${source}")
