-- Calendars and contacts. Names of tables and columns are those that sabre/dav 3.2's SQLite backends ask for; what is unique, and
-- what leads to a row quickly, is said here.
CREATE TABLE calendars (
  id INTEGER PRIMARY KEY,
  synctoken INTEGER NOT NULL DEFAULT 1,
  components TEXT NOT NULL
);
-- A calendar as one person has it. Sharing is off, so that each has one.
CREATE TABLE calendarinstances (
  id INTEGER PRIMARY KEY,
  calendarid INTEGER NOT NULL REFERENCES calendars,
  principaluri TEXT,
  access INTEGER NOT NULL DEFAULT 1,
  displayname TEXT,
  uri TEXT NOT NULL,
  description TEXT,
  calendarorder INTEGER,
  calendarcolor TEXT,
  timezone TEXT,
  transparent INTEGER,
  share_href TEXT,
  share_displayname TEXT,
  share_invitestatus INTEGER DEFAULT 2,
  UNIQUE (principaluri, uri),
  UNIQUE (calendarid, principaluri)
);
CREATE TABLE calendarobjects (
  id INTEGER PRIMARY KEY,
  calendardata BLOB NOT NULL,
  uri TEXT NOT NULL,
  calendarid INTEGER NOT NULL REFERENCES calendars,
  lastmodified INTEGER NOT NULL,
  etag TEXT NOT NULL,
  size INTEGER NOT NULL,
  componenttype TEXT,
  firstoccurence INTEGER,
  lastoccurence INTEGER,
  uid TEXT,
  UNIQUE (calendarid, uri)
);
CREATE INDEX calendarobjects_uid ON calendarobjects (calendarid, uid);
CREATE TABLE calendarchanges (
  id INTEGER PRIMARY KEY,
  uri TEXT,
  synctoken INTEGER NOT NULL,
  calendarid INTEGER NOT NULL,
  operation INTEGER NOT NULL
);
CREATE INDEX calendarchanges_since ON calendarchanges (calendarid, synctoken);
-- Nobody makes one: what is at an address elsewhere is for the client to fetch. The backend asks for the table.
CREATE TABLE calendarsubscriptions (
  id INTEGER PRIMARY KEY,
  uri TEXT NOT NULL,
  principaluri TEXT NOT NULL,
  source TEXT NOT NULL,
  displayname TEXT,
  refreshrate TEXT,
  calendarorder INTEGER,
  calendarcolor TEXT,
  striptodos INTEGER,
  stripalarms INTEGER,
  stripattachments INTEGER,
  lastmodified INTEGER
);
CREATE INDEX calendarsubscriptions_of ON calendarsubscriptions (principaluri, uri);
-- A person's scheduling inbox.
CREATE TABLE schedulingobjects (
  id INTEGER PRIMARY KEY,
  principaluri TEXT NOT NULL,
  calendardata BLOB,
  uri TEXT NOT NULL,
  lastmodified INTEGER,
  etag TEXT NOT NULL,
  size INTEGER NOT NULL
);
CREATE INDEX schedulingobjects_of ON schedulingobjects (principaluri, uri);
CREATE TABLE addressbooks (
  id INTEGER PRIMARY KEY,
  principaluri TEXT NOT NULL,
  displayname TEXT,
  uri TEXT NOT NULL,
  description TEXT,
  synctoken INTEGER NOT NULL DEFAULT 1,
  UNIQUE (principaluri, uri)
);
CREATE TABLE cards (
  id INTEGER PRIMARY KEY,
  addressbookid INTEGER NOT NULL REFERENCES addressbooks,
  carddata BLOB,
  uri TEXT NOT NULL,
  lastmodified INTEGER,
  etag TEXT,
  size INTEGER,
  UNIQUE (addressbookid, uri)
);
CREATE TABLE addressbookchanges (
  id INTEGER PRIMARY KEY,
  uri TEXT,
  synctoken INTEGER NOT NULL,
  addressbookid INTEGER NOT NULL,
  operation INTEGER NOT NULL
);
CREATE INDEX addressbookchanges_since ON addressbookchanges (addressbookid, synctoken);
