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

DROP TABLE IF EXISTS change;
CREATE TABLE change (
            seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, item_id INTEGER NOT NULL,
            what TEXT NOT NULL);
INSERT INTO change VALUES(1,1,'added');

DROP TABLE IF EXISTS frame_index;
CREATE TABLE frame_index (hash TEXT NOT NULL PRIMARY KEY, data BLOB NOT NULL);

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
CREATE UNIQUE INDEX item_content ON item (hash) WHERE ball_id IS NULL;
CREATE INDEX item_damaged ON item (added_at, id)
            WHERE damaged IS NOT NULL AND removed_at IS NULL;
CREATE UNIQUE INDEX item_group ON item (bucket_id, ball_id) WHERE ball_id IS NOT NULL;
CREATE INDEX item_hash ON item (hash);
CREATE INDEX item_removed ON item (removed_at, id) WHERE removed_at IS NOT NULL;

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
            item_id INTEGER);
CREATE UNIQUE INDEX job_source_once ON job_source (job_id, source, kind);
CREATE INDEX job_source_waiting ON job_source (job_id, state, id);

DROP TABLE IF EXISTS journal;
CREATE TABLE journal (
            id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
            label TEXT NOT NULL, forward TEXT NOT NULL, backward TEXT NOT NULL,
            undone INTEGER NOT NULL DEFAULT 0);

DROP TABLE IF EXISTS migration;
CREATE TABLE migration (name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL);
INSERT INTO migration VALUES('0001_first_library',1795000000000);
INSERT INTO migration VALUES('0002_bookmarks',1795100000000);

DROP TABLE IF EXISTS tag;
CREATE TABLE tag (
            item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
            name TEXT NOT NULL, PRIMARY KEY (item_id, name)) WITHOUT ROWID;
CREATE INDEX tag_name ON tag (name, item_id);

DROP TABLE IF EXISTS video;
CREATE TABLE video (
            item_id INTEGER NOT NULL PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
            container TEXT NOT NULL, pixel_format TEXT NOT NULL, bit_rate INTEGER,
            rotation INTEGER NOT NULL, has_audio INTEGER NOT NULL, has_alpha INTEGER NOT NULL,
            checked_frames INTEGER NOT NULL, extension TEXT NOT NULL, extra TEXT NOT NULL);

DELETE FROM main.sqlite_sequence WHERE name='change';
INSERT INTO main.sqlite_sequence VALUES ('change', 1);
DELETE FROM main.sqlite_sequence WHERE name='item';
INSERT INTO main.sqlite_sequence VALUES ('item', 1);

COMMIT TRANSACTION;

PRAGMA writable_schema=OFF;

BEGIN;
CREATE TABLE no_such_table(x,y,z);
ROLLBACK;
