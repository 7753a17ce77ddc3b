// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/argument_shape.h"

#include <doctest/doctest.h>

#include "plimsoll/base/text.h"

using namespace plimsoll;
using namespace plimsoll::workflow;

namespace {

ArgumentShape shape_of(std::string_view line) { return argument_shape(simple_command(line).value()); }

}  // namespace

TEST_CASE("uses of a program that differ in names and numbers alone have one shape") {
    CHECK(shape_of("bwa mem -t 8 ref.fa s1.fq.gz s2.fq.gz").shape == "bwa mem -t # *.fa *.fq.gz...");
    CHECK(shape_of("/opt/bin/bwa mem -t 4 /data/other.fa a.fq.gz b.fq.gz c.fq.gz").shape ==
          "bwa mem -t # *.fa *.fq.gz...");
    CHECK(shape_of("python3 src/train.py --epochs=10 --lr 1e-3 data.csv").shape ==
          shape_of("python3 train.py --epochs=300 --lr 0.1 more.csv").shape);
}

TEST_CASE("another option, another kind of file, another subcommand is another shape") {
    const std::string one = shape_of("samtools sort -m 1G a.bam").shape;
    CHECK(one == "samtools sort -m # *.bam");
    CHECK(shape_of("samtools sort -n a.bam").shape != one);
    CHECK(shape_of("samtools sort -m 1G a.cram").shape != one);
    CHECK(shape_of("samtools index a.bam").shape != one);
}

TEST_CASE("numbers are told by the option they belong to, else by their place") {
    using Numbers = std::vector<std::pair<std::string, double>>;
    CHECK(shape_of("make -j8 --load-average=2.5 all").numbers == Numbers{{"-j", 8}, {"--load-average", 2.5}});
    CHECK(shape_of("sort -S 4G big.txt").numbers == Numbers{{"-S", 4294967296.0}});
    CHECK(shape_of("seq 1 -2 10").numbers == Numbers{{"#1", 1}, {"#2", -2}, {"#3", 10}});
}

TEST_CASE("a script in one word is told by what it runs") {
    CHECK(shape_of("bash -c 'set -e; bwa mem ref.fa x.fq > y.sam'").shape == "bash -c 'bwa mem'");
    CHECK(shape_of("bash -c 'exit 1'").shape == "bash -c _");
}

TEST_CASE("words that may be files are given, those of options with them") {
    CHECK(shape_of("cut -f 2 --output=out.tsv in.tsv").maybe_files == std::vector<std::string>{"out.tsv", "in.tsv"});
}

TEST_CASE("programs that prepare others still have a name, and a very long line a short shape") {
    CHECK(shape_of("true").tool == "true");
    std::string line = "tool";
    for (int i = 0; i < 100; ++i) line += " --option" + std::to_string(i) + "=x";
    CHECK(shape_of(line).shape.size() <= 200);
    CHECK(shape_of(line).shape != shape_of(line + " -z").shape);
}
