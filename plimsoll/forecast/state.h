// SPDX-License-Identifier: Apache-2.0
// Models as bytes and back, so that a history can keep them: what was learnt need not be learnt again at each start.
//
// A class that is kept names its members once, in `template <class Archive> void members(Archive& archive)`, for
// writing and reading alike. Numbers stand as the machine has them: a state is read by the build that wrote it, or one
// of the same `models_version`, and whoever keeps it keeps a digest beside it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace plimsoll::forecast {

/// Changes with every change of what is learnt or how it is kept: states of another version are learnt anew.
constexpr std::int64_t models_version = 3;

class StateWriter {
public:
    template <class... Members>
    void operator()(Members&... members) {
        (put(members), ...);
    }
    std::string take() { return std::move(bytes_); }

    template <class T>
    void put(T& value) {
        if constexpr (std::is_trivially_copyable_v<T>) put_raw(&value, sizeof value);
        else value.members(*this);
    }
    void put(std::string& text) { put_run(text.size(), text.data(), 1); }
    template <class T>
    void put(std::vector<T>& values) {
        put_size(values.size());
        for (T& one : values) put(one);
    }
    template <class T>
    void put(std::deque<T>& values) {
        put_size(values.size());
        for (T& one : values) put(one);
    }
    template <class T>
        requires(!std::is_trivially_copyable_v<T>)
    void put(std::optional<T>& value) {
        put_size(value ? 1 : 0);
        if (value) put(*value);
    }
    void put_size(std::uint64_t size) { put_raw(&size, sizeof size); }

private:
    void put_raw(const void* from, std::size_t size) { bytes_.append(static_cast<const char*>(from), size); }
    void put_run(std::size_t count, const void* from, std::size_t size) {
        put_size(count);
        put_raw(from, count * size);
    }
    std::string bytes_;
};

/// Reads what a writer of this version wrote; of anything else `is_whole()` is false, and what was read means nothing.
class StateReader {
public:
    explicit StateReader(std::string_view bytes) : bytes_(bytes) {}
    template <class... Members>
    void operator()(Members&... members) {
        (put(members), ...);
    }
    bool is_whole() const { return !failed_ && bytes_.empty(); }

    template <class T>
    void put(T& value) {
        if constexpr (std::is_trivially_copyable_v<T>) take_raw(&value, sizeof value);
        else value.members(*this);
    }
    void put(std::string& text) {
        text.resize(take_size());
        take_raw(text.data(), text.size());
    }
    template <class T>
    void put(std::vector<T>& values) {
        values.clear();
        values.resize(take_size());
        for (T& one : values) put(one);
    }
    template <class T>
    void put(std::deque<T>& values) {
        values.clear();
        values.resize(take_size());
        for (T& one : values) put(one);
    }
    template <class T>
        requires(!std::is_trivially_copyable_v<T>)
    void put(std::optional<T>& value) {
        value.reset();
        if (take_size() != 0) put(value.emplace());
    }
    /// Of a list; never more than there are bytes left, lest damage asks for all memory.
    std::size_t take_size() {
        std::uint64_t size = 0;
        take_raw(&size, sizeof size);
        failed_ |= size > bytes_.size();
        return failed_ ? 0 : static_cast<std::size_t>(size);
    }

private:
    void take_raw(void* to, std::size_t size) {
        failed_ |= size > bytes_.size();
        if (failed_) return;
        std::memcpy(to, bytes_.data(), size);
        bytes_.remove_prefix(size);
    }
    std::string_view bytes_;
    bool failed_ = false;
};

}  // namespace plimsoll::forecast
