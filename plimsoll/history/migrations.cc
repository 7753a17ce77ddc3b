// SPDX-License-Identifier: Apache-2.0
// Attempts and what belongs to them are clustered by kind: what a run learns from, the newest attempts of
// some kinds, then lies in a few neighbouring pages however many attempts there are.
#include <array>

#include "plimsoll/history/schema.h"

namespace plimsoll::history {
namespace {

constexpr std::string_view version_1 = R"sql(
CREATE TABLE kinds (
    id INTEGER PRIMARY KEY,
    workflow TEXT NOT NULL,
    step TEXT NOT NULL,
    tool TEXT NOT NULL,
    UNIQUE (workflow, step, tool)
) STRICT;
CREATE INDEX kinds_by_tool ON kinds (tool);

CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    workflow TEXT NOT NULL,
    file TEXT NOT NULL,
    folder TEXT NOT NULL,
    machine TEXT NOT NULL,
    version TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'cancelled', 'interrupted')),
    owner_pid INTEGER NOT NULL,
    owner_start_ticks INTEGER NOT NULL,
    owner_boot_id TEXT NOT NULL
) STRICT;
CREATE INDEX runs_running ON runs (number) WHERE state = 'running';

CREATE TABLE tasks (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    task INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL REFERENCES kinds,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    reason TEXT NOT NULL,
    request_cpu REAL,
    request_memory INTEGER,
    request_time INTEGER,
    request_disk INTEGER,
    request_gpu REAL,
    PRIMARY KEY (run, task)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
    kind INTEGER NOT NULL REFERENCES kinds,
    run INTEGER NOT NULL,
    task INTEGER NOT NULL,
    number INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    ending TEXT,
    code INTEGER,
    detail TEXT,
    reserved_cpu REAL NOT NULL,
    reserved_memory INTEGER NOT NULL,
    reserved_others TEXT,
    reserved_time INTEGER NOT NULL,
    grp TEXT NOT NULL,
    log TEXT NOT NULL,
    command TEXT NOT NULL,
    PRIMARY KEY (kind, run, task, number),
    FOREIGN KEY (run, task) REFERENCES tasks ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX attempts_by_run ON attempts (run, task, number);

CREATE TABLE features (
    kind INTEGER NOT NULL,
    run INTEGER NOT NULL,
    task INTEGER NOT NULL,
    number INTEGER NOT NULL,
    input_bytes INTEGER NOT NULL,
    input_count INTEGER NOT NULL,
    machine INTEGER NOT NULL REFERENCES texts,
    numbers BLOB,
    PRIMARY KEY (kind, run, task, number),
    FOREIGN KEY (kind, run, task, number) REFERENCES attempts ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE profiles (
    kind INTEGER NOT NULL,
    run INTEGER NOT NULL,
    task INTEGER NOT NULL,
    number INTEGER NOT NULL,
    runtime INTEGER NOT NULL,
    cpu INTEGER NOT NULL,
    cpu_peak REAL NOT NULL,
    memory_peak INTEGER NOT NULL,
    memory_high_water INTEGER NOT NULL,
    memory_byte_seconds REAL NOT NULL,
    read_bytes INTEGER NOT NULL,
    write_bytes INTEGER NOT NULL,
    memory_stall INTEGER NOT NULL,
    cpu_stall INTEGER NOT NULL,
    io_stall INTEGER NOT NULL,
    processes_peak INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES texts,
    segments BLOB,
    PRIMARY KEY (kind, run, task, number),
    FOREIGN KEY (kind, run, task, number) REFERENCES attempts ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE forecasts (
    kind INTEGER NOT NULL,
    run INTEGER NOT NULL,
    task INTEGER NOT NULL,
    number INTEGER NOT NULL,
    memory_p50 REAL NOT NULL,
    memory_bound REAL NOT NULL,
    memory_stated REAL,
    memory_measured REAL,
    cpu_p50 REAL NOT NULL,
    cpu_bound REAL NOT NULL,
    cpu_stated REAL,
    cpu_measured REAL,
    runtime_p50 REAL NOT NULL,
    runtime_bound REAL NOT NULL,
    runtime_stated REAL,
    runtime_measured REAL,
    source TEXT NOT NULL,
    model INTEGER NOT NULL REFERENCES texts,
    samples INTEGER NOT NULL,
    curve BLOB,
    PRIMARY KEY (kind, run, task, number),
    FOREIGN KEY (kind, run, task, number) REFERENCES attempts ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    task INTEGER,
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    action INTEGER NOT NULL REFERENCES texts,
    subject INTEGER NOT NULL REFERENCES texts,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    reason TEXT NOT NULL,
    model INTEGER NOT NULL REFERENCES texts,
    samples INTEGER NOT NULL,
    confidence REAL
) STRICT;
CREATE INDEX decisions_by_run ON decisions (run, task);

CREATE TABLE forgetting (
    run INTEGER PRIMARY KEY
) STRICT;
CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions BEGIN
    SELECT raise(ABORT, 'decisions are append-only');
END;
CREATE TRIGGER decisions_are_not_deleted BEFORE DELETE ON decisions
WHEN NOT EXISTS (SELECT 1 FROM forgetting WHERE run = old.run) BEGIN
    SELECT raise(ABORT, 'decisions are append-only: only forgetting their run deletes them');
END;

CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    workflow TEXT NOT NULL,
    UNIQUE (folder, workflow)
) STRICT;

CREATE TABLE receipts (
    place INTEGER NOT NULL REFERENCES places,
    task_name TEXT NOT NULL,
    files BLOB NOT NULL,
    PRIMARY KEY (place, task_name)
) STRICT, WITHOUT ROWID;
)sql";

// Of attempts before it what they held is what they had been promised, from start to end.
constexpr std::string_view version_2 = R"sql(
ALTER TABLE attempts ADD COLUMN grown INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN frozen_time INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN reserved_byte_seconds REAL NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN reserved_core_seconds REAL NOT NULL DEFAULT 0;
UPDATE attempts SET reserved_byte_seconds = reserved_memory * p.runtime / 1e9,
                    reserved_core_seconds = reserved_cpu * p.runtime / 1e9
FROM profiles p
WHERE p.kind = attempts.kind AND p.run = attempts.run AND p.task = attempts.task AND p.number = attempts.number;
ALTER TABLE profiles ADD COLUMN read_operations INTEGER NOT NULL DEFAULT 0;
ALTER TABLE profiles ADD COLUMN write_operations INTEGER NOT NULL DEFAULT 0;
ALTER TABLE profiles ADD COLUMN network_in INTEGER NOT NULL DEFAULT 0;
ALTER TABLE profiles ADD COLUMN network_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE profiles ADD COLUMN threads_peak INTEGER NOT NULL DEFAULT 0;
)sql";

