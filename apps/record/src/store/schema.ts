export const SCHEMA_VERSION = 6

/** Whose time is taken, when and by what: `o` is a Schedule or an actor, `k` a kind of `parameters/busy.ts`. It covers what is asked of it. */
const BUSY = `
CREATE TABLE busy (
  o TEXT NOT NULL, k INTEGER NOT NULL, lo INTEGER NOT NULL, r INTEGER NOT NULL, hi INTEGER NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (o, k, lo, r)
) STRICT, WITHOUT ROWID;
`

/**
 * `ix_pair` holds values that stand together in one element: `v|s` a token, beside it `w|z` another token, a reference
 * (id, type) or a unit, and `lo`, `hi` a quantity or two numbers. `ix_text` says under which texts of `txt` a code is named;
 * texts are few and repeat, so that they are kept once.
 */
const PAIRS_AND_TEXTS = `
CREATE TABLE ix_pair (
  p INTEGER NOT NULL, v TEXT NOT NULL, r INTEGER NOT NULL, s TEXT NOT NULL, w TEXT NOT NULL, z TEXT NOT NULL, lo REAL NOT NULL,
  hi REAL NOT NULL, PRIMARY KEY (p, v, r, s, w, z, lo, hi)
) STRICT, WITHOUT ROWID;
CREATE TABLE txt (id INTEGER PRIMARY KEY, v TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE ix_text (t INTEGER NOT NULL, p INTEGER NOT NULL, r INTEGER NOT NULL, PRIMARY KEY (t, p, r)) STRICT, WITHOUT ROWID;
`

const NUMBERS_BY_RESOURCE = 'CREATE INDEX ix_num_r ON ix_num (r, p, lo, hi);'

/** What brings a file of the version before up to each version. Types whose hashes are emptied are indexed again, also after a crash. */
export const STEPS: Readonly<Record<number, string>> = {
  2: `${BUSY} UPDATE sp SET hash = '' WHERE rt IN ('Slot', 'Appointment');`,
  3: `${PAIRS_AND_TEXTS} UPDATE sp SET hash = '';`,
  // What texts, canonicals, money and present elements without a searchable value become.
  4: `UPDATE sp SET hash = '';`,
  5: `${NUMBERS_BY_RESOURCE} UPDATE sp SET hash = '';`,
  // Extensions in place of values are no values.
  6: `UPDATE sp SET hash = '';`,
}

/**
 * `p` is the number of one (type, search parameter) pair, `r` the resource. Index tables hold current versions only.
 * `ix_ref.d` is the resource's primary date, so that "this person's appointments, newest first" is one index walk; a
 * resource that has none has a row in `ix_date` under the negative number of that parameter.
 */
export const SCHEMA = `
CREATE TABLE res (
  pk INTEGER PRIMARY KEY, rt TEXT NOT NULL, id TEXT NOT NULL, ver INTEGER NOT NULL, upd INTEGER NOT NULL,
  del INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (rt, id)
) STRICT;
CREATE INDEX res_type ON res (rt, del);
CREATE INDEX res_updated ON res (rt, del, upd);
CREATE TABLE hist (
  rt TEXT NOT NULL, id TEXT NOT NULL, ver INTEGER NOT NULL, upd INTEGER NOT NULL, method TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (rt, id, ver)
) STRICT, WITHOUT ROWID;
CREATE TABLE chg (
  seq INTEGER PRIMARY KEY, rt TEXT NOT NULL, id TEXT NOT NULL, ver INTEGER NOT NULL, upd INTEGER NOT NULL,
  method TEXT NOT NULL, patients TEXT NOT NULL
) STRICT;
CREATE INDEX chg_type ON chg (rt, seq);
CREATE INDEX chg_resource ON chg (rt, id, seq);
CREATE TABLE sp (id INTEGER PRIMARY KEY, rt TEXT NOT NULL, code TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (rt, code)) STRICT;
CREATE TABLE ix_tok (p INTEGER NOT NULL, v TEXT NOT NULL, r INTEGER NOT NULL, s TEXT NOT NULL, PRIMARY KEY (p, v, r, s)) STRICT, WITHOUT ROWID;
CREATE TABLE ix_ref (
  p INTEGER NOT NULL, i TEXT NOT NULL, d INTEGER NOT NULL, r INTEGER NOT NULL, t TEXT NOT NULL, PRIMARY KEY (p, i, d, r, t)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_ref_r ON ix_ref (r, p, i);
CREATE TABLE ix_date (p INTEGER NOT NULL, lo INTEGER NOT NULL, r INTEGER NOT NULL, hi INTEGER NOT NULL, PRIMARY KEY (p, lo, r, hi)) STRICT, WITHOUT ROWID;
CREATE INDEX ix_date_r ON ix_date (r, p, lo, hi);
CREATE TABLE ix_str (p INTEGER NOT NULL, v TEXT NOT NULL, r INTEGER NOT NULL, x TEXT NOT NULL, PRIMARY KEY (p, v, r, x)) STRICT, WITHOUT ROWID;
CREATE INDEX ix_str_r ON ix_str (r, p, v);
CREATE TABLE ix_num (
  p INTEGER NOT NULL, lo REAL NOT NULL, hi REAL NOT NULL, r INTEGER NOT NULL, s TEXT NOT NULL, c TEXT NOT NULL,
  PRIMARY KEY (p, lo, hi, r, s, c)
) STRICT, WITHOUT ROWID;
CREATE TABLE ix_uri (p INTEGER NOT NULL, v TEXT NOT NULL, r INTEGER NOT NULL, PRIMARY KEY (p, v, r)) STRICT, WITHOUT ROWID;
${BUSY}${PAIRS_AND_TEXTS}${NUMBERS_BY_RESOURCE}`
