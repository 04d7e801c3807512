-- Brings the groupware's database to what this image wants; run as postgres at each start. SOGo makes its tables itself.
\set ON_ERROR_STOP on
SELECT 'CREATE ROLE sogo LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sogo') \gexec
SELECT 'CREATE DATABASE sogo' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'sogo') \gexec
\connect sogo
SET client_min_messages = warning;
BEGIN;
REVOKE ALL ON DATABASE sogo FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE sogo TO sogo;
GRANT USAGE, CREATE ON SCHEMA public TO sogo;
CREATE EXTENSION IF NOT EXISTS file_fdw;
-- The accounts: read from users.sqlite at each question. SOGo may ask the view, and neither change nor replace it.
DROP SCHEMA IF EXISTS box CASCADE;
CREATE SCHEMA box;
DROP SERVER IF EXISTS box CASCADE;
CREATE SERVER box FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE box.users
  (email text, typed text, local text, domain text, password text, alias1 text, alias2 text, alias3 text, alias4 text, which text)
  SERVER box OPTIONS (program '/usr/lib/box/groupware-accounts', format 'csv');
-- At the doors for programs a name says by which password, in a way that nobody can type: box/api/http/device-door.ts.
CREATE FOREIGN TABLE box.door_key (key text) SERVER box OPTIONS (filename '/run/box/groupware-door-key');
CREATE VIEW box.log_ins AS
  SELECT users.*, CASE WHEN which IS NULL THEN ''
    ELSE '.' || left(encode(sha256(convert_to(key || '/' || which, 'UTF8')), 'hex'), 32) END AS mark FROM box.users, box.door_key;
-- SOGo compares names with `=` alone. For the columns that it looks for a log-in in, this is box/mail/typed.ts: what is
-- typed counts without blanks around it, in small letters, and as Unicode's one way of writing the same. The schema comes
-- last in SOGo's path, and the operator is for this type only.
CREATE DOMAIN box.name AS text;
CREATE FUNCTION box.is_meant(kept box.name, typed box.name) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN kept::text = lower(normalize(btrim(typed::text, E' \t\r\n\u00a0'), NFKC));
CREATE OPERATOR box.= (LEFTARG = box.name, RIGHTARG = box.name, FUNCTION = box.is_meant);
GRANT USAGE ON SCHEMA box TO sogo;
ALTER ROLE sogo IN DATABASE sogo SET search_path = public, box;
CREATE VIEW public.box_accounts AS
  SELECT (email || mark)::box.name AS login, (lower(normalize(typed, NFKC)) || mark)::box.name AS typed, email AS c_uid, email AS c_name, password AS c_password, local AS c_cn, email AS mail, domain AS c_domain,
    alias1, alias2, alias3, alias4 FROM box.log_ins;
GRANT SELECT ON public.box_accounts TO sogo;
COMMIT;
