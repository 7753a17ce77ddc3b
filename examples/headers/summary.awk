# SPDX-License-Identifier: Apache-2.0
# In: header, its lines, lines in all, how. Out, for each folder: how many headers, how many of them compile alone.
{
    folder = $1
    sub(/\/[^\/]*$/, "", folder)
    ++headers[folder]
    if ($4 == "alone") ++alone[folder]
}
END { for (folder in headers) printf "%-40s %6d %8d\n", folder, headers[folder], alone[folder] }
