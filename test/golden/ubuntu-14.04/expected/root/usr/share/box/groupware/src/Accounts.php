<?php
/** The box's accounts and their aliases, out of the table that Dovecot and Postfix read too. Nothing is written. */

namespace Box\Groupware;

class Accounts
{
    private $file;
    private $database;

    /** @param string $file users.sqlite */
    public function __construct($file)
    {
        $this->file = $file;
    }

    /**
     * Whom a log-in means: the query is Dovecot's own (dovecot-sql.conf.ext), so that both mean the same account.
     *
     * @return string|null the account's address
     */
    public function meant($typed)
    {
        // Letters of ASCII alone, whatever the locale.
        $small = strtr($typed, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');
        return $this->one("SELECT email FROM users
            JOIN (SELECT trim(replace(:name, char(65312), '@'), ' ' || char(160)) AS typed)
            WHERE email = coalesce(
                (SELECT substr(typed, 1, instr(typed, '@') - 1) || destination FROM auto_aliases
                    WHERE source = substr(typed, instr(typed, '@')) AND destination LIKE '@%'), typed)", $small);
    }

    /** @return bool */
    public function has($email)
    {
        return $this->one('SELECT email FROM users WHERE email = :name', $email) !== null;
    }

    /**
     * Whose an address is: an account's own, or an alias of one account.
     *
     * @return string|null the account's address
     */
    public function owner($address)
    {
        return $this->one('SELECT email FROM users WHERE email = :name
            UNION SELECT email FROM users JOIN aliases ON destination = email WHERE source = :name', strtolower($address));
    }

    /** @return string[] the other addresses of an account */
    public function aliases($email)
    {
        $found = array();
        $rows = $this->ask("SELECT source FROM aliases WHERE destination = :name AND source NOT LIKE '@%'
            ORDER BY source", $email);
        while ($row = $rows->fetchArray(SQLITE3_NUM)) {
            $found[] = $row[0];
        }
        return $found;
    }

    private function one($query, $name)
    {
        $row = $this->ask($query, $name)->fetchArray(SQLITE3_NUM);
        return $row === false ? null : $row[0];
    }

    private function ask($query, $name)
    {
        if ($this->database === null) {
            $this->database = new \SQLite3($this->file, SQLITE3_OPEN_READONLY);
            $this->database->busyTimeout(10000);
        }
        $statement = $this->database->prepare($query);
        $statement->bindValue(':name', $name, SQLITE3_TEXT);
        return $statement->execute();
    }
}
