# The generator's own tables (hulei synth): copied beside the binary, never read by the matchers.
file(GLOB synth_tables CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.csv)
file(COPY ${synth_tables} ${CMAKE_CURRENT_LIST_DIR}/NOTICE DESTINATION ${HULEI_SHARE}/synth)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${synth_tables})
