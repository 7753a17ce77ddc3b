// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/shell_quotes.h"

#include <cctype>

namespace plimsoll::workflow {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }
bool ends_word(char c) { return is_blank(c) || c == ';' || c == '&' || c == '|' || c == '('; }

}  // namespace

ShellQuotes::Within ShellQuotes::within() const {
    switch (states_.back()) {
        case State::single: return Within::single_quotes;
        case State::doubled: return Within::double_quotes;
        case State::document: return Within::here_document;
        default: return Within::words;
    }
}

void ShellQuotes::read(char c) {
    switch (states_.back()) {
        case State::single:
            if (c == '\'') close();
            break;
        case State::comment:
            if (c == '\n') close();
            break;
        case State::doubled: read_double_quotes(c); break;
        case State::document: read_document(c); break;
        case State::words:
        case State::backtick: read_words(c); break;
    }
    before_last_ = last_;
    last_ = c;
}

/// Follows "<<WORD", "<<-WORD", "<< 'WORD'" up to the end of WORD; true while c belongs to it.
bool ShellQuotes::opens_document(char c) {
    if (!reads_delimiter_) {
        // "<<<" is a here-string.
        if (c == '<' || last_ != '<' || before_last_ != '<' || document_pending_) return false;
        reads_delimiter_ = true;
        delimiter_.clear();
    }
    if (c == '\'' || c == '"' || c == '\\' || (delimiter_.empty() && (c == '-' || c == ' '))) return true;
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') {
        reads_delimiter_ = false;
        document_pending_ = !delimiter_.empty();
        return false;
    }
    delimiter_ += c;
    return true;
}

void ShellQuotes::read_words(char c) {
    if (escaped_) {
        escaped_ = false;
        return;
    }
    if (opens_document(c)) return;
    if (c == '\n' && document_pending_) {
        document_pending_ = false;
        line_.clear();
        return open(State::document);
    }
    switch (c) {
        case '\\': escaped_ = true; break;
        case '\'': open(State::single); break;
        case '"': open(State::doubled); break;
        case '`': states_.back() == State::backtick ? close() : open(State::backtick); break;
        case '(': open(State::words); break;
        case ')': close(); break;
        case '#':
            if (ends_word(last_)) open(State::comment);
            break;
        default: break;
    }
}

void ShellQuotes::read_double_quotes(char c) {
    if (escaped_) {
        escaped_ = false;
        return;
    }
    if (c == '\\') escaped_ = true;
    else if (c == '"') close();
    else if (c == '`') open(State::backtick);
    else if (c == '(' && last_ == '$') open(State::words);
}

void ShellQuotes::read_document(char c) {
    if (c != '\n') {
        if (!line_.empty() || c != '\t') line_ += c;  // "<<-" lets tabs stand before its delimiter
        return;
    }
    if (line_ == delimiter_) close();
    line_.clear();
}

}  // namespace plimsoll::workflow
