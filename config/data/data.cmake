# Reference data: each folder of config/data adds what it builds or copies to the target hulei_data.
add_custom_target(hulei_data ALL)
file(MAKE_DIRECTORY ${HULEI_SHARE})
file(GLOB HULEI_DATA_PARTS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/config/data/*/*.cmake)
foreach(part ${HULEI_DATA_PARTS})
  include(${part})
endforeach()
