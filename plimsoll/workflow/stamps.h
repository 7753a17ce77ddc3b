// SPDX-License-Identifier: Apache-2.0
// Stamps: how the workspace knows whether a file is still what it was.
//
// Three numbers decide (size, mtime in ns, inode); where they differ, an equal content still counts as the
// same file, if its hash was ever taken. When are contents hashed?
//   - Up to `at_once` (1 MiB, Snakemake's limit too): at once, 5-300 us from the page cache, where the
//     task has just put or read it. So a small file that was only touched or copied back reruns nothing.
//   - Up to `in_background` (1 GiB): on an idle thread, after the task is reported; the receipt is
//     improved when the hash is there. A run that is killed before simply lacks it.
//   - Above: never, unless everything is to be verified. Reading 100 GB to spare a possible rerun costs
//     more than it saves; such a file's stamp decides alone.
// Each (path, stamp) is hashed once in a run, however many tasks read it.
//
// The race that git calls racy: a stamp taken within the file system's clock granularity after the last
// write could stay the same at the next write. Where stamps are that coarse and the mtime that young,
// `stamp` gives an inode of 0, which no file has: so the content, hashed along, decides the next time, and
// the stamp is then taken again. A file too large to be hashed at once keeps its stamp (or a killed run
// would repeat finished work); what remains is a change of equal size within 20 ms of the task's last write.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "plimsoll/base/clock.h"
#include "plimsoll/workflow/content_hasher.h"
#include "plimsoll/workflow/file_stamp.h"

namespace plimsoll::workflow {

struct HashPolicy {
    Bytes at_once{1 << 20};
    Bytes in_background{1 << 30};
    bool verify = false;                  ///< --verify: the content decides, whatever the stamp says
    std::optional<Duration> granularity;  ///< of mtimes; measured when not given
};

class Stamps {
public:
    /// `folder`: an open descriptor that outlives this; paths are relative to it unless absolute.
    Stamps(int folder, const HashPolicy& policy, const Clock& clock);

    Sighting see(const std::string& path) const { return look(folder_, path); }

    /// The stamp for a receipt, with the content where it is given, known or cheap.
    FileStamp stamp(const std::string& path, const Sighting& seen, std::optional<Hash128> known_content = {});
    /// The content of what was seen, if it is known or small enough to be hashed at once.
    std::optional<Hash128> content(const std::string& path, const Sighting& seen);
    /// The same however large it is; nothing when it cannot be read or is not what was seen.
    std::optional<Hash128> content_now(const std::string& path, const Sighting& seen);
    /// Takes over the content from a receipt whose stamp is that of what was seen.
    void learn(const FileStamp& recorded, const Sighting& seen);
    /// Will take_hashed() or drain() give this file?
    bool is_being_hashed(const std::string& path) const;
    /// Could a later write leave the file with this very stamp?
    bool is_racy(const Sighting& seen) const;

    /// How a file compares with what a receipt says of it.
    enum class Verdict { same, same_content, changed };
    /// same_content: the stamp differs (or is only now certain), the content does not.
    Verdict compare(const FileStamp& recorded, const Sighting& seen);

    /// Files whose hash came from the background since the last call (without one: it could not be taken).
    std::vector<ContentWanted> take_hashed();
    /// Waits for the background, giving up what lies beyond so many bytes.
    std::vector<ContentWanted> drain(Bytes at_most);

private:
    std::optional<Hash128> known(const std::string& path, const Sighting& seen) const;
    std::vector<ContentWanted> remember(std::vector<ContentWanted> hashed);
    Duration granularity() const;

    struct Known {
        Sighting seen;
        std::optional<Hash128> content;  ///< empty: the background has it
    };

    const int folder_;
    const HashPolicy policy_;
    const Clock& clock_;
    mutable std::optional<Duration> granularity_;
    std::unordered_map<std::string, Known> known_;
    ContentHasher hasher_;
};

}  // namespace plimsoll::workflow
