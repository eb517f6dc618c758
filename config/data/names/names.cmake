# Name tables: copied as they are into build/share/names, and the model of identity beside them.
file(GLOB HULEI_NAME_TABLES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.tsv ${CMAKE_CURRENT_LIST_DIR}/*.csv
     ${CMAKE_CURRENT_LIST_DIR}/*.txt)
add_custom_command(
  OUTPUT ${HULEI_SHARE}/names.stamp
  COMMAND ${CMAKE_COMMAND} -E make_directory ${HULEI_SHARE}/names
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${HULEI_NAME_TABLES} ${HULEI_SHARE}/names
  COMMAND ${CMAKE_COMMAND} -E make_directory ${HULEI_SHARE}/model
  COMMAND ${CMAKE_COMMAND} -E copy_if_different ${PROJECT_SOURCE_DIR}/config/model/identity.yaml ${HULEI_SHARE}/model
  COMMAND ${CMAKE_COMMAND} -E touch ${HULEI_SHARE}/names.stamp
  DEPENDS ${HULEI_NAME_TABLES} ${PROJECT_SOURCE_DIR}/config/model/identity.yaml
  COMMENT "Copying the name tables")
add_custom_target(hulei_names DEPENDS ${HULEI_SHARE}/names.stamp)
add_dependencies(hulei_data hulei_names)
