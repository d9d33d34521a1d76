# The engine of language models. The order of its floating point is pinned (lanes.h), so nothing here
# may be contracted or reordered; scripts/check_engine_objects.py looks at what compilers made of it.
set(engine_sources
    attention.cpp
    byte_tree.cpp
    engine_kernels.cpp
    int8_product_portable.cpp
    header_number.cpp
    key_value_cache.cpp
    language_model.cpp
    llm_codec.cpp
    llm_header.cpp
    llm_stream.cpp
    ngram_tables.cpp
    mixed_block.cpp
    mixed_header.cpp
    mixed_stream.cpp
    mixed_tokens.cpp
    natural_logarithm.cpp
    packed_matrix.cpp
    rope_table.cpp
    row_kernels_portable.cpp
    segment_runner.cpp
    sha256.cpp
    sorted_counts.cpp
    sorted_vocabulary.cpp
    thread_team.cpp
    token_counts.cpp
    token_end_model.cpp
    token_walk.cpp
    transformer.cpp
    transformer_shape.cpp
    transformer_weights.cpp
    weight_reader.cpp)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(APPEND engine_sources engine_kernels_x86.cpp int8_product_amx.cpp int8_product_avx2.cpp
       int8_product_avx512.cpp row_kernels_avx2.cpp row_kernels_avx512.cpp)
  set_source_files_properties(int8_product_avx2.cpp row_kernels_avx2.cpp TARGET_DIRECTORY evalzip_codecs
                              PROPERTIES COMPILE_OPTIONS "-mavx2")
  # GCC 12 takes the undefined registers in its own intrinsics for variables left uninitialised.
  set_source_files_properties(
    int8_product_avx512.cpp row_kernels_avx512.cpp TARGET_DIRECTORY evalzip_codecs
    PROPERTIES COMPILE_OPTIONS
               "-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mavx512vnni;$<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized>")
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  list(APPEND engine_sources engine_kernels_aarch64.cpp int8_product_neon.cpp)
else()
  list(APPEND engine_sources engine_kernels_portable.cpp)
endif()
target_sources(evalzip_codecs PRIVATE ${engine_sources})
list(TRANSFORM engine_sources APPEND .o OUTPUT_VARIABLE engine_objects)
set_property(GLOBAL PROPERTY EVALZIP_ENGINE_OBJECTS ${engine_objects})
target_link_libraries(evalzip_codecs PRIVATE OpenSSL::Crypto Threads::Threads)
# How vectors wider than the machine's are passed between functions is nobody's business: every
# function that takes one is inlined.
set_property(SOURCE ${engine_sources} TARGET_DIRECTORY evalzip_codecs APPEND PROPERTY COMPILE_OPTIONS "-Wno-psabi")
