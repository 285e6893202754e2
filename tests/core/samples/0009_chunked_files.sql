
PRAGMA page_size=4096;

PRAGMA writable_schema=ON;

BEGIN TRANSACTION;

DROP TABLE IF EXISTS alias;
CREATE TABLE alias (
            id INTEGER NOT NULL PRIMARY KEY,
            item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
            source TEXT NOT NULL, kind TEXT NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL);
INSERT INTO alias VALUES(1,1,'/films/clip.mp4','path',1795000000000,1795000000000);
CREATE UNIQUE INDEX alias_item_source ON alias (item_id, source);
CREATE INDEX alias_source ON alias (source, last_seen);
CREATE TRIGGER sync_alias_comes AFTER INSERT ON alias BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                SELECT CASE WHEN item.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN item.ball_id IS NULL THEN item.hash ELSE item.bucket_id END, COALESCE(item.ball_id, ''), 'aliases', CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM item
                WHERE id = NEW.item_id ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_alias_goes AFTER DELETE ON alias BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                SELECT CASE WHEN item.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN item.ball_id IS NULL THEN item.hash ELSE item.bucket_id END, COALESCE(item.ball_id, ''), 'aliases', CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM item
                WHERE id = OLD.item_id ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;

DROP TABLE IF EXISTS ball;
CREATE TABLE ball (
            id INTEGER NOT NULL PRIMARY KEY,
            bucket_id INTEGER NOT NULL REFERENCES bucket (id), ball_id TEXT NOT NULL,
            key TEXT NOT NULL, item_id INTEGER REFERENCES item (id) ON DELETE CASCADE,
            hash TEXT NOT NULL REFERENCES blob (hash), size INTEGER NOT NULL,
            checksum TEXT NOT NULL, content_type TEXT NOT NULL, producer_id TEXT NOT NULL,
            tags TEXT NOT NULL, frame_number INTEGER, is_disabled INTEGER NOT NULL DEFAULT 0);
