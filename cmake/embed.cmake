# SPDX-License-Identifier: Apache-2.0
# FILES -> OUTPUT, a source that holds their text: plimsoll/report/page_files.h says what it gives.
# In pieces: a string literal may be 64 KiB at the most.
set(source "// Written by cmake/embed.cmake.\n#include \"plimsoll/report/page_files.h\"\n\nnamespace plimsoll::report {\n
std::span<const PageFile> page_files() {\n    static constexpr PageFile files[] = {\n")
foreach(path IN LISTS FILES)
    cmake_path(GET path FILENAME name)
    file(READ ${path} text)
    string(LENGTH "${text}" left)
    string(APPEND source "{\"${name}\",")
    set(at 0)
    while(at LESS left)
        string(SUBSTRING "${text}" ${at} 15000 piece)
        string(APPEND source " R\"plimsoll(${piece})plimsoll\"")
        math(EXPR at "${at} + 15000")
    endwhile()
    string(APPEND source "},\n")
endforeach()
string(APPEND source "    };\n    return files;\n}\n\n}  // namespace plimsoll::report\n")
file(WRITE ${OUTPUT} "${source}")
