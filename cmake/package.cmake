# `cpack` makes a .deb: program, plugins, library and headers in one.
install(FILES codecs/commands.json DESTINATION ${CMAKE_INSTALL_DATADIR}/evalzip)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME evalzip)
set(CPACK_PACKAGE_VENDOR "the evalzip authors")
set(CPACK_PACKAGE_CONTACT "the evalzip authors <evalzip@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
# What each binary links, by the packages of the machine it was built on: every codec works once it is
# installed.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
include(CPack)
