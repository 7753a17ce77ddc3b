// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/exchange/imported.h"

#include <fmt/format.h>

namespace plimsoll::exchange {
namespace {

constexpr std::size_t problems_kept = 10;

void count(std::map<std::string, Tally>& tallies, std::string_view what, std::string_view name, std::size_t line) {
    Tally& tally = tallies[std::string(what)];
    if (++tally.count == 1) tally.first = fmt::format("{}:{}", name, line);
}

}  // namespace

void Account::skip(std::string_view reason, std::string_view name, std::size_t line) {
    count(skipped, reason, name, line);
}

void Account::note(std::string_view words, std::string_view name, std::size_t line) { count(notes, words, name, line); }

Result<bool> Into::add(const Imported& imported) {
    const bool is_new = PLIM_TRY(take(imported));
    ++(is_new ? account.taken : account.known);
    return is_new;
}

void Account::refuse(std::string_view name, std::size_t line, std::size_t column, std::string_view why) {
    if (++unreadable <= problems_kept) problems.push_back(fmt::format("{}:{}:{}: {}", name, line, column, why));
}

}  // namespace plimsoll::exchange
