<?php
/** Calendars in SQLite, of which each person has one from the start, at an address that is known beforehand. */

namespace Box\Groupware;

use Sabre\CalDAV\Backend\PDO;

class Calendars extends PDO
{
    const NAME = 'personal';

    public function getCalendarsForUser($principal)
    {
        $calendars = parent::getCalendarsForUser($principal);
        foreach ($calendars as $calendar) {
            if ($calendar['uri'] === self::NAME) {
                return $calendars;
            }
        }
        Whole::change($this->pdo, function () use ($principal) {
            // Two requests of the same person may both come here.
            $has = $this->pdo->prepare('SELECT 1 FROM calendarinstances WHERE principaluri = ? AND uri = ?');
            $has->execute(array($principal, self::NAME));
            if ($has->fetchColumn() === false) {
                $this->createCalendar($principal, self::NAME, array('{DAV:}displayname' => 'Calendar'));
            }
        });
        return parent::getCalendarsForUser($principal);
    }
}
