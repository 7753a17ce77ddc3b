-- SPDX-License-Identifier: Apache-2.0
-- A history as Plimsoll wrote it at version 2 of its tables: one run, of which one task failed.
PRAGMA application_id = 1347176781;
PRAGMA user_version = 2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE kinds (
    id INTEGER PRIMARY KEY,
    workflow TEXT NOT NULL,
    step TEXT NOT NULL,
    tool TEXT NOT NULL,
    UNIQUE (workflow, step, tool)
) STRICT;
INSERT INTO kinds VALUES(1,'old','a','sleep');
INSERT INTO kinds VALUES(2,'old','b','cat');
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO texts VALUES(1,'request');
INSERT INTO texts VALUES(2,'memory');
INSERT INTO texts VALUES(3,'size');
INSERT INTO texts VALUES(4,'cpu');
INSERT INTO texts VALUES(5,'time');
INSERT INTO texts VALUES(6,'');
INSERT INTO texts VALUES(7,'order');
INSERT INTO texts VALUES(8,'start');
INSERT INTO texts VALUES(9,'AMD EPYC #6bf9ba1f');
INSERT INTO texts VALUES(10,'hybrid');
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
INSERT INTO runs VALUES(1,'20261121-124235-8c55','old','/data/flow/w.yaml','/data/flow','AMD EPYC #6bf9ba1f','0.1.0',1795264955856143128,1795264956236334025,'failed',4918,2857241,'0f8f1967-9334-43ee-9718-ceb041e24509');
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
INSERT INTO tasks VALUES(1,0,'a',1,'finished',1,'no record of an earlier run',0.5,67108864,NULL,NULL,NULL);
INSERT INTO tasks VALUES(1,1,'b',2,'failed',1,'exit code 3',0.5,67108864,NULL,NULL,NULL);
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
    command TEXT NOT NULL, grown INTEGER NOT NULL DEFAULT 0, frozen INTEGER NOT NULL DEFAULT 0, frozen_time INTEGER NOT NULL DEFAULT 0, reserved_byte_seconds REAL NOT NULL DEFAULT 0, reserved_core_seconds REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, run, task, number),
    FOREIGN KEY (run, task) REFERENCES tasks ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO attempts VALUES(1,1,0,1,1795264955874072154,1795264956209191223,'finished',0,NULL,0.5,67108864,NULL,0,'plimsoll/20261121-124235-8c55@4918-2857241-4026531836/0.1','','echo a > a.txt; sleep 0.3',0,0,0,22489460.02532761544,0.16755953449999999582);
INSERT INTO attempts VALUES(2,1,1,1,1795264956210006562,1795264956235978737,'exit',3,NULL,0.5,67108864,NULL,0,'plimsoll/20261121-124235-8c55@4918-2857241-4026531836/1.1','/data/flow/runs/20261121-124235-8c55/logs/b.1.log','cat a.txt; exit 3',0,0,0,1742963.1598592000081,0.012986087500000000061);
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
INSERT INTO features VALUES(1,1,0,1,0,0,9,NULL);
INSERT INTO features VALUES(2,1,1,1,2,1,9,NULL);
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
    segments BLOB, read_operations INTEGER NOT NULL DEFAULT 0, write_operations INTEGER NOT NULL DEFAULT 0, network_in INTEGER NOT NULL DEFAULT 0, network_out INTEGER NOT NULL DEFAULT 0, threads_peak INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, run, task, number),
    FOREIGN KEY (kind, run, task, number) REFERENCES attempts ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO profiles VALUES(1,1,0,1,335119069,3224000,0.017923538373533890594,110592,524288,33188.57542655999714,0,4096,0,30281000,0,1,3,10,X'010298a30480e0062cf7961080e00600',21,2,0,0,1);
INSERT INTO profiles VALUES(2,1,1,1,25972175,3153000,0.12139915120701288975,806912,811008,10478.629836800000703,0,4096,0,0,0,0,0,10,X'0101f4ca0180a03100',0,0,0,0,0);
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
INSERT INTO forecasts VALUES(1,1,0,1,67108864.0,67108864.0,NULL,NULL,0.5,0.5,NULL,NULL,0.0,0.0,NULL,NULL,'request',1,0,NULL);
INSERT INTO forecasts VALUES(2,1,1,1,67108864.0,67108864.0,NULL,NULL,0.5,0.5,NULL,NULL,0.0,0.0,NULL,NULL,'request',1,0,NULL);
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
INSERT INTO decisions VALUES(1,1,0,1,1795264955874079965,3,2,'64.0 MiB','64.0 MiB','nothing is known yet: request',1,0,NULL);
INSERT INTO decisions VALUES(2,1,0,1,1795264955874094867,3,4,'0.5','0.5','nothing is known yet: request',1,0,NULL);
INSERT INTO decisions VALUES(3,1,0,1,1795264955874097050,3,5,'','0.00 s','nothing is known yet: request',1,0,NULL);
INSERT INTO decisions VALUES(4,1,0,1,1795264955874115838,8,7,'','cpu=0.5 memory=64.0 MiB','critical path: first in line',6,0,NULL);
INSERT INTO decisions VALUES(5,1,1,1,1795264956210013433,3,2,'64.0 MiB','64.0 MiB','nothing is known yet: request',1,0,NULL);
INSERT INTO decisions VALUES(6,1,1,1,1795264956210017248,3,4,'0.5','0.5','nothing is known yet: request',1,0,NULL);
INSERT INTO decisions VALUES(7,1,1,1,1795264956210019612,3,5,'','0.00 s','nothing is known yet: request',1,0,NULL);
INSERT INTO decisions VALUES(8,1,1,1,1795264956210027423,8,7,'','cpu=0.5 memory=64.0 MiB','critical path: first in line',6,0,NULL);
CREATE TABLE forgetting (
    run INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    workflow TEXT NOT NULL,
    UNIQUE (folder, workflow)
) STRICT;
INSERT INTO places VALUES(1,'/data/flow','old');
CREATE TABLE receipts (
    place INTEGER NOT NULL REFERENCES places,
    task_name TEXT NOT NULL,
    files BLOB NOT NULL,
    PRIMARY KEY (place, task_name)
) STRICT, WITHOUT ROWID;
INSERT INTO receipts VALUES(1,'a',X'01675bab1e50521cd3d8a72cd84f7d10e7000105612e74787404c891a0e3e6fd87ea31ed98e404019503bbdce3e7735c189a846373f241e8');
CREATE INDEX kinds_by_tool ON kinds (tool);
CREATE INDEX runs_running ON runs (number) WHERE state = 'running';
CREATE UNIQUE INDEX attempts_by_run ON attempts (run, task, number);
CREATE INDEX decisions_by_run ON decisions (run, task);
CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions BEGIN
    SELECT raise(ABORT, 'decisions are append-only');
END;
CREATE TRIGGER decisions_are_not_deleted BEFORE DELETE ON decisions
WHEN NOT EXISTS (SELECT 1 FROM forgetting WHERE run = old.run) BEGIN
    SELECT raise(ABORT, 'decisions are append-only: only forgetting their run deletes them');
END;
COMMIT;
