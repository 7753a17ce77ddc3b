// SPDX-License-Identifier: Apache-2.0
// Where in a shell script are we: among words, in quotes, in a here-document? A placeholder is filled in
// quoted, which is right among words and wrong within quotes, so templates ask before they fill one in.
//
// Reads POSIX sh and bash closely enough for that: quotes, backslashes, comments, $( ) and ` ` within
// quotes, here-documents. Does not read `case` patterns within $( ), whose ')' it takes for the end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plimsoll::workflow {

class ShellQuotes {
public:
    enum class Within : unsigned char { words, single_quotes, double_quotes, here_document };

    void read(std::string_view text) {
        for (const char c : text) read(c);
    }
    void read(char c);
    Within within() const;

private:
    enum class State : unsigned char { words, single, doubled, backtick, comment, document };

    void read_words(char c);
    void read_double_quotes(char c);
    void read_document(char c);
    void open(State state) { states_.push_back(state); }
    void close() {
        if (states_.size() > 1) states_.pop_back();
    }
    bool opens_document(char c);

    std::vector<State> states_ = {State::words};
    bool escaped_ = false;
    char last_ = '\n';
    char before_last_ = '\n';
    bool reads_delimiter_ = false;
    bool document_pending_ = false;
    std::string delimiter_;  ///< that ends the here-document
    std::string line_;       ///< of the here-document, so far
};

}  // namespace plimsoll::workflow
