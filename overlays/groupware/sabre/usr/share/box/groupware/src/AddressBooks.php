<?php
/** Address books in SQLite, of which each person has one from the start, at an address that is known beforehand. */

namespace Box\Groupware;

use Sabre\CardDAV\Backend\PDO;

class AddressBooks extends PDO
{
    const NAME = 'personal';

    public function getAddressBooksForUser($principal)
    {
        $books = parent::getAddressBooksForUser($principal);
        foreach ($books as $book) {
            if ($book['uri'] === self::NAME) {
                return $books;
            }
        }
        Whole::change($this->pdo, function () use ($principal) {
            // Two requests of the same person may both come here.
            $has = $this->pdo->prepare('SELECT 1 FROM addressbooks WHERE principaluri = ? AND uri = ?');
            $has->execute(array($principal, self::NAME));
            if ($has->fetchColumn() === false) {
                $this->createAddressBook($principal, self::NAME, array('{DAV:}displayname' => 'Contacts'));
            }
        });
        return parent::getAddressBooksForUser($principal);
    }
}
