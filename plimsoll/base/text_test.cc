// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/base/text.h"

#include <doctest/doctest.h>

using namespace plimsoll;

using Words = std::vector<std::string>;

TEST_CASE("a command without shell syntax is split as sh would split it") {
    CHECK(simple_command("bwa mem -t 2 ref.fa").value() == Words{"bwa", "mem", "-t", "2", "ref.fa"});
    CHECK(simple_command("printf '%s\\n' \"a b\" c\\ d").value() == Words{"printf", "%s\\n", "a b", "c d"});
    CHECK(simple_command("  /bin/true \n").value() == Words{"/bin/true"});
    CHECK(simple_command("echo ''").value() == Words{"echo", ""});
}

TEST_CASE("what only a shell understands is left to a shell") {
    for (const char* line : {"a | b", "a > b", "a && b", "echo $HOME", "echo \"$X\"", "ls *.c", "cd x", "X=1 env",
                             "# note", "", "echo 'open", "for f in x; do y; done", "a\nb", "exit 3", "echo ~", "trap"})
        CHECK_MESSAGE(!simple_command(line), line);
}

TEST_CASE("a quoted word is the same word again") {
    for (const char* word : {"plain", "two words", "it's", "", "$x", "a\nb", "-f", "*"}) {
        const std::string quoted = shell_quote(word);
        CAPTURE(quoted);
        if (std::string_view(word).find_first_of("\n") == std::string_view::npos)
            CHECK(simple_command("echo " + quoted).value() == Words{"echo", word});
    }
    CHECK(shell_quote("a/b.txt") == "a/b.txt");
}

TEST_CASE("what is put into a page stands for itself") {
    CHECK(html_escaped("a < b & \"c\" > d") == "a &lt; b &amp; &quot;c&quot; &gt; d");
    CHECK(html_escaped("plain") == "plain");
}

TEST_CASE("the nearest name is near") {
    const Words names = {"command", "inputs", "outputs", "needs"};
    CHECK(nearest_name("comand", names) == "command");
    CHECK(nearest_name("ouptuts", names) == "outputs");
    CHECK_FALSE(nearest_name("zebra", names));
    CHECK(nearest_name("comm", names) == "command");
    CHECK_FALSE(nearest_name("co", names));
}

TEST_CASE("globs stay within a folder unless told otherwise") {
    CHECK(glob_matches("*.fq", "a.fq"));
    CHECK_FALSE(glob_matches("*.fq", "x/a.fq"));
    CHECK(glob_matches("x/*/[ab]?.fq", "x/y/a1.fq"));
    CHECK_FALSE(glob_matches("[!ab].fq", "a.fq"));
    CHECK(glob_matches("**/a.fq", "x/y/a.fq"));
    CHECK(glob_matches("**/a.fq", "a.fq"));
    CHECK(glob_matches("x/**/a.fq", "x/a.fq"));
    CHECK_FALSE(glob_matches("x/**/a.fq", "y/a.fq"));
    CHECK(glob_matches("a*b*c", "a-b-b-c"));
    CHECK_FALSE(glob_matches("a*b", "acd"));
}
