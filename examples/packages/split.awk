# SPDX-License-Identifier: Apache-2.0
# Writes each package's paragraph into the file of its first letter: folder/a.txt ... folder/z.txt, folder/other.txt.
# Of a package that stands in several lists the first counts. Every file is made, if need be an empty one.
BEGIN {
    RS = ""; ORS = "\n\n"
    count = split("a b c d e f g h i j k l m n o p q r s t u v w x y z other", letters, " ")
    for (i = 1; i <= count; ++i) { known[letters[i]] = 1; printf "" > (folder "/" letters[i] ".txt") }
}
/^Package: / {
    name = $2
    if (name in seen) next
    seen[name] = 1
    letter = substr(name, 1, 1)
    print > (folder "/" (letter in known ? letter : "other") ".txt")
}