// Of runs and attempts before it neither is known.
constexpr std::string_view version_3 = R"sql(
ALTER TABLE runs ADD COLUMN cpu REAL NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN memory INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN waited INTEGER;
ALTER TABLE attempts ADD COLUMN waited_after INTEGER;
ALTER TABLE attempts ADD COLUMN waited_lack TEXT;
)sql";

constexpr std::string_view version_4 = R"sql(
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE runs ADD COLUMN thinned INTEGER NOT NULL DEFAULT 0;
)sql";

// Imports: runs with a source, and what keeps an attempt from being imported twice.
constexpr std::string_view version_5 = R"sql(
ALTER TABLE runs ADD COLUMN source TEXT;
CREATE TABLE imported (
    identity INTEGER PRIMARY KEY,
    run INTEGER NOT NULL
) STRICT;
)sql";

// Models, kept so that they need not be learnt again. What they know is said by the number up to which measurements
// have been told: in the order in which those became durable, whichever run they are of. Once something is forgotten,
// models that knew it go.
constexpr std::string_view version_6 = R"sql(
CREATE TABLE told (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,
    run INTEGER NOT NULL,
    task INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    UNIQUE (kind, run, task, attempt)
) STRICT;
INSERT INTO told (kind, run, task, attempt) SELECT kind, run, task, number FROM profiles ORDER BY run, task, number;
CREATE TRIGGER profiles_are_told AFTER INSERT ON profiles BEGIN
    INSERT OR IGNORE INTO told (kind, run, task, attempt) VALUES (new.kind, new.run, new.task, new.number);
END;
CREATE TABLE models (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    base INTEGER NOT NULL,
    through INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT;
CREATE TRIGGER profiles_are_untold AFTER DELETE ON profiles BEGIN
    DELETE FROM told WHERE kind = old.kind AND run = old.run AND task = old.task AND attempt = old.number;
    DELETE FROM models;
END;
)sql";

// Of tasks before it no queue is known.
constexpr std::string_view version_7 = "ALTER TABLE tasks ADD COLUMN queue INTEGER REFERENCES texts";

constexpr std::array versions_so_far = {version_1, version_2, version_3, version_4, version_5, version_6, version_7};

}  // namespace

std::span<const std::string_view> migrations() { return versions_so_far; }

}  // namespace plimsoll::history
