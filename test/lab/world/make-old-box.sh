# Makes a Mail-in-a-Box's storage root.
# usage: sh -eus -- FOLDER VERSION HASH_OF_ANN HASH_OF_BOB TOTP_SECRET
umask 022
root=$1 version=$2 ann=$3 bob=$4 totp=$5
rm -rf "$root"
mkdir -p "$root/mail/dkim" "$root/mail/sieve/old.example/ann" "$root/mail/roundcube" "$root/mail/spamassassin" "$root/ssl" \
    "$root/dns/dnssec" "$root/www/default" "$root/www/old.example" "$root/backup" "$root/owncloud"
cd "$root"
echo "$version" >mailinabox.version

# Accounts: what migrations 13, 14 and 15 add is there from those on.
sql() { sqlite3 "$root/mail/users.sqlite" "$1"; }
sql "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL, extra,
      privileges TEXT NOT NULL DEFAULT '');
    CREATE TABLE aliases (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL UNIQUE, destination TEXT NOT NULL,
      permitted_senders TEXT);
    INSERT INTO users (email, password, privileges) VALUES ('ann@old.example', '{SHA512-CRYPT}$ann', 'admin'),
      ('bob@old.example', '{SHA512-CRYPT}$bob', '');
    INSERT INTO aliases (source, destination, permitted_senders) VALUES ('administrator@box.old.example', 'ann@old.example', NULL),
      ('team@old.example', 'ann@old.example,bob@old.example', 'bob@old.example'),
      ('info@xn--mller-kva.example', 'ann@old.example', NULL);"
if [ "$version" -ge 13 ]; then
    sql "CREATE TABLE mfa (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, type TEXT NOT NULL,
          secret TEXT NOT NULL, mru_token TEXT, label TEXT, FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE);
        INSERT INTO mfa (user_id, type, secret, label) VALUES (1, 'totp', '$totp', 'telephone');"
fi
required="VALUES ('postmaster@old.example', 'administrator@box.old.example'), ('abuse@old.example', 'administrator@box.old.example')"
if [ "$version" -ge 14 ]; then
    sql "CREATE TABLE auto_aliases (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL UNIQUE, destination TEXT NOT NULL,
          permitted_senders TEXT);
        INSERT INTO auto_aliases (source, destination) $required, ('@müller.example', '@xn--mller-kva.example');"
else
    sql "INSERT INTO aliases (source, destination) $required;"
fi
[ "$version" -lt 15 ] ||
    sql "ALTER TABLE users ADD COLUMN quota TEXT NOT NULL DEFAULT '0'; UPDATE users SET quota = '500M' WHERE email LIKE 'bob@%';"

