// SPDX-License-Identifier: Apache-2.0
#include "plimsoll/workflow/stamps.h"

#include <algorithm>
#include <utility>

#include "plimsoll/base/probe.h"

namespace plimsoll::workflow {
namespace {

/// So much waits for the background thread at most: what a machine hashes in some seconds.
constexpr Bytes queued_max = 8_GiB;

bool has_content(const Sighting& seen) {
    return seen.kind == Sighting::Kind::file || seen.kind == Sighting::Kind::folder;
}

}  // namespace

Stamps::Stamps(int folder, const HashPolicy& policy, const Clock& clock)
    : folder_(folder), policy_(policy), clock_(clock), granularity_(policy.granularity), hasher_(folder, queued_max) {}

FileStamp Stamps::stamp(const std::string& path, const Sighting& seen, std::optional<Hash128> known_content) {
    if (!known_content) known_content = content(path, seen);
    FileStamp stamp{
        .path = path, .size = seen.size, .mtime_ns = seen.mtime_ns, .inode = seen.inode, .content = known_content};
    if (stamp.content && seen.bytes <= policy_.at_once && is_racy(seen)) {
        PLIM_PROBE("stamps: young mtime on a coarse clock");
        stamp.inode = 0;
    }
    if (stamp.content || !has_content(seen) || seen.bytes > policy_.in_background) return stamp;
    if (const auto found = known_.find(path); found != known_.end() && found->second.seen == seen) return stamp;
    if (hasher_.submit(path, seen)) known_.insert_or_assign(path, Known{seen, std::nullopt});
    return stamp;
}

std::optional<Hash128> Stamps::content(const std::string& path, const Sighting& seen) {
    if (!has_content(seen)) return std::nullopt;
    if (auto content = known(path, seen)) return content;
    if (seen.bytes > policy_.at_once && !policy_.verify) return std::nullopt;
    return content_now(path, seen);
}

std::optional<Hash128> Stamps::content_now(const std::string& path, const Sighting& seen) {
    if (auto content = known(path, seen)) return content;
    const bool was_racy = is_racy(seen);
    const Result<Hash128> content = hash_content(folder_, path);
    if (!content || look(folder_, path) != seen) return std::nullopt;
    if (!was_racy) known_.insert_or_assign(path, Known{seen, *content});
    return *content;
}

void Stamps::learn(const FileStamp& recorded, const Sighting& seen) {
    if (recorded.content && same_stamp(recorded, seen))
        known_.insert_or_assign(recorded.path, Known{seen, recorded.content});
}

bool Stamps::is_being_hashed(const std::string& path) const {
    const auto found = known_.find(path);
    return found != known_.end() && !found->second.content;
}

bool Stamps::is_racy(const Sighting& seen) const {
    const WallTime written{Duration(seen.mtime_ns)};
    const WallTime now = clock_.wall();
    // A file system that keeps whole seconds (or two, as FAT) writes no nanoseconds.
    if (seen.mtime_ns % 1'000'000'000 == 0) return now - written < std::chrono::seconds(2);
    if (now - written >= std::chrono::seconds(1)) return false;
    return now - written < granularity();
}

Stamps::Verdict Stamps::compare(const FileStamp& recorded, const Sighting& seen) {
    const bool same = same_stamp(recorded, seen);
    if (same && (!policy_.verify || !recorded.content)) return Verdict::same;
    const bool may_be_equal = recorded.content && has_content(seen) && recorded.size == seen.size;
    if (!may_be_equal) return Verdict::changed;
    // Here even a large file is read: its hash is there because it could be, and to run again costs more.
    if (content_now(recorded.path, seen) != recorded.content) return Verdict::changed;
    return same ? Verdict::same : Verdict::same_content;
}

std::optional<Hash128> Stamps::known(const std::string& path, const Sighting& seen) const {
    const auto found = known_.find(path);
    // What was hashed while it was young may have changed since under the same stamp.
    if (found == known_.end() || found->second.seen != seen || is_racy(seen)) return std::nullopt;
    return found->second.content;
}

std::vector<ContentWanted> Stamps::take_hashed() { return remember(hasher_.take_done()); }
std::vector<ContentWanted> Stamps::drain(Bytes at_most) { return remember(hasher_.drain(at_most)); }

std::vector<ContentWanted> Stamps::remember(std::vector<ContentWanted> hashed) {
    for (const ContentWanted& one : hashed) {
        const auto found = known_.find(one.path);
        if (found == known_.end() || found->second.seen != one.seen) continue;
        if (one.content) found->second.content = one.content;
        else known_.erase(found);
    }
    return hashed;
}

Duration Stamps::granularity() const {
    if (!granularity_) granularity_ = mtime_granularity(folder_);
    return *granularity_;
}

}  // namespace plimsoll::workflow
