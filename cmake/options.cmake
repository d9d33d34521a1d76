# Every target of ours links evalzip_options: warnings are errors, includes are from the root,
# and floating point means what the source says on every machine.
add_library(evalzip_options INTERFACE)
target_include_directories(evalzip_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
  evalzip_options
  INTERFACE -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers -ffp-contract=off
            $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>)

if(EVALZIP_SANITIZE)
  target_compile_options(evalzip_options INTERFACE -fsanitize=${EVALZIP_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all)
  target_link_options(evalzip_options INTERFACE -fsanitize=${EVALZIP_SANITIZE})
endif()
if(EVALZIP_FUZZERS)
  target_compile_options(evalzip_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
