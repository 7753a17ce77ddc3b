// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or an Error that a caller may react to. Shaped like std::expected, which g++ 12
// offers in C++23 mode only and without the monadic operations.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "plimsoll/base/check.h"

namespace plimsoll {

/// What a caller may do about an error; the CLI's exit code follows from it.
enum class ErrorKind {
    invalid,      ///< the user's file or arguments are wrong: say where and what to write (exit 2)
    unavailable,  ///< the machine cannot do it: permissions, disk, kernel (exit 3)
    not_found,    ///< the thing named is not there
    damaged,      ///< a file of ours does not hold what it should
    refused,      ///< somebody else's limit or lock stands in the way; trying later may help
};

struct [[nodiscard]] Error {
    ErrorKind kind = ErrorKind::invalid;
    std::string message;

    /// The same error, told with its place in front: "flow.yaml:7:13: unknown unit 'gigs'".
    Error within(std::string_view place) const {
        std::string told(place);
        return {kind, std::move(told.append(": ").append(message))};
    }
    bool operator==(const Error&) const = default;
};

inline Error invalid(std::string message) { return {ErrorKind::invalid, std::move(message)}; }
inline Error unavailable(std::string message) { return {ErrorKind::unavailable, std::move(message)}; }

/// The error of a failed system call: "cannot open /x: No such file or directory".
/// ENOENT gives not_found, all else unavailable.
Error system_error(std::string_view what, int error_number = errno);

template <class T>
class [[nodiscard]] Result {
    using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

public:
    using value_type = T;

    Result()
        requires std::is_void_v<T>
        : state_(std::in_place_index<0>) {}
    template <class U = Stored>
        requires(!std::is_void_v<T> && std::is_constructible_v<Stored, U &&> &&
                 !std::is_same_v<std::remove_cvref_t<U>, Result> && !std::is_same_v<std::remove_cvref_t<U>, Error>)
    Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    const Error& error() const& { return held_error(); }
    Error error() && {
        held_error();
        return std::get<1>(std::move(state_));
    }

    decltype(auto) value() & {
        require();
        if constexpr (!std::is_void_v<T>) return (std::get<0>(state_));
    }
    decltype(auto) value() const& {
        require();
        if constexpr (!std::is_void_v<T>) return (std::get<0>(state_));
    }
    T value() && {
        require();
        if constexpr (!std::is_void_v<T>) return std::get<0>(std::move(state_));
    }

    auto& operator*() & requires(!std::is_void_v<T>) { return value(); } const auto& operator*() const&
            requires(!std::is_void_v<T>)
    {
        return value();
    }
    auto operator*() && requires(!std::is_void_v<T>) { return std::move(*this).value(); } auto* operator->()
                            requires(!std::is_void_v<T>)
    {
        return &value();
    }
    const auto* operator->() const
        requires(!std::is_void_v<T>)
    {
        return &value();
    }

    template <class U>
    T value_or(U&& other) && {
        return has_value() ? std::get<0>(std::move(state_)) : static_cast<T>(std::forward<U>(other));
    }

private:
    const Error& held_error() const {
        PLIM_CHECK(!has_value(), "error() of a Result that holds a value");
        return std::get<1>(state_);
    }
    void require() const {
        if (!has_value()) check_failed(__FILE__, __LINE__, "has_value()", std::get<1>(state_).message.c_str());
    }

    std::variant<Stored, Error> state_;
};

}  // namespace plimsoll

#define PLIM_JOIN_NOW(a, b) a##b
#define PLIM_JOIN(a, b) PLIM_JOIN_NOW(a, b)
#define PLIM_TRY_AS(result, expression)                \
    __extension__({                                    \
        auto result = (expression);                    \
        if (!result) return std::move(result).error(); \
        std::move(result).value();                     \
    })

/// The value of a Result, or a return of its error from the enclosing function.
#define PLIM_TRY(expression) PLIM_TRY_AS(PLIM_JOIN(plim_result_, __COUNTER__), expression)
