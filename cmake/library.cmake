# What others link: libevalzip, its headers, and how CMake and pkg-config find them.
add_library(evalzip_library SHARED $<TARGET_OBJECTS:evalzip_codecs> $<TARGET_OBJECTS:evalzip_container>)
set_target_properties(
  evalzip_library
  PROPERTIES OUTPUT_NAME evalzip
             EXPORT_NAME evalzip
             LINKER_LANGUAGE CXX
             VERSION ${PROJECT_VERSION}
             SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_link_libraries(evalzip_library PRIVATE evalzip_options fmt::fmt nlohmann_json::nlohmann_json OpenSSL::Crypto PkgConfig::xxhash
                                              Threads::Threads ${CMAKE_DL_LIBS})

# Headers are installed side by side under one folder of this version, as <evalzip/codec.h>.
set(header_folder ${CMAKE_INSTALL_INCLUDEDIR}/evalzip-${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
foreach(
  header
  codecs/codec.h
  codecs/codec_spec.h
  codecs/content_hash.h
  codecs/params.h
  codecs/plugin.h
  codecs/plugin_abi.h
  codecs/registry.h
  container/byte_stream.h
  container/container_error.h
  container/evz_header.h
  container/evz_stream.h
  container/evz_tail.h)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
  file(READ ${header} text)
  string(REGEX REPLACE "#include \"[a-z]+/([a-z_]+\\.h)\"" "#include <evalzip/\\1>" text "${text}")
  get_filename_component(name ${header} NAME)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/include/evalzip/${name} CONTENT "${text}" @ONLY)
endforeach()
install(DIRECTORY ${PROJECT_BINARY_DIR}/include/ DESTINATION ${header_folder} COMPONENT dev)
target_include_directories(evalzip_library INTERFACE $<INSTALL_INTERFACE:${header_folder}>)
target_compile_features(evalzip_library INTERFACE cxx_std_20)

include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/evalzip)
install(TARGETS evalzip_library EXPORT evalzip LIBRARY COMPONENT library NAMELINK_COMPONENT dev)
install(EXPORT evalzip NAMESPACE evalzip:: DESTINATION ${package_folder} COMPONENT dev)
set(plugin_folder ${CMAKE_INSTALL_LIBDIR}/evalzip)
configure_package_config_file(cmake/evalzip-config.cmake.in ${PROJECT_BINARY_DIR}/evalzip-config.cmake
                              INSTALL_DESTINATION ${package_folder} PATH_VARS plugin_folder)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/evalzip-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/evalzip-config.cmake ${PROJECT_BINARY_DIR}/evalzip-config-version.cmake
        DESTINATION ${package_folder} COMPONENT dev)
configure_file(cmake/evalzip.pc.in ${PROJECT_BINARY_DIR}/evalzip.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/evalzip.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