CREATE INDEX ball_group ON ball (bucket_id, ball_id, frame_number);
CREATE INDEX ball_hash ON ball (hash);
CREATE INDEX ball_item ON ball (item_id, frame_number);
CREATE UNIQUE INDEX ball_key ON ball (bucket_id, key);
CREATE TRIGGER sync_ball_changes AFTER UPDATE ON ball BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('b', OLD.bucket_id, OLD.key, '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)),
                ('b', NEW.bucket_id, NEW.key, '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_ball_comes AFTER INSERT ON ball BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('b', NEW.bucket_id, NEW.key, '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_ball_goes AFTER DELETE ON ball BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('b', OLD.bucket_id, OLD.key, '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;

DROP TABLE IF EXISTS blob;
CREATE TABLE blob (
            hash TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, sha256 TEXT,
            added_at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO blob VALUES('636c69702e6d7034000000000000000000000000000000000000000000000000',1000,NULL,0);
CREATE INDEX blob_sha256 ON blob (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX blob_size ON blob (size);

DROP TABLE IF EXISTS bucket;
CREATE TABLE bucket (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO bucket VALUES(1,'videos');

DROP TABLE IF EXISTS bulk_item;
CREATE TABLE bulk_item (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            job_id INTEGER NOT NULL REFERENCES bulk_job (id) ON DELETE CASCADE,
            identity TEXT NOT NULL, action TEXT NOT NULL, label TEXT NOT NULL,
            options TEXT NOT NULL, line INTEGER, state TEXT NOT NULL DEFAULT 'waiting',
            status TEXT, reason TEXT, size INTEGER NOT NULL DEFAULT 0, item_id INTEGER,
            path TEXT, made TEXT);
INSERT INTO bulk_item VALUES(1,1,'5f','tag','1','{"item": "1", "tags": ["kept"]}',NULL,'done','succeeded',NULL,0,1,NULL,NULL);
CREATE UNIQUE INDEX bulk_item_once ON bulk_item (job_id, identity);
CREATE INDEX bulk_item_totals ON bulk_item (job_id, state, status, size);
CREATE INDEX bulk_item_waiting ON bulk_item (job_id, id) WHERE state = 'waiting';

DROP TABLE IF EXISTS bulk_job;
CREATE TABLE bulk_job (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL, concurrency INTEGER NOT NULL,
            stop_on_failure INTEGER NOT NULL, closed INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL, finished_at INTEGER, seconds REAL NOT NULL DEFAULT 0,
            owner TEXT, note TEXT, step INTEGER);
INSERT INTO bulk_job VALUES(1,'tidy','done',6,0,0,1795000000000,NULL,0.0,NULL,NULL,NULL);

DROP TABLE IF EXISTS change;
CREATE TABLE change (
            seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, item_id INTEGER NOT NULL,
            what TEXT NOT NULL);
INSERT INTO change VALUES(1,1,'added');

DROP TABLE IF EXISTS decision;
CREATE TABLE decision (
            hash_a TEXT NOT NULL, hash_b TEXT NOT NULL, verdict TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (hash_a, hash_b), CHECK (hash_a < hash_b))
            WITHOUT ROWID;
CREATE INDEX decision_at ON decision (at);
CREATE TRIGGER decision_changes AFTER UPDATE ON decision BEGIN
            UPDATE "match" SET verdict = NEW.verdict
                WHERE hash_a = NEW.hash_a AND hash_b = NEW.hash_b;
        END;
CREATE TRIGGER decision_comes AFTER INSERT ON decision BEGIN
            UPDATE "match" SET verdict = NEW.verdict
                WHERE hash_a = NEW.hash_a AND hash_b = NEW.hash_b;
        END;
CREATE TRIGGER decision_goes AFTER DELETE ON decision BEGIN
            UPDATE "match" SET verdict = NULL
                WHERE hash_a = OLD.hash_a AND hash_b = OLD.hash_b;
        END;
CREATE INDEX decision_other ON decision (hash_b);
CREATE TRIGGER sync_decision_comes AFTER INSERT ON decision BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('d', NEW.hash_a, NEW.hash_b, '*', NEW.at) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_decision_goes AFTER DELETE ON decision BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES ('d', OLD.hash_a, OLD.hash_b, '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;

DROP TABLE IF EXISTS family;
CREATE TABLE family (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
            seconds REAL NOT NULL);

DROP TABLE IF EXISTS family_member;
CREATE TABLE family_member (
            id INTEGER NOT NULL PRIMARY KEY,
            family_id INTEGER NOT NULL REFERENCES family (id) ON DELETE CASCADE,
            hash TEXT NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL);
CREATE INDEX family_member_family ON family_member (family_id);
CREATE INDEX family_member_hash ON family_member (hash);

DROP TABLE IF EXISTS fingerprint;
CREATE TABLE fingerprint (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE,
            present INTEGER NOT NULL DEFAULT 1, state TEXT NOT NULL DEFAULT 'waiting',
            version INTEGER NOT NULL DEFAULT 0, stamp INTEGER, checked_version INTEGER,
            reason TEXT, stream TEXT, data BLOB);
INSERT INTO fingerprint VALUES(1,'636c69702e6d7034000000000000000000000000000000000000000000000000',1,'waiting',0,NULL,NULL,NULL,NULL,NULL);
CREATE UNIQUE INDEX fingerprint_stamp ON fingerprint (stamp) WHERE stamp IS NOT NULL;
CREATE INDEX fingerprint_state ON fingerprint (present, state, checked_version);
CREATE INDEX fingerprint_stream ON fingerprint (stream) WHERE stream IS NOT NULL;
CREATE INDEX fingerprint_unchecked ON fingerprint (id)
            WHERE present AND state = 'ready' AND checked_version IS NULL;
CREATE INDEX fingerprint_waiting ON fingerprint (id)
            WHERE present AND state = 'waiting';

DROP TABLE IF EXISTS frame_index;
CREATE TABLE frame_index (hash TEXT NOT NULL PRIMARY KEY, data BLOB NOT NULL);

DROP TABLE IF EXISTS growing;
CREATE TABLE growing (
            item_id INTEGER NOT NULL PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE);

DROP TABLE IF EXISTS info;
CREATE TABLE info (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

DROP TABLE IF EXISTS item;
CREATE TABLE item (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,
            hash TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
            bucket_id INTEGER NOT NULL REFERENCES bucket (id), prefix TEXT NOT NULL,
            size INTEGER NOT NULL, added_at INTEGER NOT NULL, ball_id TEXT,
            width INTEGER NOT NULL, height INTEGER NOT NULL, frame_count INTEGER NOT NULL,
            duration REAL, length REAL NOT NULL, delay_ms REAL, fps REAL,
            codec TEXT NOT NULL, mime TEXT NOT NULL, damaged TEXT, removed_at INTEGER,
            meta TEXT, bookmarks TEXT, delays TEXT);
INSERT INTO item VALUES(1,'video','636c69702e6d7034000000000000000000000000000000000000000000000000','clip.mp4','clip.mp000000000004',1,'',1000,1795000000000,NULL,640,360,48,2.0,2.0,NULL,NULL,'','video/mp4',NULL,NULL,'{"title": "A clip"}','[[3, "the door opens"]]',NULL);
CREATE INDEX item_by_added ON item (added_at, id) WHERE removed_at IS NULL;
CREATE INDEX item_by_bucket ON item (bucket_id, added_at, id) WHERE removed_at IS NULL;
CREATE INDEX item_by_frames ON item (frame_count, id) WHERE removed_at IS NULL;
CREATE INDEX item_by_length ON item (length, id) WHERE removed_at IS NULL;
CREATE INDEX item_by_name ON item (name_key, id) WHERE removed_at IS NULL;
CREATE INDEX item_by_size ON item (size, id) WHERE removed_at IS NULL;
CREATE TRIGGER item_changes AFTER UPDATE OF hash ON item WHEN OLD.hash <> NEW.hash BEGIN
            INSERT INTO fingerprint (hash) VALUES (NEW.hash)
                ON CONFLICT (hash) DO UPDATE SET present = 1;
            UPDATE fingerprint SET present = 0 WHERE hash = OLD.hash
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
            DELETE FROM fingerprint WHERE hash = OLD.hash AND NOT present AND state <> 'ready';
            UPDATE "match" SET shown =
                EXISTS (SELECT 1 FROM item WHERE hash = hash_a AND removed_at IS NULL)
                AND EXISTS (SELECT 1 FROM item WHERE hash = hash_b AND removed_at IS NULL)
                WHERE hash_a IN (OLD.hash, NEW.hash) OR hash_b IN (OLD.hash, NEW.hash);
            INSERT OR IGNORE INTO review_arrival (hash) VALUES (NEW.hash);
            DELETE FROM review_arrival WHERE hash = OLD.hash
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
            DELETE FROM quality WHERE (hash_a = OLD.hash OR hash_b = OLD.hash)
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
        END;
CREATE TRIGGER item_comes AFTER INSERT ON item BEGIN
            INSERT INTO fingerprint (hash) VALUES (NEW.hash)
                ON CONFLICT (hash) DO UPDATE SET present = 1;
            UPDATE "match" SET shown =
                EXISTS (SELECT 1 FROM item WHERE hash = hash_a AND removed_at IS NULL)
                AND EXISTS (SELECT 1 FROM item WHERE hash = hash_b AND removed_at IS NULL)
                WHERE hash_a = NEW.hash OR hash_b = NEW.hash;
        END;
CREATE UNIQUE INDEX item_content ON item (hash) WHERE ball_id IS NULL;
CREATE INDEX item_damaged ON item (added_at, id)
            WHERE damaged IS NOT NULL AND removed_at IS NULL;
CREATE TRIGGER item_goes AFTER DELETE ON item BEGIN
            UPDATE fingerprint SET present = 0 WHERE hash = OLD.hash
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
            DELETE FROM fingerprint WHERE hash = OLD.hash AND NOT present AND state <> 'ready';
            UPDATE "match" SET shown = 0 WHERE (hash_a = OLD.hash OR hash_b = OLD.hash)
                AND NOT EXISTS
                    (SELECT 1 FROM item WHERE hash = OLD.hash AND removed_at IS NULL);
        END;
CREATE UNIQUE INDEX item_group ON item (bucket_id, ball_id) WHERE ball_id IS NOT NULL;
CREATE INDEX item_hash ON item (hash);
CREATE INDEX item_live_hash ON item (hash) WHERE removed_at IS NULL;
CREATE TRIGGER item_moves AFTER UPDATE OF removed_at ON item
            WHEN (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL) BEGIN
            UPDATE "match" SET shown =
                EXISTS (SELECT 1 FROM item WHERE hash = hash_a AND removed_at IS NULL)
                AND EXISTS (SELECT 1 FROM item WHERE hash = hash_b AND removed_at IS NULL)
                WHERE hash_a = NEW.hash OR hash_b = NEW.hash;
        END;
CREATE INDEX item_removed ON item (removed_at, id) WHERE removed_at IS NOT NULL;
CREATE TRIGGER quality_goes AFTER DELETE ON item BEGIN
            DELETE FROM quality WHERE (hash_a = OLD.hash OR hash_b = OLD.hash)
                AND NOT EXISTS (SELECT 1 FROM item WHERE hash = OLD.hash);
        END;
CREATE TRIGGER review_item_comes AFTER INSERT ON item BEGIN
            INSERT OR IGNORE INTO review_arrival (hash) VALUES (NEW.hash);
        END;
CREATE TRIGGER sync_group_moves AFTER UPDATE OF bucket_id, ball_id ON item
            WHEN OLD.ball_id IS NOT NULL
                AND (OLD.ball_id <> NEW.ball_id OR OLD.bucket_id <> NEW.bucket_id) BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES (CASE WHEN OLD.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN OLD.ball_id IS NULL THEN OLD.hash ELSE OLD.bucket_id END, COALESCE(OLD.ball_id, ''), '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)), (CASE WHEN NEW.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN NEW.ball_id IS NULL THEN NEW.hash ELSE NEW.bucket_id END, COALESCE(NEW.ball_id, ''), '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_item_changes
            AFTER UPDATE OF name, bucket_id, prefix, meta, bookmarks, delays, delay_ms ON item
            BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                SELECT CASE WHEN NEW.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN NEW.ball_id IS NULL THEN NEW.hash ELSE NEW.bucket_id END, COALESCE(NEW.ball_id, ''), part, CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM (SELECT 'name' AS part WHERE OLD.name IS NOT NEW.name UNION ALL SELECT 'place' AS part WHERE OLD.bucket_id IS NOT NEW.bucket_id OR OLD.prefix IS NOT NEW.prefix UNION ALL SELECT 'meta' AS part WHERE OLD.meta IS NOT NEW.meta UNION ALL SELECT 'marks' AS part WHERE OLD.bookmarks IS NOT NEW.bookmarks UNION ALL SELECT 'delays' AS part WHERE OLD.delays IS NOT NEW.delays OR OLD.delay_ms IS NOT NEW.delay_ms) WHERE true ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_item_comes AFTER INSERT ON item BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES (CASE WHEN NEW.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN NEW.ball_id IS NULL THEN NEW.hash ELSE NEW.bucket_id END, COALESCE(NEW.ball_id, ''), '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_item_goes AFTER DELETE ON item BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES (CASE WHEN OLD.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN OLD.ball_id IS NULL THEN OLD.hash ELSE OLD.bucket_id END, COALESCE(OLD.ball_id, ''), '*', CAST(unixepoch('subsec') * 1000 AS INTEGER)) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_item_moves AFTER UPDATE OF removed_at ON item
            WHEN OLD.removed_at IS NOT NEW.removed_at BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                VALUES (CASE WHEN NEW.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN NEW.ball_id IS NULL THEN NEW.hash ELSE NEW.bucket_id END, COALESCE(NEW.ball_id, ''), 'state', COALESCE(NEW.removed_at, CAST(unixepoch('subsec') * 1000 AS INTEGER))) ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;

DELETE FROM sqlite_schema WHERE name='item_text' AND type='table';
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql) VALUES('table','item_text','item_text',0,'CREATE VIRTUAL TABLE item_text USING fts5 (
            name, place, tags, meta, sources,
            tokenize = ''unicode61 remove_diacritics 2'', prefix = ''2 3'')');

DROP TABLE IF EXISTS item_text_config;
CREATE TABLE 'item_text_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO item_text_config VALUES('version',4);

DROP TABLE IF EXISTS item_text_content;
CREATE TABLE 'item_text_content'(id INTEGER PRIMARY KEY, c0, c1, c2, c3, c4);
INSERT INTO item_text_content VALUES(1,'clip.mp4','videos   video ','','{"title": "A clip"}','/films/clip.mp4');

DROP TABLE IF EXISTS item_text_data;
CREATE TABLE 'item_text_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO item_text_data VALUES(1,X'010202000303');
INSERT INTO item_text_data VALUES(10,X'000000000102020002010101020101');
INSERT INTO item_text_data VALUES(137438953473,X'0000008E02306101060103030104636C697001080201030401036D703401020301057469746C6501060103020105766964656F01060101030601730106010102000331636C01080201030401026D7001020301027469010601030201027669010801010203000432636C6901080201030401036D703401020301037469740106010302010376696401080101020304080C080C0C080B07090A0C080A');
INSERT INTO item_text_data VALUES(274877906945,X'000000BF02306101070103030104636C6970010F02010304010403010566696C6D73010601040201036D703401090301040401057469746C6501070103020105766964656F01070101030601730107010102000331636C010F0201030401040301026669010601040201026D7001090301040401027469010701030201027669010901010203000432636C69010F02010304010403010366696C010601040201036D703401090301040401037469740107010302010376696401090101020304080F0C0B0C0C080E090A090A0F0A0B0A');

DROP TABLE IF EXISTS item_text_docsize;
CREATE TABLE 'item_text_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO item_text_docsize VALUES(1,X'0202000303');

DROP TABLE IF EXISTS item_text_idx;
CREATE TABLE 'item_text_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO item_text_idx VALUES(1,X'',2);
INSERT INTO item_text_idx VALUES(2,X'',2);

DROP TABLE IF EXISTS job;
CREATE TABLE job (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL,
            title TEXT NOT NULL, options TEXT NOT NULL, created_at INTEGER NOT NULL,
            finished_at INTEGER, owner TEXT);

DROP TABLE IF EXISTS job_source;
CREATE TABLE job_source (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
            source TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
            size INTEGER NOT NULL, status TEXT, reason TEXT, hash TEXT, name TEXT,
            item_id INTEGER, phash_distance INTEGER, duplicate_of TEXT, look_alike TEXT, remembered TEXT);
CREATE UNIQUE INDEX job_source_once ON job_source (job_id, source, kind);
CREATE INDEX job_source_waiting ON job_source (job_id, state, id);

DROP TABLE IF EXISTS journal;
CREATE TABLE journal (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
            label TEXT NOT NULL, forward TEXT NOT NULL, backward TEXT NOT NULL,
            undone INTEGER NOT NULL DEFAULT 0, settled INTEGER NOT NULL DEFAULT 0);

DROP TABLE IF EXISTS "match";
CREATE TABLE "match" (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, hash_a TEXT NOT NULL,
            hash_b TEXT NOT NULL, relation TEXT NOT NULL, tier TEXT NOT NULL,
            found_relation TEXT NOT NULL, found_tier TEXT NOT NULL, score REAL NOT NULL,
            doubt REAL NOT NULL, coverage_a REAL NOT NULL, coverage_b REAL NOT NULL,
            data TEXT NOT NULL, found_at INTEGER NOT NULL, round INTEGER NOT NULL,
            shown INTEGER NOT NULL DEFAULT 0, verdict TEXT, CHECK (hash_a < hash_b));
CREATE TRIGGER match_comes AFTER INSERT ON "match" BEGIN
            UPDATE "match" SET shown =
                EXISTS (SELECT 1 FROM item WHERE hash = NEW.hash_a AND removed_at IS NULL)
                AND EXISTS (SELECT 1 FROM item WHERE hash = NEW.hash_b AND removed_at IS NULL),
                verdict = (SELECT verdict FROM decision
                    WHERE hash_a = NEW.hash_a AND hash_b = NEW.hash_b)
                WHERE id = NEW.id;
        END;
CREATE INDEX match_open ON "match" (tier, doubt, id)
            WHERE shown AND verdict IS NULL AND relation <> 'shared segment';
CREATE INDEX match_open_relation ON "match" (relation, tier, doubt, id)
            WHERE shown AND verdict IS NULL;
CREATE INDEX match_other ON "match" (hash_b, hash_a);
CREATE UNIQUE INDEX match_pair ON "match" (hash_a, hash_b);
CREATE INDEX match_round ON "match" (round);
CREATE INDEX match_shown ON "match" (tier, doubt, id) WHERE shown;
CREATE TRIGGER review_match_changes
            AFTER UPDATE OF shown, verdict, tier, relation, doubt ON "match"
            WHEN OLD.shown IS NOT NEW.shown OR OLD.verdict IS NOT NEW.verdict
                OR OLD.tier IS NOT NEW.tier OR OLD.relation IS NOT NEW.relation
                OR OLD.doubt IS NOT NEW.doubt BEGIN
            INSERT OR IGNORE INTO review_dirty (hash) VALUES (NEW.hash_a), (NEW.hash_b);
        END;
CREATE TRIGGER review_match_goes AFTER DELETE ON "match" WHEN OLD.shown BEGIN
            INSERT OR IGNORE INTO review_dirty (hash) VALUES (OLD.hash_a), (OLD.hash_b);
        END;

DROP TABLE IF EXISTS memory;
CREATE TABLE memory (
            hash TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, deleted_at INTEGER NOT NULL)
            WITHOUT ROWID;

DROP TABLE IF EXISTS migration;
CREATE TABLE migration (name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL);
INSERT INTO migration VALUES('0001_first_library',1795000000000);
INSERT INTO migration VALUES('0002_bookmarks',1795000000000);
INSERT INTO migration VALUES('0003_same_footage',1795000000000);
INSERT INTO migration VALUES('0004_review',1795000000000);
INSERT INTO migration VALUES('0005_quality',1795000000000);
INSERT INTO migration VALUES('0006_growing_groups',1795000000000);
INSERT INTO migration VALUES('0007_bulk',1795000000000);
INSERT INTO migration VALUES('0008_sync',1795000000000);
INSERT INTO migration VALUES('0009_chunked_files',1795000000000);

DROP TABLE IF EXISTS quality;
CREATE TABLE quality (
            hash_a TEXT NOT NULL, hash_b TEXT NOT NULL, stamp TEXT NOT NULL,
            data TEXT NOT NULL, PRIMARY KEY (hash_a, hash_b), CHECK (hash_a < hash_b))
            WITHOUT ROWID;
CREATE INDEX quality_other ON quality (hash_b);

DROP TABLE IF EXISTS review_arrival;
CREATE TABLE review_arrival (hash TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;

DROP TABLE IF EXISTS review_dirty;
CREATE TABLE review_dirty (hash TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;

DROP TABLE IF EXISTS review_group;
CREATE TABLE review_group (
            lane TEXT NOT NULL, keeper TEXT NOT NULL, relation INTEGER NOT NULL,
            doubt REAL NOT NULL, skipped_at INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (lane, keeper)) WITHOUT ROWID;
CREATE UNIQUE INDEX review_order
            ON review_group (skipped_at, lane, relation, doubt, keeper);

DROP TABLE IF EXISTS review_member;
CREATE TABLE review_member (
            lane TEXT NOT NULL, hash TEXT NOT NULL, keeper TEXT NOT NULL, "match" INTEGER,
            relation INTEGER, doubt REAL, likeness REAL, size INTEGER NOT NULL,
            PRIMARY KEY (lane, hash)) WITHOUT ROWID;
CREATE INDEX review_member_of
            ON review_member (lane, keeper, doubt, relation, likeness, "match", size)
            WHERE "match" IS NOT NULL;

DROP TABLE IF EXISTS review_rule;
CREATE TABLE review_rule (name TEXT NOT NULL PRIMARY KEY, data TEXT NOT NULL)
            WITHOUT ROWID;
INSERT INTO review_rule VALUES('same bytes','on_arrival = false
');

DROP TABLE IF EXISTS review_skip;
CREATE TABLE review_skip (key TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL)
            WITHOUT ROWID;
INSERT INTO review_skip VALUES('certain:636c',1795000000000);
CREATE TRIGGER review_skip_comes AFTER INSERT ON review_skip BEGIN
            UPDATE review_group SET skipped_at = NEW.at
                WHERE lane = substr(NEW.key, 1, instr(NEW.key, ':') - 1)
                AND keeper = substr(NEW.key, instr(NEW.key, ':') + 1);
        END;
CREATE TRIGGER review_skip_goes AFTER DELETE ON review_skip BEGIN
            UPDATE review_group SET skipped_at = 0
                WHERE lane = substr(OLD.key, 1, instr(OLD.key, ':') - 1)
                AND keeper = substr(OLD.key, instr(OLD.key, ':') + 1);
        END;

DROP TABLE IF EXISTS sync_dirty;
CREATE TABLE sync_dirty (
            kind TEXT NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, part TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (kind, a, b, part)) WITHOUT ROWID;
INSERT INTO sync_dirty VALUES('f','636c69702e6d7034000000000000000000000000000000000000000000000000','','*',1795000000000);

DROP TABLE IF EXISTS sync_entry;
CREATE TABLE sync_entry (
            place TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL, digest TEXT,
            at INTEGER NOT NULL, elements TEXT) WITHOUT ROWID;

DROP TABLE IF EXISTS sync_file;
CREATE TABLE sync_file (
            folder TEXT NOT NULL, path TEXT NOT NULL, blake3 TEXT NOT NULL, sha256 TEXT,
            size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, shared INTEGER NOT NULL DEFAULT 0,
            gone_at INTEGER, PRIMARY KEY (folder, path, blake3)) WITHOUT ROWID;

DROP TABLE IF EXISTS sync_node;
CREATE TABLE sync_node (
            prefix TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL, sum TEXT NOT NULL)
            WITHOUT ROWID;

DROP TABLE IF EXISTS tag;
CREATE TABLE tag (
            item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
            name TEXT NOT NULL, PRIMARY KEY (item_id, name)) WITHOUT ROWID;
CREATE TRIGGER sync_tag_comes AFTER INSERT ON tag BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                SELECT CASE WHEN item.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN item.ball_id IS NULL THEN item.hash ELSE item.bucket_id END, COALESCE(item.ball_id, ''), 'tags', CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM item
                WHERE id = NEW.item_id ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE TRIGGER sync_tag_goes AFTER DELETE ON tag BEGIN
            INSERT INTO sync_dirty (kind, a, b, part, at)
                SELECT CASE WHEN item.ball_id IS NULL THEN 'f' ELSE 'g' END, CASE WHEN item.ball_id IS NULL THEN item.hash ELSE item.bucket_id END, COALESCE(item.ball_id, ''), 'tags', CAST(unixepoch('subsec') * 1000 AS INTEGER) FROM item
                WHERE id = OLD.item_id ON CONFLICT (kind, a, b, part) DO UPDATE SET at = excluded.at;
        END;
CREATE INDEX tag_name ON tag (name, item_id);

DROP TABLE IF EXISTS video;
CREATE TABLE video (
            item_id INTEGER NOT NULL PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
            container TEXT NOT NULL, pixel_format TEXT NOT NULL, bit_rate INTEGER,
            rotation INTEGER NOT NULL, has_audio INTEGER NOT NULL, has_alpha INTEGER NOT NULL,
            checked_frames INTEGER NOT NULL, extension TEXT NOT NULL, extra TEXT NOT NULL);

DELETE FROM main.sqlite_sequence WHERE name='bulk_item';
INSERT INTO main.sqlite_sequence VALUES ('bulk_item', 1);
DELETE FROM main.sqlite_sequence WHERE name='bulk_job';
INSERT INTO main.sqlite_sequence VALUES ('bulk_job', 1);
DELETE FROM main.sqlite_sequence WHERE name='change';
INSERT INTO main.sqlite_sequence VALUES ('change', 1);
DELETE FROM main.sqlite_sequence WHERE name='fingerprint';
INSERT INTO main.sqlite_sequence VALUES ('fingerprint', 1);
DELETE FROM main.sqlite_sequence WHERE name='item';
INSERT INTO main.sqlite_sequence VALUES ('item', 1);

COMMIT TRANSACTION;

PRAGMA writable_schema=OFF;

BEGIN;
CREATE TABLE no_such_table(x,y,z);
ROLLBACK;
