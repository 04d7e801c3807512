<?php
/** The file of calendars and contacts: opened, and its tables made where there are none. */

namespace Box\Groupware;

class Database
{
    /** What `PRAGMA user_version` says of a file with our tables. */
    const FORMAT = 1;

    /** @return \PDO */
    public static function open($file)
    {
        $pdo = new \PDO("sqlite:$file");
        $pdo->setAttribute(\PDO::ATTR_ERRMODE, \PDO::ERRMODE_EXCEPTION);
        // Seconds that a request waits while another one writes.
        $pdo->setAttribute(\PDO::ATTR_TIMEOUT, 20);
        // A journal beside it and no log of its own (WAL): root's backup reads it, and would else have to write there.
        if (self::format($pdo) === self::FORMAT) {
            return $pdo;
        }
        $pdo->exec('BEGIN IMMEDIATE');
        // Another request may have been faster.
        $format = self::format($pdo);
        if ($format === 0) {
            $pdo->exec(file_get_contents(__DIR__ . '/../schema.sql'));
            $pdo->exec('PRAGMA user_version = ' . self::FORMAT);
        } elseif ($format !== self::FORMAT) {
            throw new \RuntimeException("$file has format $format, this image knows " . self::FORMAT
                . ': launch a newer image on it');
        }
        $pdo->exec('COMMIT');
        return $pdo;
    }

    private static function format(\PDO $pdo)
    {
        return (int) $pdo->query('PRAGMA user_version')->fetchColumn();
    }
}