# Mail: flags in names, UIDs in dovecot-uidlist, letters of keywords in dovecot-keywords.
inbox=$root/mail/mailboxes/old.example/ann
mkdir -p "$inbox/cur" "$inbox/new" "$inbox/tmp" "$inbox/.Work/cur" "$inbox/.Work/new" "$inbox/.Work/tmp"
mail() { printf 'From: old@friend.example\r\nTo: ann@old.example\r\nSubject: %s\r\nMessage-ID: <%s@friend.example>\r\n\r\nHello.\r\n' "$2" "$3" >"$1"; }
mail "$inbox/cur/1400000001.M1P1.old:2,FS" 'seen and flagged' one
mail "$inbox/cur/1400000002.M2P2.old:2,Sa" 'with a word' two
mail "$inbox/new/1400000003.M3P3.old" 'not seen' three
mail "$inbox/.Work/cur/1400000004.M4P4.old:2,RS" 'answered, in a folder' four
touch -d '2014-05-13 16:53:20 UTC' "$inbox"/cur/* "$inbox"/new/* "$inbox"/.Work/cur/*
echo '0 $Forwarded' >"$inbox/dovecot-keywords"
printf '3 V1399999999 N20 G0123456789abcdef0123456789abcdef\n7 :1400000001.M1P1.old\n9 :1400000002.M2P2.old\n12 :1400000003.M3P3.old\n' \
    >"$inbox/dovecot-uidlist"
printf '3 V1399999998 N6 G00112233445566778899aabbccddeeff\n5 :1400000004.M4P4.old\n' >"$inbox/.Work/dovecot-uidlist"
printf 'INBOX\nWork\n' >"$inbox/subscriptions"
echo 'of another Dovecot' >"$inbox/dovecot.index.log"

# Filters: the active one is a link.
echo 'require ["fileinto"]; if header :contains "subject" "for work" { fileinto "Work"; }' >mail/sieve/old.example/ann/mine.sieve
if [ "$version" -ge 12 ]; then
    ln -s ann/mine.sieve mail/sieve/old.example/ann.sieve
else
    ln -s /home/user-data/mail/sieve/old.example/ann/mine.sieve mail/sieve/old.example/ann.sieve
fi

printf 'Subject: buy\n\nmiracle pills for the lottery\n' >"$root/spam.txt"
sa-learn --dbpath "$root/mail/spamassassin/bayes" --spam "$root/spam.txt" >/dev/null 2>&1
rm "$root/spam.txt"

# Webmail: with the tables of the address book plug-in that is not here.
sqlite3 mail/roundcube/roundcube.sqlite </usr/share/roundcube/SQL/sqlite.initial.sql
sqlite3 mail/roundcube/roundcube.sqlite "INSERT INTO users (username, mail_host, created, language) VALUES ('ann@old.example', 'localhost', '2014-05-13', 'de_DE');
    INSERT INTO identities (user_id, changed, standard, name, email, signature) SELECT user_id, '2014-05-13', 1, 'Ann Old', 'ann@old.example', 'Kind regards, $version' FROM users;
    CREATE TABLE carddav_addressbooks (id INTEGER PRIMARY KEY, password TEXT);"

# Calendars and contacts: of ownCloud 8 in 2016, of Nextcloud since.
event() { printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//old\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20140513T165320Z\r\nDTSTART:20270513T165320Z\r\nDURATION:PT1H\r\nSUMMARY:%s <&> ä€\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' "$1" "$2"; }
card() { printf 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:%s\r\nFN:%s\r\nN:%s;;;;\r\nEND:VCARD\r\n' "$1" "$2" "$2"; }
cloud() { sqlite3 "$root/owncloud/owncloud.db" "$1"; }
if [ "$version" -le 10 ]; then
    cloud "CREATE TABLE oc_clndr_calendars (id INTEGER PRIMARY KEY, userid TEXT, displayname TEXT, uri TEXT);
        CREATE TABLE oc_clndr_objects (id INTEGER PRIMARY KEY, calendarid INTEGER, uri TEXT, calendardata BLOB);
        CREATE TABLE oc_contacts_addressbooks (id INTEGER PRIMARY KEY, userid TEXT, displayname TEXT, uri TEXT);
        CREATE TABLE oc_contacts_cards (id INTEGER PRIMARY KEY, addressbookid INTEGER, uri TEXT, carddata BLOB);
        INSERT INTO oc_clndr_calendars VALUES (1, 'ann@old.example', 'Personal', 'defaultcalendar');
        INSERT INTO oc_clndr_objects VALUES (1, 1, 'old-event-$version.ics', '$(event old-event-$version "An old event $version")');
        INSERT INTO oc_contacts_addressbooks VALUES (1, 'ann@old.example', 'Contacts', 'contacts');
        INSERT INTO oc_contacts_cards VALUES (1, 1, 'old-card-$version.vcf', '$(card old-card-$version "Old Friend $version")');"
else
    cloud "CREATE TABLE oc_calendars (id INTEGER PRIMARY KEY, principaluri TEXT, displayname TEXT, uri TEXT);
        CREATE TABLE oc_calendarobjects (id INTEGER PRIMARY KEY, calendardata BLOB, uri TEXT, calendarid INTEGER, deleted_at INTEGER);
        CREATE TABLE oc_addressbooks (id INTEGER PRIMARY KEY, principaluri TEXT, displayname TEXT, uri TEXT);
        CREATE TABLE oc_cards (id INTEGER PRIMARY KEY, addressbookid INTEGER, carddata BLOB, uri TEXT);
        INSERT INTO oc_calendars VALUES (1, 'principals/users/ann@old.example', 'Personal', 'personal'),
          (2, 'principals/users/gone@old.example', 'Personal', 'personal'), (3, 'principals/system/system', 'x', 'x');
        INSERT INTO oc_calendarobjects VALUES (1, CAST('$(event old-event-$version "An old event $version")' AS BLOB), 'old-event-$version.ics', 1, NULL),
          (2, 'BEGIN:VCALENDAR', 'deleted.ics', 1, 1700000000), (3, '$(event theirs theirs)', 'theirs.ics', 2, NULL);
        INSERT INTO oc_addressbooks VALUES (1, 'principals/users/ann@old.example', 'Contacts', 'contacts');
        INSERT INTO oc_cards VALUES (1, 1, CAST('$(card old-card-$version "Old Friend $version")' AS BLOB), 'old-card-$version.vcf');"
fi

# Keys. OpenSSL before 3 wrote the older form; v60 and later run with a newer one.
form=-traditional
[ "$version" -lt 15 ] || form=
# shellcheck disable=SC2086 # a word or none
openssl genrsa $form 2048 2>/dev/null >mail/dkim/mail.private
# shellcheck disable=SC2086
openssl genrsa $form 2048 2>/dev/null >ssl/ssl_private_key.pem
openssl req -new -x509 -key ssl/ssl_private_key.pem -subj /CN=box.old.example -days 365 -out ssl/box.old.example-selfsigned-20140513.pem
ln -s /home/user-data/ssl/box.old.example-selfsigned-20140513.pem ssl/ssl_certificate.pem
chmod 600 ssl/ssl_private_key.pem mail/dkim/mail.private
# setup/dns.sh up to v0.53 names sizes; from v0.54 on it names none, and ldns-keygen makes RSA keys of 1024 bits.
if [ "$version" -ge 14 ]; then
    algorithms='RSASHA256 ECDSAP256SHA256' ksk='' zsk=''
else
    algorithms='RSASHA1-NSEC3-SHA1 RSASHA256' ksk='-b 2048' zsk='-b 1024'
fi
cd dns/dnssec
for algorithm in $algorithms; do
    # shellcheck disable=SC2086 # two words, or none
    printf 'KSK=%s\nZSK=%s\n' "$(ldns-keygen -r /dev/urandom -a "$algorithm" $ksk -k _domain_)" \
        "$(ldns-keygen -r /dev/urandom -a "$algorithm" $zsk _domain_)" >"$algorithm.conf"
done
cd "$root"

printf 'www.old.example: 203.0.113.7\nold.example:\n  TXT: "a text of %s"\n_secondary_nameserver: xfr:203.0.113.9\n' "$version" >dns/custom.yaml
echo "the site of $version" >www/old.example/index.html
echo "default of $version" >www/default/index.html
printf 'old.example:\n  redirects:\n    ^/moved$: https://elsewhere.example/\n' >www/custom.yaml
echo 'client_max_body_size 1g;' >www/old.example.conf
echo 'privacy: true' >settings.yaml
printf 'target: s3://s3.amazonaws.com/bucket\ntarget_user: KEY\ntarget_pass: not-to-be-shown\n' >backup/custom.yaml
# Numbers of the old machine's users.
chown -R 1234:1234 mail/mailboxes mail/sieve www
