# SPDX-License-Identifier: Apache-2.0
# ccache and mold where the machine has them; nothing rests on either.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT PLIMSOLL_FUZZ)
    add_link_options(-fuse-ld=mold)
endif()
