# The gazetteer: division tables to one memory-mapped file, by a small tool of its own.
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
target_link_libraries(hulei_common PUBLIC PkgConfig::ZLIB)

add_executable(gazetteer_tool ${CMAKE_CURRENT_LIST_DIR}/gazetteer_tool.c
               ${PROJECT_SOURCE_DIR}/daemon/common/gazetteer_build.c ${PROJECT_SOURCE_DIR}/daemon/common/gazetteer_names.c
               ${PROJECT_SOURCE_DIR}/daemon/common/gazetteer_write.c
               ${PROJECT_SOURCE_DIR}/daemon/common/gazetteer_gather.c
               ${PROJECT_SOURCE_DIR}/daemon/common/gazetteer_additions.c)
target_link_libraries(gazetteer_tool PRIVATE hulei_matchers PkgConfig::ZLIB)

file(GLOB DIVISION_TABLES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.csv ${CMAKE_CURRENT_LIST_DIR}/*.csv.gz)
set(GAZETTEER_ADDITIONS ${PROJECT_SOURCE_DIR}/config/gazetteer_additions.csv)
# `hulei gazetteer build` finds the tables here, so that an operator needs no sources.
file(COPY ${DIVISION_TABLES} ${CMAKE_CURRENT_LIST_DIR}/NOTICE DESTINATION ${HULEI_SHARE}/divisions)
add_custom_command(
  OUTPUT ${HULEI_SHARE}/gazetteer.bin
  COMMAND gazetteer_tool ${CMAKE_CURRENT_LIST_DIR} ${GAZETTEER_ADDITIONS} ${HULEI_SHARE}/gazetteer.bin
  DEPENDS gazetteer_tool ${DIVISION_TABLES} ${GAZETTEER_ADDITIONS}
  COMMENT "Building the gazetteer"
  VERBATIM)
add_custom_target(hulei_gazetteer DEPENDS ${HULEI_SHARE}/gazetteer.bin)
add_dependencies(hulei_data hulei_gazetteer)
